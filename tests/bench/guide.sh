#!/usr/bin/env bash
# What Meta's guide says, call by call, with curl and jq: the apps that were granted, a solution for each, each accepted.
#
#   guide.sh AT_ONCE [APP_ID]     reads GRAPH, USER_TOKEN, SYSTEM_TOKEN, PARTNER, CURL_CA_BUNDLE
set -euo pipefail

at_once=$1
graph() { curl -sS --fail-with-body -H "Authorization: Bearer $1" -H 'Content-Type: application/json' "${@:2}"; }

one() {
  local app=$1 solution
  solution=$(graph "$USER_TOKEN" "$GRAPH/v26.0/$app/whatsapp_business_solution" -d "{\"solution_name\":\"App $app\",
    \"partner_app_id\":\"$PARTNER\",\"owner_permissions\":[\"MESSAGING\"],\"partner_permissions\":[\"MESSAGING\"]}" | jq -r .solution_id)
  graph "$SYSTEM_TOKEN" "$GRAPH/v26.0/$solution/accept" -d "{\"partner_app_id\":\"$PARTNER\"}" >/dev/null
  echo "$solution"
}
export -f graph one

granted() {
  local page after=
  while page=$(graph "$USER_TOKEN" "$GRAPH/v26.0/me/application_details?fields=id,name&limit=100$after"); do
    jq -r '.data[].id' <<<"$page"
    jq -e .paging.next <<<"$page" >/dev/null || break
    after="&after=$(jq -r '.paging.cursors.after|@uri' <<<"$page")"
  done
}

granted | if [[ -n ${2-} ]]; then grep -Fx "$2"; else cat; fi | xargs -P "$at_once" -I{} bash -c 'one {}'

#!/usr/bin/env bash
# Invites the Tech Providers of a file, and stays up for whoever comes: each app that the file names becomes an ACTIVE
# solution, and a line is kept of it. Stopped (Ctrl-C) or broken, it goes on where it was when it is started again.
#
#   examples/watch.sh tech-providers.csv [onboarded.ndjson [options of mps watch]]
#   ref,app_ids                        (the first line of the file)
#   lucky-shrub,212022489970390
#
# Needs MPS_PARTNER_APP_ID, MPS_SYSTEM_TOKEN and MPS_PUBLIC_URL, the address that your proxy or tunnel brings to port 8443.
set -euo pipefail

file=${1:?the file of the Tech Providers}
kept=${2:-onboarded.ndjson}

mps invite --from "$file"
echo "--- send each their link; who came and what waits: mps invite list" >&2
exec mps watch --yes --json "${@:3}" >>"$kept"

#!/usr/bin/env bash
# For a nightly job: takes up what a broken run left, and says in its exit code whether a person is needed.
#   0  nothing is left    4  a token must be renewed    5  quota; the next night goes on
#   6  Meta still does not tell what became of a write: look again later, or in Meta's App Dashboard
#
# Needs MPS_PARTNER_APP_ID and MPS_SYSTEM_TOKEN.
set -uo pipefail

mps resume --yes --wait-quota=2h
code=$?
if ((code != 0)); then
  mps history --failed --since 1d >&2
fi
exit "$code"

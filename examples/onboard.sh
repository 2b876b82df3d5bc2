#!/usr/bin/env bash
# Onboards a Tech Provider whose user token you have: every app they granted becomes an ACTIVE solution,
# and the message to them is written to a file. Safe to run again: what is done is not done twice.
#
# Needs MPS_PARTNER_APP_ID, MPS_SYSTEM_TOKEN and MPS_USER_TOKEN; for a try without a Meta account:
#   eval "$(mps sandbox --shell --port 0)" && examples/onboard.sh
set -euo pipefail

message=${1:-handoff.txt}

mps onboard --all --yes --handoff "$message"
echo "--- $message" >&2
cat "$message" >&2

#!/usr/bin/env bash
# The same in small steps, for a script that wants to stand between them: list the granted apps, create a
# solution for each, accept each as soon as it is there, and report what came of it as JSON.
#
# Needs MPS_PARTNER_APP_ID, MPS_SYSTEM_TOKEN and MPS_USER_TOKEN; for a try without a Meta account:
#   eval "$(mps sandbox --shell --port 0)" && examples/pipe.sh
set -euo pipefail

mps list-apps |
  mps create --app-id - --json |
  mps accept --json

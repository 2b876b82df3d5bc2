#!/usr/bin/env bash
# The whole life of a solution: made and accepted, asked to end by the Tech Provider who owns it, ended by us.
#
# Made for the sandbox, since the end of a solution is final:
#   eval "$(mps sandbox --shell --apps 1 --port 0)" && examples/life.sh
set -euo pipefail

say() { printf '\n== %s\n' "$*" >&2; }

say "a solution for the Tech Provider's app, accepted by us"
id=$(mps onboard --all --yes)

say "the Tech Provider asks to end it (with their token here; they can do it in Meta's App Dashboard too)"
mps deactivate request --yes "$id"
mps show "$id"

say "what our yes would do"
mps deactivate accept --dry-run "$id"

say "we agree"
mps deactivate accept --yes "$id"
mps show "$id"

say "what is on record"
mps history

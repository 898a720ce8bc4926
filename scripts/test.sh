#!/usr/bin/env bash
# The test suite: first what must run alone, then the rest on all processors.
#
#   PACKAGING=1 scripts/test.sh              with the tests that build and install distributions
#   scripts/test.sh tests/store -k wal       arguments go to both calls of pytest
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Hundreds of processes start here: none is to compile again what it imports.
unset PYTHONDONTWRITEBYTECODE

python=.venv/bin/python
chosen='not slow'
[ -n "${PACKAGING:-}" ] || chosen+=' and not packaging'

# Where nothing else is asked for, only the files that have such tests are read for them.
alone=("$@")
[ $# -gt 0 ] || mapfile -t alone < <(grep -rl --include='test_*.py' 'mark\.serial' tests)

status=0
"$python" -m pytest -q -m "serial and $chosen" "${alone[@]}" || status=$?
# 5: there was none.
[ "$status" -eq 5 ] && status=0
"$python" -m pytest -q -m "not serial and $chosen" \
  -n auto --maxprocesses 8 --dist loadgroup --no-loadscope-reorder "$@" || status=$?
exit "$status"

#!/usr/bin/env bash
# The test suite: first what must run alone, then the rest on all processors.
#
#   scripts/test.sh tests/store -k wal       arguments go to both calls of pytest
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

python=.venv/bin/python
quick='not slow and not packaging'

status=0
"$python" -m pytest -q -m "serial and $quick" "$@" || status=$?
# 5: there was none.
[ "$status" -eq 0 ] || [ "$status" -eq 5 ] || exit "$status"
exec "$python" -m pytest -q -m "not serial and $quick" -n auto --dist loadgroup "$@"

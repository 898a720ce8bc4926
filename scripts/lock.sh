#!/usr/bin/env bash
# Pins what pyproject.toml asks for, for Python 3.11 to 3.13, by hash and without any host's name.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

{
  echo "# Pinned from pyproject.toml with the extra dev, for Python 3.11 to 3.13 by: make lock"
  uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
    --extra dev --generate-hashes \
    --no-header --no-annotate --no-emit-index-url --no-emit-find-links "$@"
} >requirements.lock.new
mv requirements.lock.new requirements.lock

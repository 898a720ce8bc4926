#!/usr/bin/env bash
# Makes .venv with what requirements.lock pins, and finds or installs a Chromium and bubblewrap.
# Quick when there is nothing to do.
#
#   PYTHON=python3.12 scripts/bootstrap.sh     uses that Python (3.11 to 3.13)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

venv=.venv
python=$venv/bin/python
supported='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'

say() { printf 'agentlab: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }
# A name on the PATH is no proof: version managers leave stubs that refuse to run.
runs() { "$@" >/dev/null 2>&1; }

pick_python() {
  local candidate
  for candidate in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.11 python; do
    if runs "$candidate" -c "$supported"; then
      command -v "$candidate"
      return
    fi
    [ -z "${PYTHON:-}" ] || fail "PYTHON=$PYTHON is no Python 3.11 to 3.13"
  done
  fail "needs Python 3.11 to 3.13, found none; try: apt-get install python3 python3-venv," \
    "or: uv python install 3.13, then: PYTHON=<its path> make run"
}

# As root or by a sudo that asks nothing; refuses otherwise.
apt_install() {
  local -a as_root=()
  command -v apt-get >/dev/null || return 1
  if [ "$(id -u)" -ne 0 ]; then
    runs sudo -n true || return 1
    as_root=(sudo -n)
  fi
  say "installing $* by apt-get"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive sh -c \
    'apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"' \
    apt "$@" >&2
}

make_venv() {
  local base
  base=$(pick_python)
  say "making $venv with $("$base" --version)"
  rm -rf "$venv"
  if runs uv --version && uv venv --quiet --python "$base" "$venv"; then return; fi
  # Debian ships venv without the pip that it needs.
  runs "$base" -m ensurepip --version || apt_install python3-venv || true
  "$base" -m venv "$venv" ||
    fail "$base cannot make a venv; try: apt-get install python3-venv, or install uv"
}

install_packages() {
  say "installing what requirements.lock pins"
  if runs uv --version; then
    if uv pip install --quiet --python "$python" --require-hashes -r requirements.lock &&
      uv pip install --quiet --python "$python" --no-deps --no-build-isolation -e .; then
      return
    fi
    say "uv could not install; trying pip"
  fi
  runs "$python" -m pip --version || "$python" -m ensurepip >/dev/null
  "$python" -m pip install --quiet --require-hashes -r requirements.lock
  "$python" -m pip install --quiet --no-deps --no-build-isolation -e .
}

fits() {
  runs "$python" -c "$supported" || return 1
  local version='import sys; print(sys.version_info[:2])'
  [ -z "${PYTHON:-}" ] || [ "$("$PYTHON" -c "$version")" = "$("$python" -c "$version")" ]
}

# What decides the packages: the lock, the project's own tables, and where it lies.
wanted_stamp() {
  { cat requirements.lock && sed -n '/^\[project/,/^\[tool/p' pyproject.toml && pwd; } | cksum
}

set_up_python() {
  local stamp=$venv/.agentlab-stamp
  fits || make_venv
  [ "$(cat "$stamp" 2>/dev/null)" = "$(wanted_stamp)" ] && return
  install_packages
  wanted_stamp >"$stamp"
}

has_browser() {
  "$python" -c '
import subprocess
from environments.browser.find import find_browser
subprocess.run([find_browser(), "--version"], check=True, timeout=60)
' >/dev/null 2>&1
}

set_up_browser() {
  has_browser && return
  say "no Chromium, Chrome or Edge here; trying: playwright install chromium"
  local -a deps=()
  [ "$(id -u)" -ne 0 ] || deps=(--with-deps)
  timeout 300 "$python" -m playwright install "${deps[@]}" chromium >&2 || true
  has_browser && return
  apt_install chromium-headless-shell || apt_install chromium || apt_install chromium-browser || true
  has_browser && return
  fail "no browser could be found or installed; try: apt-get install chromium (as root)," \
    "or set AGENTLAB_BROWSER to the path of a Chromium, Chrome or Edge"
}

set_up_sandbox() {
  command -v bwrap >/dev/null && return
  apt_install bubblewrap && command -v bwrap >/dev/null && return
  say "warning: no bubblewrap, so candidates are not isolated; try: apt-get install bubblewrap"
}

set_up_python
set_up_browser
set_up_sandbox

#!/usr/bin/env bash
# Prints a Python that can build the virtual environment (3.11 or newer, with venv), or stops with
# the one line that installs what is missing. FRAMEHOUSE_PYTHON names another interpreter.
set -euo pipefail

packages=()
found=""
for candidate in ${FRAMEHOUSE_PYTHON:+"$FRAMEHOUSE_PYTHON"} python3 python3.14 python3.13 python3.12 python3.11; do
  if command -v "$candidate" >/dev/null 2>&1 &&
    "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    found=$candidate
    break
  fi
done

if [[ -z $found ]]; then
  # A release whose python3 is older may still carry a newer one under its own name.
  newer=""
  for version in 3.13 3.12 3.11; do
    if apt-cache show "python$version-venv" >/dev/null 2>&1; then
      newer="python$version-venv"
      break
    fi
  done
  if [[ -n $newer ]]; then
    packages+=("${newer%-venv}" "$newer")
  else
    packages+=(python3 python3-venv)
  fi
elif ! "$found" -c 'import ensurepip, venv' 2>/dev/null; then
  # Debian splits ensurepip off; the package is named after the interpreter unless it is the default one.
  if [[ $found == python3 ]]; then packages+=(python3-venv); else packages+=("$(basename "$found")-venv"); fi
fi
command -v git >/dev/null 2>&1 || packages+=(git)
command -v make >/dev/null 2>&1 || packages+=(make)

if ((${#packages[@]})); then
  {
    echo "Framehouse needs Python 3.11 or newer with venv, make and git. Missing here; this installs it:"
    echo
    echo "    sudo apt-get update && sudo apt-get install -y ${packages[*]}"
    echo
  } >&2
  exit 1
fi
command -v "$found"

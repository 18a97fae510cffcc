#!/usr/bin/env bash
# Compiles requirements.lock (what `make run` installs), requirements-speech.lock (what `make speech` adds) and
# requirements-dev.lock (what development adds) from pyproject.toml, for every supported Python and platform, with hashes and without naming a registry.
# Versions stay as they are locked unless --upgrade or --upgrade-package NAME is given.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

compile() {
  .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-emit-find-links --no-header "$@"
}

echo "requirements.lock"
compile --group web pyproject.toml --output-file requirements.lock "$@"
# The others are constrained by those before: the tests run against the versions that `make run` installs.
echo "requirements-speech.lock"
compile --group speech --constraints requirements.lock --output-file requirements-speech.lock "$@"
echo "requirements-dev.lock"
compile --group dev --constraints requirements.lock --constraints requirements-speech.lock \
  --output-file requirements-dev.lock "$@"

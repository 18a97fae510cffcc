#!/usr/bin/env bash
# Runs every static check, the later ones also when an earlier one failed, and ends by naming what failed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

failed=()
step() {
  local name=$1 started=$SECONDS output
  shift
  if output=$("$@" 2>&1); then
    printf '  ok     %-22s %3d s\n' "$name" $((SECONDS - started))
  else
    printf '  FAILED %-22s %3d s\n%s\n' "$name" $((SECONDS - started)) "$output"
    failed+=("$name")
  fi
}

echo "Static checks"
step "ruff check" .venv/bin/ruff check .
step "ruff format" .venv/bin/ruff format --check .
step "import-linter" .venv/bin/lint-imports
step "pyright" .venv/bin/pyright
step "typescript" .venv/bin/python scripts/build-web.py --check

if ((${#failed[@]})); then
  echo "Failed: ${failed[*]}. \`make format\` repairs what ruff can repair by itself." >&2
  exit 1
fi

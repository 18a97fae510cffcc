#!/usr/bin/env bash
# Installs the Debian packages that the tests' real servers and browser come from, when they are missing.
# As root, or by `sudo -n`; otherwise it stops with the line to type. The tests start their own servers on
# free ports with their data in temporary folders; nothing is left running on the machine by this script.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Each line: what must be there, and the packages it comes from (the first that this release knows).
wanted=(
  "postgresql:postgresql"                           # the second database of the contract tests
  "nginx:nginx-light nginx"                         # the yardstick of segment delivery, and X-Accel-Redirect
  "chromium:chromium chromium-browser"              # plays what was made and clicks through the console
  "chromedriver:chromium-driver chromium-chromedriver" # drives it
  "swift:python3-swift"                             # OpenStack Swift, the real S3 server of the storage contracts
  "espeak-ng:espeak-ng"                             # speaks the sentences that the speech tests recognise
  "apertium:apertium"                               # translates captions
  "apertium-eng-spa:apertium-eng-spa"               # the pair of languages that the tests translate
)
present() {
  case $1 in
    postgresql) compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null ;;
    nginx) [[ -x /usr/sbin/nginx ]] ;;
    chromium) command -v chromium chromium-browser >/dev/null ;;
    swift) /usr/bin/python3 -c 'import eventlet, lxml, swift.common.middleware.s3api' 2>/dev/null ;;
    espeak-ng | apertium) command -v "$1" >/dev/null ;;
    apertium-eng-spa) [[ -e /usr/share/apertium/modes/eng-spa.mode ]] ;;
    chromedriver) command -v chromedriver >/dev/null || [[ -x /usr/lib/chromium-browser/chromedriver ]] ;;
  esac
}

missing=()
for entry in "${wanted[@]}"; do
  present "${entry%%:*}" || missing+=("$entry")
done

if ((${#missing[@]})); then
  as_root=()
  names=()
  for entry in "${missing[@]}"; do
    choices=${entry#*:}
    names+=("${choices%% *}")
  done
  if ((EUID != 0)); then
    if ! sudo -n true 2>/dev/null; then
      echo "The tests need Debian packages that are missing. Install them once and run the tests again:" >&2
      echo >&2
      echo "    sudo apt-get update && sudo apt-get install -y --no-install-recommends ${names[*]}" >&2
      echo >&2
      exit 1
    fi
    as_root=(sudo -n)
  fi
  echo "Installing for the tests: ${names[*]}"
  apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -y "$@"; }
  apt -qq update
  chosen=()
  for entry in "${missing[@]}"; do
    for name in ${entry#*:}; do
      if apt-cache show "$name" >/dev/null 2>&1; then
        chosen+=("$name")
        break
      fi
    done
  done
  # Debian starts a server when its package is installed; for the tests it must not (exit code 101 forbids it).
  policy=/usr/sbin/policy-rc.d
  if [[ ! -e $policy ]]; then
    trap '"${as_root[@]}" rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 755 "$policy"
  fi
  apt install --no-install-recommends "${chosen[@]}"
  for entry in "${missing[@]}"; do
    present "${entry%%:*}" || { echo "${entry%%:*} is still missing after installing ${chosen[*]}." >&2; exit 1; }
  done
fi

# The object storage server has a script of its own, which looks closer at what its fixture needs.
if [[ -x scripts/test-servers.sh ]]; then scripts/test-servers.sh; fi

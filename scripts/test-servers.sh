#!/bin/sh
# Installs what the contract tests' real S3 server needs: OpenStack Swift with its S3 front door, from
# Debian or Ubuntu. Only its Python package: nothing is started, no service is added. Safe to repeat.
set -eu

python=/usr/bin/python3
probe='import eventlet, lxml, swift.common.middleware.s3api, swift.common.middleware.tempauth'

if [ -x "$python" ] && "$python" -c "$probe" 2>/dev/null; then
    echo "S3 test server: OpenStack Swift is installed."
    exit 0
fi

if [ "$(id -u)" = 0 ]; then
    as_root=env
elif sudo -n true 2>/dev/null; then
    as_root='sudo -n env'
else
    echo "The tests need a real S3 server. Run:  sudo apt-get install -y --no-install-recommends python3-swift" >&2
    exit 1
fi

# Another apt may hold the lock for a while (a fresh machine updates itself).
$as_root DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 update -qq
$as_root DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq \
    --no-install-recommends python3-swift >/dev/null
"$python" -c "$probe"
echo "S3 test server: OpenStack Swift was installed."

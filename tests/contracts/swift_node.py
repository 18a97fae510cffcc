"""A whole OpenStack Swift with its S3 front door in one process, for the storage contracts.

Run by the *system's* Python, where Debian's `python3-swift` lives, never by the project's own: it
imports nothing of Framehouse. Account, container, object and proxy server listen on free ports of
127.0.0.1; data, ring files and settings go below the directory given; the proxy's port is written
to `port` there once all four answer. The process ends with its parent.

    /usr/bin/python3 swift_node.py DIRECTORY ACCESS_KEY SECRET_KEY
"""
# pyright: basic, reportMissingImports=false
# Reason: the project's type checker cannot see the system's packages.

import ctypes
import os
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1  # prctl(2): this signal comes when the parent dies

SWIFT_CONF = """
[swift-hash]
swift_hash_path_prefix = framehouse
swift_hash_path_suffix = tests
[swift-constraints]
max_file_size = 5368709122
"""

STORAGE_CONF = """
[DEFAULT]
swift_dir = {root}
devices = {root}/devices
mount_check = false
log_level = WARNING
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
"""

PROXY_CONF = """
[DEFAULT]
swift_dir = {root}
log_level = WARNING
[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck cache listing_formats s3api tempauth bulk slo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
allow_account_management = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:healthcheck]
use = egg:swift#healthcheck
[filter:cache]
paste.filter_factory = swift_node:cache_in_process
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
max_upload_part_num = 10000
[filter:tempauth]
use = egg:swift#tempauth
user_{account}_{user} = {secret} .admin
[filter:bulk]
use = egg:swift#bulk
[filter:slo]
use = egg:swift#slo
max_manifest_segments = 10000
"""


class CacheInProcess:
    """What Swift asks of memcached, as a dictionary: one process serves everything, nothing expires."""

    def __init__(self) -> None:
        self._values: dict[str, object] = {}

    def get(self, key: str, **_: object) -> object:
        return self._values.get(key)

    def set(self, key: str, value: object, **_: object) -> None:
        self._values[key] = value

    def delete(self, key: str, **_: object) -> None:
        self._values.pop(key, None)


def cache_in_process(global_conf: object, **_: object):
    cache = CacheInProcess()

    def with_cache(app):
        def call(environ, start_response):
            environ["swift.cache"] = cache
            return app(environ, start_response)

        return call

    return with_cache


def head_without_chunks(app):
    """Ends answers to HEAD properly: without a length, older eventlets add a chunked body's last line."""

    def call(environ, start_response):
        def start(status, headers, exc_info=None):
            if environ["REQUEST_METHOD"] == "HEAD" and not any(n.lower() == "content-length" for n, _ in headers):
                headers = [*headers, ("Content-Length", "0")]
            return start_response(status, headers, exc_info)

        return app(environ, start)

    return call


def end_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() == 1:
        sys.exit("the parent is gone already")


def write_settings(root: Path, ports: dict[str, int], access_key: str, secret_key: str) -> None:
    from swift.common.ring import RingBuilder

    account, _, user = access_key.partition(":")
    (root / "devices" / "disk").mkdir(parents=True)
    (root / "swift.conf").write_text(SWIFT_CONF)
    for kind in ("account", "container", "object"):
        (root / f"{kind}-server.conf").write_text(STORAGE_CONF.format(root=root, kind=kind))
        builder = RingBuilder(1, 1, 0)  # two partitions, one replica: one disk holds everything
        builder.add_dev(
            {"region": 1, "zone": 1, "weight": 1.0, "ip": "127.0.0.1", "port": ports[kind], "device": "disk"}
        )
        builder.rebalance()
        builder.get_ring().save(str(root / f"{kind}.ring.gz"))
    (root / "proxy-server.conf").write_text(PROXY_CONF.format(root=root, account=account, user=user, secret=secret_key))


def serve(root: Path, access_key: str, secret_key: str) -> None:
    import eventlet
    import eventlet.wsgi

    eventlet.monkey_patch()  # before Swift is imported: it opens sockets and locks at import
    from swift.common import constraints, storage_policy, utils, wsgi

    kinds = ("account", "container", "object", "proxy")
    sockets = {kind: eventlet.listen(("127.0.0.1", 0)) for kind in kinds}
    ports = {kind: listener.getsockname()[1] for kind, listener in sockets.items()}
    write_settings(root, ports, access_key, secret_key)
    utils.set_swift_dir(str(root))
    utils.validate_hash_conf()
    constraints.reload_constraints()
    storage_policy.reload_storage_policies()
    threads = []
    for kind in kinds:
        app = wsgi.loadapp(str(root / f"{kind}-server.conf"), global_conf={"log_name": f"{kind}-server"})
        threads.append(
            eventlet.spawn(
                eventlet.wsgi.server,
                sockets[kind],
                head_without_chunks(app),
                utils.NullLogger(),
                protocol=wsgi.SwiftHttpProtocol,
                capitalize_response_headers=False,  # S3 clients look for "ETag", not "Etag"
            )
        )
    ready = root / "port.new"
    ready.write_text(str(ports["proxy"]))
    ready.rename(root / "port")
    for thread in threads:
        thread.wait()


if __name__ == "__main__":
    end_with_parent()
    serve(Path(sys.argv[1]), sys.argv[2], sys.argv[3])

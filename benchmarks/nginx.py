"""nginx as the yardstick of file delivery: one process, sendfile, nothing logged, on a free port."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks.run import NotMeasured
from tests.e2e.platform import free_port

APT_LINE = "apt-get install -y nginx-light"
CONFIG = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;  # header and file in full packets
  keepalive_requests 1000000000;
  types {{ video/mp4 m4s; }}
  server {{ listen 127.0.0.1:{port} backlog=1024; root {root}; }}
}}
"""


@dataclass(frozen=True)
class Nginx:
    pid: int
    address: tuple[str, int]
    version: str


@contextmanager
def nginx(folder: Path, root: Path) -> Iterator[Nginx]:
    """Serves the files below `root`. NotMeasured when it is not installed."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        raise NotMeasured(f"nginx is the yardstick; install it: {APT_LINE}")
    port = free_port()
    config = folder / "nginx.conf"
    config.write_text(CONFIG.format(folder=folder, port=port, root=root))
    version = subprocess.run([program, "-v"], capture_output=True, text=True, check=True).stderr
    process = subprocess.Popen([program, "-p", folder, "-c", config, "-e", folder / "error.log"])
    try:
        _wait(port)
        yield Nginx(process.pid, ("127.0.0.1", port), version.strip().rpartition("/")[2])
    finally:
        process.terminate()
        process.wait(10)


def _wait(port: int) -> None:
    for _ in range(100):
        try:
            httpx.get(f"http://127.0.0.1:{port}/")
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise NotMeasured("nginx does not answer")

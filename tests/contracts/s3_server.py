"""A real S3 server for the contract tests: OpenStack Swift with its S3 API, one process, one temporary directory.

Nothing is installed here: `scripts/test-servers.sh` does that, and without it the tests fail with that line.
"""

import asyncio
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from framehouse.infra.storage.s3_client import open_client

SYSTEM_PYTHON = Path("/usr/bin/python3")  # Debian's Swift belongs to Debian's Python
ACCESS_KEY, SECRET_KEY, REGION = "framehouse:tests", "not-a-secret", "us-east-1"
START_LIMIT_S = 60
PROBE = "import eventlet, swift.common.middleware.s3api, swift.common.middleware.tempauth"


@dataclass(frozen=True)
class S3Server:
    endpoint: str

    def new_bucket(self, name: str) -> str:
        """Makes a bucket and returns its storage URL, credentials included."""

        async def make() -> None:
            async with open_client(self.endpoint, REGION, ACCESS_KEY, SECRET_KEY) as client:
                await client.create_bucket(Bucket=name)

        asyncio.run(make())
        options = urlencode({"endpoint": self.endpoint, "region": REGION})
        return f"s3://{quote(ACCESS_KEY, safe='')}:{quote(SECRET_KEY, safe='')}@{name}?{options}"


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    probe = subprocess.run([SYSTEM_PYTHON, "-c", PROBE], capture_output=True, check=False)
    if probe.returncode != 0:
        pytest.fail("The S3 test server is not installed. Run: scripts/test-servers.sh", pytrace=False)
    root = Path(tempfile.mkdtemp(prefix="framehouse-s3-"))
    script = Path(__file__).with_name("swift_node.py")
    with (root / "log").open("wb") as log:
        process = subprocess.Popen(
            [SYSTEM_PYTHON, script, root, ACCESS_KEY, SECRET_KEY], stdout=log, stderr=subprocess.STDOUT
        )
    try:
        yield S3Server(f"http://127.0.0.1:{_port(process, root)}")
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(root, ignore_errors=True)


def _port(process: subprocess.Popen[bytes], root: Path) -> int:
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline and process.poll() is None:
        if (root / "port").exists():
            return int((root / "port").read_text())
        time.sleep(0.05)
    pytest.fail(f"The S3 test server did not start:\n{(root / 'log').read_text()[-3000:]}", pytrace=False)

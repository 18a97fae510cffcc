"""A real PostgreSQL for the contract tests: one server a session on a free port, one database a test.

It runs from a temporary folder as another user when the tests are root's (it refuses root), keeps nothing on disk
for longer than the session, and dies with the test process.
"""

import ctypes
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from framehouse.infra.migrations import migrate

APT_LINE = "apt-get install -y postgresql"
START_TIMEOUT_S = 30
PR_SET_PDEATHSIG = 1  # prctl(2): this signal comes when the parent's thread ends
TEMPLATE = "framehouse_migrated"
_libc = ctypes.CDLL(None)


def binaries() -> Path:
    """The folder of initdb and postgres: of the newest version in Debian's place, else of the search path."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[4]))
    if debian:
        return debian[-1].parent
    found = shutil.which("postgres")
    if found is None:
        pytest.fail(f"these tests need a real PostgreSQL server; install it: {APT_LINE}", pytrace=False)
    return Path(found).resolve().parent


def _server_user() -> pwd.struct_passwd | None:
    """Whom the server runs as: nobody special unless the tests are root's."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    pytest.fail("the tests run as root, and PostgreSQL needs a user `postgres` or `nobody`", pytrace=False)


def _die_with_parent() -> None:
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)  # an immediate shutdown: the helpers and shared memory go too


@dataclass
class PostgresqlServer:
    """Started by `start`, ended by `stop`; `create_database` copies a database that was migrated once."""

    folder: Path
    port: int = 0
    password: str = field(default_factory=lambda: secrets.token_hex(16))
    _run_as: pwd.struct_passwd | None = field(default_factory=_server_user)
    _process: subprocess.Popen[bytes] | None = None

    def url(self, database: str) -> str:
        return f"postgresql://framehouse:{self.password}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        if self._run_as is not None:
            os.chown(self.folder, self._run_as.pw_uid, self._run_as.pw_gid)
        self._initialise()
        for _attempt in range(3):  # another process may take the free port before the server does
            self.port = _free_port()
            if self._answers(self._spawn()):
                break
        else:
            pytest.fail(f"PostgreSQL does not start:\n{self._log()}", pytrace=False)
        self._admin(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
        migrate(self.url(TEMPLATE), self.folder.parent)

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)  # fast shutdown: ends sessions, then the server
            try:
                self._process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self._process.send_signal(signal.SIGQUIT)
                self._process.wait(timeout=10)

    def create_database(self) -> str:
        """The name of a new database with all migrations applied and no rows of ours."""
        name = f"t_{secrets.token_hex(8)}"
        self._admin(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(TEMPLATE)))
        return name

    def drop_database(self, name: str) -> None:
        self._admin(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _admin(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    @property
    def _user_and_group(self) -> tuple[int | None, int | None]:
        return (self._run_as.pw_uid, self._run_as.pw_gid) if self._run_as is not None else (None, None)

    def _initialise(self) -> None:
        password_file = self.folder / "password"
        password_file.write_text(self.password)
        if self._run_as is not None:
            os.chown(password_file, self._run_as.pw_uid, self._run_as.pw_gid)
        command = [
            binaries() / "initdb", "--pgdata", self.folder / "data", "--username", "framehouse",
            "--pwfile", password_file, "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8",
            "--no-sync",  # the cluster lives as long as the tests
        ]  # fmt: skip
        user, group = self._user_and_group
        done = subprocess.run(
            command, cwd=self.folder, capture_output=True, text=True, timeout=60, user=user, group=group
        )
        if done.returncode:
            pytest.fail(f"initdb failed:\n{done.stdout}{done.stderr}", pytrace=False)

    def _spawn(self) -> subprocess.Popen[bytes]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",  # everybody comes by TCP, as in an installation
            "max_connections": "100",
            "shared_buffers": "32MB",
            "fsync": "off",  # nothing here has to survive a power cut; isolation stays as it is
            "synchronous_commit": "off",
            "full_page_writes": "off",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [binaries() / "postgres", "-D", self.folder / "data", "-p", str(self.port), *options]
        user, group = self._user_and_group
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=self.folder,
                stdout=log,
                stderr=log,
                preexec_fn=_die_with_parent,
                user=user,
                group=group,
            )
        return self._process

    def _answers(self, process: subprocess.Popen[bytes]) -> bool:
        give_up = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < give_up and process.poll() is None:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=2).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return True
        return False

    def _log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")[-4000:]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    """Not in pytest's own temporary folder: that one is closed to the server's user."""
    parent = Path(tempfile.mkdtemp(prefix="framehouse-postgresql-"))
    parent.chmod(0o711)
    folder = parent / "server"
    folder.mkdir(mode=0o700)
    server = PostgresqlServer(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(parent, ignore_errors=True)

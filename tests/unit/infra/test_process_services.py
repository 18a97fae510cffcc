"""The process tree of `framehouse serve`, each time in a supervisor process of its own."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from framehouse.infra.process import Backoff
from tests.unit.infra.process_probes import alive, eventually, pid_in

SUPERVISOR = """
import logging, sys
from framehouse.infra.process import Backoff, Role, ServiceGroup
logging.basicConfig(level="INFO")
roles = [Role(name, ["sh", "-c", script], env={"ROLE": name}) for name, script in zip(sys.argv[2::2], sys.argv[3::2])]
raise SystemExit(ServiceGroup(roles, grace_s=float(sys.argv[1]), backoff=Backoff(first_s=0.05, ceiling_s=0.2)).run())
"""


class Tree:
    """A running supervisor; `roles` maps names to shell scripts."""

    def __init__(self, grace_s: float, **roles: str) -> None:
        words = [word for role in roles.items() for word in role]
        argv = [sys.executable, "-c", SUPERVISOR, str(grace_s), *words]
        self.process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def end(self) -> str:
        return self.process.communicate(timeout=20)[0]


@pytest.fixture
def tree():
    trees: list[Tree] = []

    def make(grace_s: float = 5, **roles: str) -> Tree:
        trees.append(Tree(grace_s, **roles))
        return trees[-1]

    yield make
    for one in trees:
        one.process.kill()
        one.process.communicate()


def stays(file: Path) -> str:
    return f"echo $$ > {file}; exec sleep 60"


def starts(file: Path) -> int:
    return len(file.read_text().splitlines()) if file.exists() else 0


def test_a_crashed_role_comes_back_and_the_others_stay(tree, tmp_path):
    log, steady = tmp_path / "starts", tmp_path / "steady"
    running = tree(flaky=f"echo $$ >> {log}; exit 3", steady=stays(steady))
    first = pid_in(steady)
    assert eventually(lambda: starts(log) >= 4)
    assert alive(first)
    assert len(set(log.read_text().split())) >= 4
    running.process.terminate()
    output = running.end()
    assert running.process.returncode == 0
    assert "role flaky ended with code 3; restart in 0.2 s" in output
    assert "role steady ended" not in output


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_end_all_roles(tree, tmp_path, number):
    running = tree(one=stays(tmp_path / "one"), two=stays(tmp_path / "two"))
    pids = [pid_in(tmp_path / "one"), pid_in(tmp_path / "two")]
    running.process.send_signal(number)
    running.end()
    assert running.process.returncode == 0
    assert not any(alive(pid) for pid in pids)


def test_a_stubborn_role_is_killed_after_the_grace_period(tree, tmp_path):
    running = tree(0.3, deaf=f"trap '' TERM; echo $$ > {tmp_path}/pid; while :; do sleep 1; done")
    pid = pid_in(tmp_path / "pid")
    running.process.terminate()
    running.end()
    assert running.process.returncode == 0
    assert not alive(pid)


def test_a_second_signal_does_not_wait_for_the_grace_period(tree, tmp_path):
    running = tree(
        600, deaf=f"trap 'echo asked > {tmp_path}/asked' TERM; echo $$ > {tmp_path}/pid; while :; do sleep 0.05; done"
    )
    pid = pid_in(tmp_path / "pid")
    running.process.send_signal(signal.SIGINT)
    assert eventually((tmp_path / "asked").exists)
    running.process.send_signal(signal.SIGINT)
    running.end()
    assert not alive(pid)


def test_killing_the_supervisor_ends_the_roles(tree, tmp_path):
    running = tree(one=stays(tmp_path / "one"), two=stays(tmp_path / "two"))
    pids = [pid_in(tmp_path / "one"), pid_in(tmp_path / "two")]
    running.process.kill()
    assert eventually(lambda: not any(alive(pid) for pid in pids))


def test_a_role_that_cannot_run_ends_the_group_with_its_code(tree, tmp_path):
    running = tree(steady=stays(tmp_path / "pid"), api=f"while [ ! -s {tmp_path}/pid ]; do sleep 0.02; done; exit 78")
    output = running.end()
    assert running.process.returncode == 78
    assert "role api cannot run with these settings" in output
    assert not alive(pid_in(tmp_path / "pid"))


def test_roles_share_our_output_and_environment(tree):
    os.environ["INHERITED"] = "yes"
    try:
        running = tree(talker="echo role $ROLE inherited $INHERITED; exit 78")
    finally:
        del os.environ["INHERITED"]
    assert "role talker inherited yes" in running.end()


def test_backoff_doubles_to_its_ceiling():
    backoff = Backoff(first_s=0.5, ceiling_s=5)
    assert [backoff.delay_s(n) for n in (1, 2, 3, 4, 5, 2000)] == [0.5, 1, 2, 4, 5, 5]

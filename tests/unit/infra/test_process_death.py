"""How children end: stop, cancellation, and the death of the parent, with everything they started themselves."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from framehouse.infra.process import Limits, run, spawn
from tests.unit.infra.process_probes import PLAIN, alive, eventually, my_zombies, pid_in, python

STUBBORN = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


def family(pid_file) -> list[str]:
    """A shell whose child's pid is in the file; both would live for a minute."""
    return ["sh", "-c", f"sleep 60 & echo $! > {pid_file}; echo up; wait"]


async def test_stop_lets_the_child_finish_by_itself():
    code = (
        "import signal, sys, time; signal.signal(15, lambda *_: sys.exit(7)); print('up', flush=True); time.sleep(60)"
    )
    async with spawn(python(code), limits=PLAIN) as child:
        assert await child.read_line() == b"up\n"
        assert (await child.stop(grace_s=10)).returncode == 7


async def test_stop_kills_who_ignores_it():
    async with spawn(python(STUBBORN), limits=PLAIN) as child:
        await child.read_line()
        done = await child.stop(grace_s=0.2)
    assert done.returncode == -signal.SIGKILL
    assert not alive(child.pid)


async def test_leaving_the_block_stops_child_and_grandchild(tmp_path, zombies_before):
    async with spawn(family(tmp_path / "pid"), limits=PLAIN) as child:
        await child.read_line()
        grandchild = pid_in(tmp_path / "pid")
        assert alive(grandchild)
    assert not alive(child.pid)
    assert eventually(lambda: not alive(grandchild))
    assert my_zombies(since=zombies_before) == []


async def test_cancelling_run_kills_the_whole_group_before_it_returns(tmp_path, zombies_before):
    task = asyncio.create_task(run(family(tmp_path / "pid"), limits=PLAIN))
    assert await asyncio.to_thread(lambda: eventually((tmp_path / "pid").exists))
    grandchild = await asyncio.to_thread(pid_in, tmp_path / "pid")
    began = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - began < 3, "no grace period on cancellation"
    assert eventually(lambda: not alive(grandchild))
    assert my_zombies(since=zombies_before) == []


async def test_cancelling_at_any_moment_leaves_nothing(zombies_before):
    for step in range(25):
        marker = f"61{os.getpid()}{step:02d}"
        task = asyncio.create_task(run(["sleep", marker], limits=PLAIN, stdin=b"x"))
        await asyncio.sleep(step / 1000)
        task.cancel()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not _running_with(marker)
    assert my_zombies(since=zombies_before) == []


def _running_with(marker: str) -> list[int]:
    found: list[int] = []
    for cmdline in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = cmdline.read_text().split("\0")
        except OSError:
            continue
        if marker in words and alive(int(cmdline.parent.name)):
            found.append(int(cmdline.parent.name))
    return found


async def test_an_escaped_grandchild_that_holds_the_pipes_does_not_hold_run():
    code = "import subprocess, sys; p = subprocess.Popen(['sleep', '20'], start_new_session=True); print(p.pid)"
    began = time.monotonic()
    done = await run(python(code), limits=PLAIN)
    assert time.monotonic() - began < 10
    os.kill(int(done.stdout), signal.SIGKILL)


async def test_background_children_end_with_their_leader(tmp_path):
    done = await run(["sh", "-c", f"sleep 60 >/dev/null 2>&1 & echo $! > {tmp_path}/pid"], limits=PLAIN)
    assert done.returncode == 0
    assert eventually(lambda: not alive(pid_in(tmp_path / "pid")))


def test_the_child_outlives_the_thread_that_asked_for_it():
    """Its parent-death signal hangs on the spawner thread, not on ours."""
    loop = asyncio.new_event_loop()
    child = spawn(["cat"], limits=PLAIN, stdin=True)

    async def echo(text: bytes) -> bytes:
        await child.write(text)
        return await child.read_line()

    def ask() -> None:
        loop.run_until_complete(child.__aenter__())
        loop.run_until_complete(echo(b"past the launcher, where the signal is set\n"))

    thread = threading.Thread(target=ask)
    thread.start()
    task = Path(f"/proc/self/task/{thread.native_id}")
    thread.join()
    assert eventually(lambda: not task.exists())
    try:
        assert loop.run_until_complete(echo(b"still here\n")) == b"still here\n"
    finally:
        loop.run_until_complete(child.__aexit__(None))
        loop.close()


@pytest.mark.parametrize("network", [False, True])
def test_killing_the_parent_kills_the_child(tmp_path, network):
    parent_code = f"""
import asyncio
from framehouse.infra.process import Limits, run
asyncio.run(run(["sh", "-c", "echo $$ > {tmp_path}/pid; exec sleep 60"], limits=Limits(wall_s=60, network={network})))
"""
    parent = subprocess.Popen([sys.executable, "-c", parent_code])
    try:
        child = pid_in(tmp_path / "pid")
        assert alive(child)
    finally:
        parent.kill()
        parent.wait()
    assert eventually(lambda: not alive(child))


def test_our_own_workers_can_follow_their_parent(tmp_path):
    worker = f"""
import os, time
from framehouse.infra.process import die_with_parent
die_with_parent(int(os.environ["PARENT"]))
open("{tmp_path}/pid", "w").write(f"{{os.getpid()}}\\n")
time.sleep(60)
"""
    parent_code = f"""
import os, subprocess, sys
subprocess.run([sys.executable, "-c", {worker!r}], env={{**os.environ, "PARENT": str(os.getpid())}})
"""
    parent = subprocess.Popen([sys.executable, "-c", parent_code])
    try:
        child = pid_in(tmp_path / "pid")
    finally:
        parent.kill()
        parent.wait()
    assert eventually(lambda: not alive(child))


async def test_wall_limit_of_a_conversation():
    async with spawn(["sleep", "60"], limits=Limits(wall_s=0.3)) as child:
        assert await child.read_line() == b""
    assert not alive(child.pid)

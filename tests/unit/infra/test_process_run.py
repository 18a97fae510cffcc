"""`run` and `spawn` with real programs: input, output, exit codes, confinement."""

import asyncio
import json
import os
import socket
import threading
from pathlib import Path

import pytest

from framehouse.infra.process import Limits, ProcessFailed, ProcessTimedOut, ProgramMissing, run, spawn
from tests.unit.infra.process_probes import PLAIN, my_zombies, python

MB = 1024 * 1024

GLIBC_SIGNALS = 0b11 << 31  # 32 and 33 belong to the C library, which may leave them ignored in what it starts


async def test_output_code_and_resources_come_back():
    done = await run(python("import sys; print('out'); print('err', file=sys.stderr)"), limits=PLAIN)
    assert (done.stdout, done.stderr_tail, done.returncode) == (b"out\n", "err", 0)
    assert done.wall_s > 0
    assert 0 < done.cpu_s < 5
    assert done.peak_rss_bytes > MB


async def test_failure_names_program_code_and_last_line():
    argv = ["sh", "-c", "echo first >&2; echo broken pipe dream >&2; exit 3"]
    with pytest.raises(ProcessFailed, match=r"^sh exited with code 3: broken pipe dream$") as caught:
        await run(argv, limits=PLAIN)
    assert caught.value.completed.returncode == 3
    assert (await run(argv, limits=PLAIN, check=False)).returncode == 3


async def test_stdin_larger_than_any_pipe_passes_through():
    data = os.urandom(3 * MB)
    assert (await run(["cat"], limits=PLAIN, stdin=data)).stdout == data
    assert (await run(["cat"], limits=PLAIN, stdin=b"")).stdout == b""


async def test_a_program_may_leave_its_input_unread():
    assert (await run(["true"], limits=PLAIN, stdin=bytes(MB))).returncode == 0


async def test_lines_go_to_the_callback_and_are_not_kept():
    lines: list[str] = []
    code = "import sys; sys.stdout.write('one\\ntwo\\rthree\\r\\n' + 'x' * 200_000 + '\\nlast')"
    done = await run(python(code), limits=PLAIN, on_stdout_line=lines.append)
    assert [line[:5] for line in lines] == ["one", "two", "three", "xxxxx", "last"]
    assert len(lines[3]) < 70_000
    assert done.stdout == b""


async def test_an_exception_from_the_callback_kills_the_child_and_comes_out(zombies_before):
    def refuse(line: str) -> None:
        raise LookupError(line)

    with pytest.raises(LookupError, match="hello"):
        await run(
            python("import time; print('hello', flush=True); time.sleep(60)"), limits=PLAIN, on_stdout_line=refuse
        )
    assert my_zombies(since=zombies_before) == []


async def test_too_much_output_kills():
    with pytest.raises(ProcessFailed, match="wrote more than 100000 bytes"):
        await run(["yes"], limits=PLAIN, stdout_limit_bytes=100_000)


async def test_stderr_flood_neither_blocks_nor_stays_in_memory():
    code = (
        "import sys\nfor n in range(200_000): print('noise', n, 'x' * 40, file=sys.stderr)\n"
        "print('x' * 9_000_000, file=sys.stderr)"
    )
    done = await run(python(code), limits=PLAIN)
    tail = done.stderr_tail.splitlines()
    assert len(tail) == 40
    assert tail[-2].startswith("noise 199999 ")
    assert len(done.stderr_tail) < 10_000


async def test_wall_limit_kills_even_who_ignores_sigterm():
    code = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    with pytest.raises(ProcessTimedOut, match=r"killed after its time limit of 0\.5 s") as caught:
        await run(python(code), limits=Limits(wall_s=0.5), check=False)
    assert caught.value.completed.returncode == -9
    assert caught.value.completed.wall_s < 5


async def test_one_string_is_refused():
    with pytest.raises(TypeError, match="list of arguments"):
        await run("echo hi", limits=PLAIN)
    with pytest.raises(ValueError, match="empty"):
        await run([], limits=PLAIN)
    with pytest.raises(TypeError, match="int"):
        await run(["echo", 5], limits=PLAIN)  # type: ignore[list-item]  # the mistake under test


async def test_missing_program_and_directory_are_told(tmp_path):
    with pytest.raises(ProgramMissing, match=r"^no-such-tool is not installed"):
        await run(["no-such-tool"], limits=PLAIN)
    with pytest.raises(ProgramMissing):
        await run([tmp_path / "absent"], limits=PLAIN)
    with pytest.raises(ProcessFailed, match="could not be started"):
        await run(["true"], limits=PLAIN, cwd=tmp_path / "absent")
    script = tmp_path / "odd"
    script.write_bytes(b"\x00\x01")
    script.chmod(0o755)
    with pytest.raises(ProcessFailed, match=r"cannot start .*Exec format error"):
        await run([script], limits=PLAIN)


async def test_environment_is_minimal(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY", "hush")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    show = python("import json, os; print(json.dumps(dict(os.environ)))")
    seen = json.loads((await run(show, limits=PLAIN, env={"EXTRA": "1"}, cwd=tmp_path)).stdout)
    assert seen == {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "HOME": "/nonexistent",
        "TMPDIR": str(tmp_path),
        "EXTRA": "1",
    }


async def test_arguments_arrive_unchanged(tmp_path):
    odd = ["a b", "", "--", "-I", "é\n", str(tmp_path)]
    done = await run(python("import sys, json; print(json.dumps(sys.argv[1:]))", *odd), limits=PLAIN)
    assert json.loads(done.stdout) == odd


async def test_memory_limit_bites():
    code = "b = bytearray(300_000_000)"
    assert (await run(python(code), limits=PLAIN)).returncode == 0
    with pytest.raises(ProcessFailed, match="MemoryError"):
        await run(python(code), limits=Limits(wall_s=20, memory_bytes=150 * MB))


async def test_file_size_limit_bites(tmp_path):
    big = tmp_path / "big"
    with pytest.raises(ProcessFailed, match=r"SIGXFSZ \(over its file size limit\)"):
        await run(["dd", "if=/dev/zero", f"of={big}", "bs=64K", "count=64"], limits=Limits(20, file_size_bytes=MB))
    assert big.stat().st_size == MB


async def test_cpu_limit_bites():
    with pytest.raises(ProcessFailed, match=r"SIGXCPU \(over its CPU limit\)") as caught:
        await run(python("while True: pass"), limits=Limits(wall_s=30, cpu_s=1))
    assert 0.8 < caught.value.completed.cpu_s < 2.5


async def test_core_files_open_files_and_priority():
    code = (
        "import os, resource, json\n"
        "print(json.dumps([resource.getrlimit(resource.RLIMIT_CORE), resource.getrlimit(resource.RLIMIT_NOFILE),"
        " os.nice(0), os.getsid(0) == os.getpid(), open('/proc/self/status').read()]))"
    )
    limits = Limits(wall_s=20, open_files=99, niceness=5)
    core, files, nice, own_session, status = json.loads((await run(python(code), limits=limits)).stdout)
    assert (core, files, nice, own_session) == ([0, 0], [99, 99], os.nice(0) + 5, True)
    assert "NoNewPrivs:\t1" in status


async def test_no_signal_is_ignored_or_blocked():
    """Python ignores SIGPIPE and SIGXFSZ, and the program must not inherit that from the launcher."""
    status = (await run(["cat", "/proc/self/status"], limits=PLAIN)).stdout.decode()
    masks = dict(line.split(":\t") for line in status.splitlines() if line.startswith("Sig"))
    own = ~GLIBC_SIGNALS
    assert int(masks["SigIgn"], 16) & own == 0
    assert int(masks["SigBlk"], 16) & own == 0


async def test_the_network_is_out_of_reach_unless_asked_for():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        reach = python(f"import socket; socket.create_connection(('127.0.0.1', {port}), 3); print('reached')")
        assert (await run(reach, limits=Limits(wall_s=20, network=True))).stdout == b"reached\n"
        with pytest.raises(ProcessFailed, match=r"Permission denied|unreachable"):
            await run(reach, limits=Limits(wall_s=20, network=False))


async def test_conversation_line_by_line():
    async with spawn(["cat"], limits=PLAIN, stdin=True) as child:
        await child.write(b"ping\n")
        assert await child.read_line() == b"ping\n"
        await child.write(b"12345678")
        assert await child.read_exactly(8) == b"12345678"
        await child.write(b"y" * 300_000 + b"\nnext\n")
        cut = await child.read_line()
        assert cut == b"y" * 65536 + b"\n"
        assert await child.read_line() == b"next\n"
        await child.close_stdin()
        assert await child.read_line() == b""
        assert (await child.wait()).returncode == 0
        with pytest.raises(BrokenPipeError):
            await child.write(b"late")


async def test_back_pressure_holds_the_writer():
    async with spawn(["sleep", "60"], limits=PLAIN, stdin=True) as child:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(child.write(bytes(4 * MB)), 0.2)


async def test_extra_pipes_reach_the_child():
    ours, theirs = os.pipe()
    async with spawn(python(f"import os; os.write({theirs}, b'side')"), limits=PLAIN, pass_fds=[theirs]) as child:
        os.close(theirs)
        await child.wait()
    assert os.read(ours, 10) == b"side"
    assert os.read(ours, 10) == b""
    os.close(ours)


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_files_of_ours_do_not_leak(tmp_path):
    with (tmp_path / "held").open("w") as held:
        os.set_inheritable(held.fileno(), True)
        listing = await run(["ls", "-l", "/proc/self/fd"], limits=PLAIN)
    assert b"held" not in listing.stdout
    before = _open_files()
    for _ in range(5):
        await run(["cat"], limits=PLAIN, stdin=b"x")
    assert _open_files() == before


def test_many_event_loops_in_many_threads(zombies_before):
    seen: list[bytes] = []

    def work(number: int) -> None:
        seen.extend(asyncio.run(run(["echo", str(number)], limits=PLAIN)).stdout for _ in range(2))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == sorted(f"{n}\n".encode() for n in range(6) for _ in range(2))
    assert my_zombies(since=zombies_before) == []


async def test_many_at_once_leave_no_zombie(zombies_before):
    done = await asyncio.gather(*(run(["echo", str(n)], limits=PLAIN) for n in range(40)))
    assert [int(one.stdout) for one in done] == list(range(40))
    assert my_zombies(since=zombies_before) == []

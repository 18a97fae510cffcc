"""The process tree of `framehouse serve`: one child per role, restarted when it ends, all ended together.

Synchronous: it owns the main thread of a process that does nothing else. What a role is and when it is ready
is the business of `entrypoints`.
"""

import logging
import os
import random
import signal
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from types import FrameType

from framehouse.infra.process.model import Limits, ProcessFailed, ProgramMissing
from framehouse.infra.process.spawner import Order, Process, checked_argv, start

_log = logging.getLogger(__name__)
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)  # Ctrl-C, systemd, closed terminal
# an api process holds a descriptor per viewer; the launcher lowers it to what the system allows
_ROLE_LIMITS = Limits(wall_s=None, open_files=65536, network=True)
EXIT_CONFIG = 78  # EX_CONFIG of sysexits.h


@dataclass(frozen=True)
class Role:
    """One kind of process of the platform; `env` is added to the whole environment of this process."""

    name: str
    argv: Sequence[str | Path]
    env: Mapping[str, str] | None = None
    limits: Limits = _ROLE_LIMITS


@dataclass(frozen=True)
class Backoff:
    """Seconds between a crash and the restart: doubling to a ceiling, from the start again after a healthy run."""

    first_s: float = 0.5
    ceiling_s: float = 30.0
    healthy_after_s: float = 60.0

    def delay_s(self, crashes_in_a_row: int) -> float:
        return min(self.ceiling_s, self.first_s * 2 ** min(crashes_in_a_row - 1, 20))


@dataclass
class _Place:
    """A role's place in the tree: its process, or when the next one is due."""

    role: Role
    process: Process | None = None
    crashes: int = 0
    due_s: float = 0.0


@dataclass(frozen=True)
class _Ended:
    place: _Place


@dataclass(frozen=True)
class _StopAsked:
    reason: str


@dataclass
class ServiceGroup:
    """Runs the roles until SIGINT, SIGTERM, SIGHUP or `stop()`; their output goes where ours goes.

    A role that ends, with whatever code, is started again after `backoff`, except with code `give_up_code` (its
    settings are wrong or its port is taken: a restart would not help), which ends the group with that code.
    If this process is killed, the kernel kills the roles (parent-death signal).
    """

    roles: Sequence[Role]
    grace_s: float = 10.0
    backoff: Backoff = field(default_factory=Backoff)
    give_up_code: int = EXIT_CONFIG
    _inbox: SimpleQueue[_Ended | _StopAsked] = field(default_factory=lambda: SimpleQueue[_Ended | _StopAsked]())

    def run(self) -> int:
        """Block until the end; 0 when asked to stop, else the code of the role that gave up.

        Call it in the main thread (signal handlers live there). A second signal during the grace period kills at once.
        """
        places = [_Place(role) for role in self.roles]
        with self._signals():
            try:
                return self._watch(places)
            finally:
                self._end(places)

    def stop(self) -> None:
        """Ask `run` to end; from any thread."""
        self._inbox.put(_StopAsked("asked to"))

    def _watch(self, places: list[_Place]) -> int:
        while True:
            for place in places:
                if place.process is None and place.due_s <= time.monotonic():
                    self._launch(place)
            match self._next(places):
                case _StopAsked(reason):
                    _log.info("stopping all roles: %s", reason)
                    return 0
                case _Ended(place) if self._gave_up(place):
                    return self.give_up_code
                case _Ended(place):
                    self._schedule(place)
                case None:
                    pass

    def _next(self, places: list[_Place]) -> _Ended | _StopAsked | None:
        waiting = [place.due_s for place in places if place.process is None]
        timeout_s = max(0.0, min(waiting) - time.monotonic()) if waiting else None
        try:
            return self._inbox.get(timeout=timeout_s)
        except Empty:
            return None

    def _launch(self, place: _Place) -> None:
        role = place.role
        environment = {**os.environ, **(role.env or {})}
        order = Order(checked_argv(role.argv), role.limits, environment)
        try:
            process = start(order).result()
        except ProgramMissing:
            raise  # comes out of `run`: waiting will not install it
        except ProcessFailed as problem:  # out of processes or memory: that can pass
            self._retry_later(place, f"was not started: {problem}")
            return
        place.process = process
        process.exit.add_done_callback(lambda _: self._inbox.put(_Ended(place)))
        _log.info("role %s started, pid %d", role.name, process.pid)

    def _gave_up(self, place: _Place) -> bool:
        process = place.process
        if process is None or process.exit.result().returncode != self.give_up_code:
            return False
        _log.error("role %s cannot run with these settings: see its message above", place.role.name)
        return True

    def _schedule(self, place: _Place) -> None:
        assert place.process is not None
        end = place.process.exit.result()
        place.process = None
        if end.wall_s >= self.backoff.healthy_after_s:
            place.crashes = 0
        self._retry_later(place, f"ended with code {end.returncode}")

    def _retry_later(self, place: _Place, what: str) -> None:
        place.crashes += 1
        # a tenth of jitter, so that roles felled by one cause do not come back in one instant
        delay_s = self.backoff.delay_s(place.crashes) * random.uniform(1.0, 1.1)
        place.due_s = time.monotonic() + delay_s
        _log.warning("role %s %s; restart in %.1f s", place.role.name, what, delay_s)

    def _end(self, places: list[_Place]) -> None:
        """Terminate, wait the grace period, kill, and return when every role is reaped."""
        living = [place.process for place in places if place.process is not None]
        for process in living:
            process.terminate()
        deadline_s = time.monotonic() + self.grace_s
        while not all(process.exit.done() for process in living):
            try:
                event = self._inbox.get(timeout=max(0.0, deadline_s - time.monotonic()))
            except Empty:
                break
            if isinstance(event, _StopAsked):
                break
        for process in living:
            process.kill()
        for process in living:
            process.exit.result()

    @contextmanager
    def _signals(self) -> Generator[None]:
        def ask(number: int, frame: FrameType | None) -> None:
            self._inbox.put(_StopAsked(signal.Signals(number).name))  # SimpleQueue.put is reentrant

        handled = [number for number in _STOP_SIGNALS if not _left_by_nohup(number)]
        before = {number: signal.signal(number, ask) for number in handled}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _left_by_nohup(number: signal.Signals) -> bool:
    return number is signal.SIGHUP and signal.getsignal(number) is signal.SIG_IGN

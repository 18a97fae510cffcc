"""Durable work on DBOS: enqueue in a transaction, run on workers, recover from dead ones.

A workflow here is one durable step that calls one use case with JSON arguments. Use cases are idempotent: they look
at the stored state first, so running one twice (a crash between its commit and the library's own record) is harmless.
What follows from a result is enqueued in the transaction that records the result.

`WorkClient` is for every process that only enqueues. `WorkRuntime` is for workers, the only ones that launch DBOS.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import structlog
from dbos import DBOS, DBOSClient, DBOSConfig, EnqueueOptions, Serializer
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from framehouse.infra.database import create_sync_engine, sync_url
from framehouse.infra.transaction import Transaction, Work
from framehouse.kernel import StorageFull, TemporarilyUnavailable

APPLICATION_NAME = "framehouse"
APPLICATION_VERSION = "1"  # pinned: a deployment must not strand the work of the one before it

INTERACTIVE = "interactive"  # inspect, publish: somebody waits; short
ENCODE = "encode"  # one ffmpeg that uses all cores
FINISH = "finish"  # join, package, verify, remux: mostly I/O, minutes for a long film
LIGHT = "light"  # posters, garbage: seconds, and must not wait behind a long film
FETCH = "fetch"  # a source from somebody's server: at its pace, up to hours
SPEECH = "speech"  # recognition and translation: minutes to hours in which nobody waits, below the encodes
DELIVER = "deliver"  # a call of somebody's server: next to no work, and seconds of waiting where it is slow

POLL_INTERACTIVE_S = 0.1  # the default of a second would be half of the time to playable
POLL_S = 0.5  # nobody waits; an idle worker should cost next to nothing
STEP_ATTEMPTS = 5

log = structlog.get_logger(__name__)

UseCase = Callable[..., Awaitable[Any]]
OnFailure = Callable[[Sequence[Any], BaseException], Awaitable[None]]


class JsonSerializer(Serializer):
    """JSON instead of pickle: rows stay readable, and reading one never runs code."""

    def serialize(self, data: Any) -> str:
        return json.dumps(data, default=_plain)

    def deserialize(self, serialized_data: str) -> Any:  # type: ignore[override]  # the base class names its self `cls`
        value: Any = json.loads(serialized_data)
        if isinstance(value, dict):
            error = cast("dict[str, Any]", value)
            if "__error__" in error:
                return RuntimeError(f"{error['__error__']}: {error['message']}")
        return cast("Any", value)

    def name(self) -> str:
        return "framehouse_json"


def _plain(value: Any) -> Any:
    if isinstance(value, BaseException):
        return {"__error__": type(value).__name__, "message": str(value)}
    raise TypeError(f"{type(value).__name__} cannot be stored as a workflow's argument or result")


def migrate_workflow_tables(database_url: str) -> None:
    """Create or update the library's own tables; run before any process launches or enqueues."""
    DBOS.migrate(sync_url(database_url))


class WorkClient:
    """Enqueues and inspects durable work from any process."""

    def __init__(self, database_url: str) -> None:
        self._engine = create_sync_engine(database_url, pool_size=2)
        self._client = DBOSClient(
            system_database_engine=self._engine,
            serializer=JsonSerializer(),
            application_name=APPLICATION_NAME,
            lazy=True,
            retry_connection_errors=False,
        )

    async def enqueue_in(self, tx: Transaction, work: Work) -> None:
        """Enqueue on the transaction's own connection; a second connection would deadlock on SQLite's write lock."""
        options: EnqueueOptions = {"workflow_name": work.name, "queue_name": work.queue, "workflow_id": work.id}
        options["app_version"] = APPLICATION_VERSION
        if work.priority is not None:
            options["priority"] = work.priority
        if work.delay_s is not None:
            options["delay_seconds"] = work.delay_s

        def insert(connection: Connection) -> None:
            self._client.enqueue_in_transaction(connection, options, *work.arguments)

        if isinstance(tx.connection, Connection):
            insert(tx.connection)
        else:
            await tx.connection.run_sync(insert)

    async def cancel(self, prefixes: Sequence[str]) -> None:
        """Cancel all unfinished work whose id starts with one of the prefixes; running steps are interrupted."""
        unfinished = await self._client.list_workflows_async(
            workflow_id_prefix=list(prefixes),
            status=["ENQUEUED", "DELAYED", "PENDING"],
            load_input=False,
            load_output=False,
        )
        for workflow in unfinished:
            await self._client.cancel_workflow_async(workflow.workflow_id)

    async def describe(self, prefixes: Sequence[str]) -> list["WorkStatus"]:
        rows = await self._client.list_workflows_async(
            workflow_id_prefix=list(prefixes), load_input=False, load_output=False
        )
        return [
            WorkStatus(
                row.workflow_id, row.name, row.status, row.queue_name or "", row.executor_id, str(row.error or "")
            )
            for row in rows
        ]

    async def queue_lengths(self) -> dict[str, int]:
        rows = await self._client.list_workflows_async(status="ENQUEUED", load_input=False, load_output=False)
        lengths: dict[str, int] = {INTERACTIVE: 0, ENCODE: 0, FINISH: 0, LIGHT: 0, FETCH: 0, DELIVER: 0, SPEECH: 0}
        for row in rows:
            lengths[row.queue_name or INTERACTIVE] = lengths.get(row.queue_name or INTERACTIVE, 0) + 1
        return lengths

    def close(self) -> None:
        self._client.destroy()
        self._engine.dispose()


@dataclass(frozen=True)
class WorkStatus:
    id: str
    name: str
    status: str
    queue: str
    executor_id: str | None
    error: str


@dataclass(frozen=True)
class QueueLimits:
    """How much of each capacity class one worker runs at the same time."""

    interactive: int = 4
    encode: int = 1
    finish: int = 1
    light: int = 1
    fetch: int = 4
    deliver: int = 16
    speech: int = 1


class WorkRuntime:
    """A worker: registers use cases under their stable names, launches DBOS, renews its lease, recovers the dead."""

    def __init__(self, database_url: str, executor_id: str, limits: QueueLimits) -> None:
        self._executor_id = executor_id
        self._limits = limits
        self._engine = create_sync_engine(database_url, pool_size=10)
        config: DBOSConfig = {
            "name": APPLICATION_NAME,
            "system_database_engine": self._engine,
            "run_migrations": False,
            "executor_id": executor_id,
            "application_version": APPLICATION_VERSION,
            "log_level": "WARNING",
            "serializer": JsonSerializer(),
            "use_listen_notify": False,
        }
        self._dbos = DBOS(config=config)
        self._stopping = False

    def register(self, name: str, use_case: UseCase, *, on_failure: OnFailure | None = None) -> None:
        """Bind a stable workflow name to a use case.

        A dependency that does not answer is retried with growing pauses. Any other error ends the work:
        `on_failure` then records a reason that its owner sees, so that nothing is left waiting for ever.
        """

        async def run(*arguments: Any) -> Any:
            return await use_case(*arguments)

        step = DBOS.step(
            name=f"{name}.run",
            preemptible=True,
            retries_allowed=True,
            interval_seconds=1.0,
            backoff_rate=2.0,
            max_attempts=STEP_ATTEMPTS,
            should_retry=_is_transient,
        )(run)

        async def workflow(*arguments: Any) -> Any:
            with structlog.contextvars.bound_contextvars(job_id=DBOS.workflow_id, job=name):
                try:
                    return await step(*arguments)
                except Exception as error:
                    if self._stopping:
                        await asyncio.Future()  # its tools were taken away; nothing of it may be recorded
                    log.error("durable work failed", arguments=arguments, error=repr(error), exc_info=error)
                    if on_failure is not None:
                        await on_failure(arguments, error)
                    raise

        DBOS.workflow(name=name)(workflow)

    async def start(self) -> None:
        """Launch in the running loop: use cases run in it, beside the caller's own tasks."""
        DBOS.launch()
        limits = self._limits
        await self._queue(INTERACTIVE, limits.interactive, POLL_INTERACTIVE_S)
        await self._queue(ENCODE, limits.encode, POLL_S)
        await self._queue(FINISH, limits.finish, POLL_S)
        await self._queue(LIGHT, limits.light, POLL_S)
        await self._queue(FETCH, limits.fetch, POLL_S)
        await self._queue(DELIVER, limits.deliver, POLL_S)
        await self._queue(SPEECH, limits.speech, POLL_S)

    async def _queue(self, name: str, concurrency: int, poll_s: float) -> None:
        await DBOS.register_queue_async(
            name, worker_concurrency=concurrency, polling_interval_sec=poll_s, on_conflict="always_update"
        )

    async def recover(self, living: Set[str]) -> int:
        """Give the running work of workers that are not among the living back to its queues; returns how much."""
        running = await DBOS.list_workflows_async(status="PENDING", load_input=False, load_output=False)
        stranded = [workflow for workflow in running if workflow.executor_id not in living]
        for workflow in stranded:
            log.warning("work of a dead worker goes back to its queue", job_id=workflow.workflow_id)
            await DBOS.resume_workflow_async(workflow.workflow_id, queue_name=workflow.queue_name or INTERACTIVE)
        return len(stranded)

    async def forget_finished(self, before: datetime) -> int:
        """Delete the records of work that ended before a time; returns how many."""
        ended = await DBOS.list_workflows_async(
            status=["SUCCESS", "ERROR", "CANCELLED"],
            completed_before=before.isoformat(),
            limit=500,
            load_input=False,
            load_output=False,
        )
        if ended:
            await DBOS.delete_workflows_async([workflow.workflow_id for workflow in ended])
        return len(ended)

    def abandon(self) -> None:
        """What runs now is left as it is, as if the process had been killed: end the process soon after.

        The library's own shutdown would take threads and connections away from running steps, whose errors would
        then count as failures of the work. Left alone it is pending, and the next worker of this name goes on with it.
        """
        self._stopping = True


def _is_transient(error: BaseException) -> bool:
    if isinstance(error, StorageFull):
        return False
    return isinstance(error, TemporarilyUnavailable | ConnectionError | OperationalError)

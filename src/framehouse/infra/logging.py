"""Structured logs of every process: one JSON object a line, or coloured text for a person at a terminal.

Standard library loggers end in the same place. Context that was bound with `structlog.contextvars` (request_id,
job_id, tenant) is on every line of its task. Secrets are taken out at the end, see `redaction`.
"""

import logging
import os
import sys
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor

from framehouse.infra.redaction import redact_event
from framehouse.infra.settings import Settings
from framehouse.kernel import InvalidInput

FORMATS = ("auto", "json", "text")
FRAMES_MAX = 40

# They tell each of their own steps at INFO, and the HTTP clients whole URLs with signatures.
QUIET = (
    *("alembic", "sqlalchemy", "granian", "_granian", "granian.access"),
    *("httpx", "httpcore", "botocore", "aiobotocore", "asyncio"),
)


class _FailuresAreOurs(logging.Filter):
    """Durable work that fails is logged by `workflows`, once; the library would tell it again and at each retry."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.CRITICAL


def configure_logging(settings: Settings, role: str, *, stream: TextIO | None = None) -> None:
    """Set up the logs of this process; `role` (api, worker, …) is on every line. To standard error by default.

    May be called again. Raises InvalidInput for a level or a format that does not exist.
    """
    output = stream or sys.stderr
    level = _level(settings.log_level)
    handler = logging.StreamHandler(output)
    handler.setFormatter(_formatter(role, as_json=_as_json(settings.log_format, output), colors=_colors(output)))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    _quieten(level)
    logging.captureWarnings(capture=True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared_processors(),
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,  # modules make their loggers at import, before this and between tests
    )


def _shared_processors() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        structlog.processors.StackInfoRenderer(),
    ]


def _formatter(role: str, *, as_json: bool, colors: bool) -> logging.Formatter:
    def add_role(_logger: Any, _method: str, event: EventDict) -> EventDict:
        event["role"] = role
        return event

    # Local variables stay out of tracebacks: they are where the secrets are.
    frames = structlog.tracebacks.ExceptionDictTransformer(show_locals=False, max_frames=FRAMES_MAX)
    if as_json:
        exception: Processor = structlog.processors.ExceptionRenderer(frames)
        renderer: Processor = structlog.processors.JSONRenderer(default=repr, ensure_ascii=False)
    else:
        exception = structlog.processors.format_exc_info
        renderer = structlog.dev.ConsoleRenderer(
            colors=colors, timestamp_key="time", exception_formatter=structlog.dev.plain_traceback
        )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*_shared_processors(), structlog.stdlib.ExtraAdder()],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            add_role,
            exception,
            redact_event,
            renderer,
        ],
    )


def _quieten(level: int) -> None:
    for name in QUIET:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate, logger.disabled = True, False  # whatever the library set when it was configured before
        logger.setLevel(max(level, logging.WARNING))
    durable = logging.getLogger("dbos")
    # It adds a console handler of its own when it finds none, and sets its level when it is launched: hence a filter.
    durable.handlers[:] = [logging.NullHandler()]
    durable.propagate = True
    durable.filters[:] = [item for item in durable.filters if not isinstance(item, _FailuresAreOurs)]
    durable.addFilter(_FailuresAreOurs())


def _level(name: str) -> int:
    levels = logging.getLevelNamesMapping()
    if name.upper() not in levels:
        raise InvalidInput(f"log_level is {name!r}; it must be one of DEBUG, INFO, WARNING, ERROR, CRITICAL")
    return levels[name.upper()]


def _as_json(log_format: str, output: TextIO) -> bool:
    if log_format not in FORMATS:
        raise InvalidInput(f"log_format is {log_format!r}; it must be one of {', '.join(FORMATS)}")
    return log_format == "json" or (log_format == "auto" and not output.isatty())


def _colors(output: TextIO) -> bool:
    return output.isatty() and not os.environ.get("NO_COLOR")

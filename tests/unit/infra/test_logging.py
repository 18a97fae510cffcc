"""Lines as they come out: JSON or text, with their context, from structlog and from the standard library."""

import asyncio
import io
import json
import logging
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from framehouse.infra.logging import configure_logging
from framehouse.infra.settings import Settings
from framehouse.kernel import InvalidInput


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def configured(stream: io.StringIO, **settings: Any) -> structlog.stdlib.BoundLogger:
    configure_logging(Settings(**settings), "worker", stream=stream)
    return structlog.get_logger("framehouse.test")


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_says_when_where_and_in_which_role() -> None:
    stream = io.StringIO()
    configured(stream).info("video published", video="0a", duration_ms=12)
    (line,) = lines(stream)
    assert line.pop("time").endswith("Z")
    assert line == {
        "event": "video published",
        "level": "info",
        "logger": "framehouse.test",
        "role": "worker",
        "video": "0a",
        "duration_ms": 12,
    }


async def test_context_is_on_every_line_of_its_task_and_on_no_other() -> None:
    stream = io.StringIO()
    log = configured(stream)

    async def request(number: int) -> None:
        with structlog.contextvars.bound_contextvars(request_id=number, tenant="acme"):
            await asyncio.sleep(0)
            log.info("ours")
            logging.getLogger("library").warning("theirs %d", number)

    await asyncio.gather(request(1), request(2))
    log.info("alone")
    assert sorted((line["event"], line.get("request_id")) for line in lines(stream)[:4]) == [
        ("ours", 1), ("ours", 2), ("theirs 1", 1), ("theirs 2", 2),
    ]  # fmt: skip
    assert "request_id" not in lines(stream)[4]


def test_an_exception_is_structured_and_shows_no_variables_and_no_secrets() -> None:
    stream = io.StringIO()
    log = configured(stream)
    hidden_variable = "only-in-a-variable"
    try:
        try:
            raise ValueError("password=s3cr3t refused")
        except ValueError as error:
            raise RuntimeError(f"{len(hidden_variable)} tries") from error
    except RuntimeError:
        log.exception("it failed")
    (line,) = lines(stream)
    assert [part["exc_type"] for part in line["exception"]] == ["RuntimeError", "ValueError"]
    assert (
        line["exception"][0]["frames"][-1]["name"]
        == "test_an_exception_is_structured_and_shows_no_variables_and_no_secrets"
    )
    assert "s3cr3t" not in stream.getvalue()
    assert hidden_variable not in stream.getvalue()


def test_the_standard_librarys_exceptions_and_warnings_come_too() -> None:
    stream = io.StringIO()
    configured(stream)
    try:
        raise KeyError("missing")
    except KeyError:
        logging.getLogger("library").exception("theirs", extra={"api_key": "s3cr3t"})
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old way", stacklevel=1)
    failure, warning = lines(stream)
    assert failure["exception"][0]["exc_type"] == "KeyError"
    assert failure["api_key"] == "***"
    assert (warning["logger"], warning["level"]) == ("py.warnings", "warning")


def test_a_terminal_gets_text_and_a_pipe_gets_json() -> None:
    terminal, pipe, forced = Terminal(), io.StringIO(), io.StringIO()
    configured(terminal).error("it failed", token="s3cr3t", exc_info=ValueError("bad"))
    assert "\x1b[" in terminal.getvalue()
    assert "ValueError: bad" in terminal.getvalue()
    assert "s3cr3t" not in terminal.getvalue()
    configured(pipe).info("done")
    assert lines(pipe)[0]["event"] == "done"
    configured(forced, log_format="text").info("done", video="0a")
    assert "\x1b[" not in forced.getvalue()
    assert "video=0a" in forced.getvalue()


def test_libraries_that_tell_everything_are_quiet() -> None:
    stream = io.StringIO()
    configured(stream, log_level="debug").debug("ours")
    for name in ("alembic.runtime.migration", "sqlalchemy.engine.Engine", "_granian", "granian.access", "httpx"):
        logging.getLogger(name).info("told")
        logging.getLogger(name).warning("worth it")
    durable = logging.getLogger("dbos")
    durable.setLevel("WARNING")  # as the library does when it is launched
    durable.error("a step failed")
    durable.critical("worth it")
    assert [line["event"] for line in lines(stream)] == ["ours", *["worth it"] * 6]


def test_the_level_of_the_settings_counts() -> None:
    stream = io.StringIO()
    log = configured(stream, log_level="ERROR")
    log.warning("below")
    logging.getLogger("httpx").warning("below")
    log.error("at")
    assert [line["event"] for line in lines(stream)] == ["at"]


def test_configuring_again_doubles_nothing() -> None:
    first, second = io.StringIO(), io.StringIO()
    configured(first)
    log = configured(second)
    log.info("once")
    logging.getLogger("dbos").critical("once")
    assert (len(lines(first)), len(lines(second))) == (0, 2)


@pytest.mark.parametrize("settings", [{"log_level": "LOUD"}, {"log_format": "xml"}])
def test_a_wrong_setting_says_what_is_right(settings: dict[str, str]) -> None:
    with pytest.raises(InvalidInput, match="must be one of"):
        configured(io.StringIO(), **settings)

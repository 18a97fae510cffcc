"""ClickHouse over its HTTP interface: a server of one's own by URL, or the audience process, which speaks the same."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import httpx
import msgspec

from framehouse.infra.analytics.engine import EngineRefusal, EngineUnavailable, Parameter, Row, parameter_text

TIMEOUT_S = 120.0
CONNECT_S = 5.0
# 64-bit integers as JSON numbers; an answer that is complete or an error, never cut in the middle.
SETTINGS = {"output_format_json_quote_64bit_integers": "0", "wait_end_of_query": "1"}
_decode_rows = msgspec.json.Decoder(type=dict[str, msgspec.Raw])
_MESSAGE_MAX = 600


@dataclass(frozen=True)
class Location:
    """Where an engine is: base URL, user, key, database."""

    url: str
    user: str = "default"
    key: str = ""
    database: str = "framehouse"


def parse_location(url: str) -> Location:
    """`http(s)://user:password@host:8123/database`. Raises ValueError for anything else."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("the analytics URL is http(s)://user:password@host:8123/database")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    base = f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}"
    return Location(
        base, unquote(parts.username or "default"), unquote(parts.password or ""), parts.path.strip("/") or "framehouse"
    )


class ClickHouse:
    """`locate` is asked before each request, since the audience process may have another port after a restart."""

    def __init__(self, locate: Callable[[], Location]) -> None:
        self._locate = locate
        self._client = httpx.AsyncClient(timeout=httpx.Timeout(TIMEOUT_S, connect=CONNECT_S), trust_env=False)

    async def query(self, sql: str, parameters: Mapping[str, Parameter] | None = None) -> list[Row]:
        body = await self._send(f"{sql}\nFORMAT JSONCompact", parameters)
        return msgspec.json.decode(_decode_rows.decode(body)["data"], type=list[Row])

    async def execute(self, sql: str, parameters: Mapping[str, Parameter] | None = None) -> None:
        await self._send(sql, parameters)

    async def insert(self, table: str, columns: Sequence[str], rows: bytes) -> None:
        statement = f"INSERT INTO {table} ({', '.join(columns)}) FORMAT TabSeparated\n"
        await self._send(statement.encode() + rows, None)

    async def close(self) -> None:
        await self._client.aclose()

    async def _send(self, body: str | bytes, parameters: Mapping[str, Parameter] | None) -> bytes:
        location = self._locate()
        query = {"database": location.database, **SETTINGS}
        query.update({f"param_{name}": parameter_text(value) for name, value in (parameters or {}).items()})
        headers = {"X-ClickHouse-User": location.user, "X-ClickHouse-Key": location.key}
        content = body.encode() if isinstance(body, str) else body
        try:
            answer = await self._client.post(f"{location.url}/", params=query, content=content, headers=headers)
        except httpx.HTTPError as error:
            raise EngineUnavailable("The audience engine does not answer now; try again later.") from error
        if answer.status_code in (502, 503, 504):
            raise EngineUnavailable("The audience engine does not answer now; try again later.")
        if answer.status_code != 200:
            code = answer.headers.get("X-ClickHouse-Exception-Code", "0")
            raise EngineRefusal(answer.text[:_MESSAGE_MAX].strip(), int(code) if code.isdigit() else 0)
        return answer.content

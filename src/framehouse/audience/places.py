"""From a network address to a place, by a GeoIP database (MaxMind's format) that the operator names in the settings.

Without one, or for an address it does not know, every field stays empty: a place is never guessed.
"""

import ipaddress
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import maxminddb
import structlog

from framehouse.audience.model import Location

LOOK_EVERY_S = 60.0
log = structlog.get_logger(__name__)


class Places:
    """A file that is replaced by a newer one is opened again within a minute."""

    def __init__(self, database: Path | None) -> None:
        self._path = database
        self._reader: Any = None  # of a recursive type
        self._version: float | None = None
        self._looked_at = 0.0
        self._opening = threading.Lock()

    def find(self, address: str) -> Location:
        reader = self._current()
        try:
            found = reader.get(address) if reader is not None else None
        except (ValueError, maxminddb.InvalidDatabaseError):  # not an address, such as a socket's; a damaged file
            return Location()
        record = _mapping(found)
        country = _mapping(record.get("country")) or _mapping(record.get("registered_country"))
        regions = record.get("subdivisions")
        region = _mapping(cast("list[Any]", regions)[0] if isinstance(regions, list) and regions else None)
        return Location(
            country=str(country.get("iso_code") or ""),
            region=str(region.get("iso_code") or ""),
            city=str(_mapping(_mapping(record.get("city")).get("names")).get("en") or ""),
        )

    def _current(self) -> Any:
        if self._path is None or time.monotonic() - self._looked_at < LOOK_EVERY_S:
            return self._reader
        with self._opening:
            self._looked_at = time.monotonic()
            try:
                version = self._path.stat().st_mtime
                if version != self._version:
                    self._reader = cast("Any", maxminddb).open_database(str(self._path))
                    self._version = version
            except (OSError, maxminddb.InvalidDatabaseError) as error:
                log.warning("the GeoIP database cannot be read", error=type(error).__name__)
        return self._reader


def truncated(address: str, mode: str) -> str:
    """An address as the setting wants it kept: `full`, `truncated` to /24 or /48, or `none`."""
    if mode == "full":
        return address
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if mode == "none":
        return ""
    network = ipaddress.ip_network((found, 24 if found.version == 4 else 48), strict=False)
    return str(network.network_address)


def _mapping(part: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", part) if isinstance(part, Mapping) else {}

"""Report tickets: what the server knows of a page load, sealed for the player to send back with its reports.

A ticket is given only with a film that the viewer may watch. Its content is encrypted, since it may name the viewer.
"""

from dataclasses import asdict
from functools import lru_cache
from typing import Any

import msgspec

from framehouse.audience.errors import ReportRefused
from framehouse.audience.model import Watching
from framehouse.infra.secretbox import SecretBox

LIFE_MS = 7 * 86_400_000  # facts kept while offline come late
TEXT_MAX = 6000
_REMEMBERED = 4096


class ReportTickets:
    """`secrets` is the installation's box; tickets have a key of their own."""

    def __init__(self, secrets: SecretBox) -> None:
        self._box = SecretBox(secrets.derive("report-ticket"))
        self._open = lru_cache(_REMEMBERED)(self._opened)

    def issue(self, watching: Watching) -> str:
        return self._box.encrypt(msgspec.json.encode(asdict(watching)).decode())

    def open(self, text: str, now_ms: int) -> Watching:
        """Raises ReportRefused for what was not issued here, and after its life of 7 days."""
        watching = self._open(text) if len(text) <= TEXT_MAX else None
        if watching is None or watching.issued_ms + LIFE_MS < now_ms:
            raise ReportRefused("This report ticket is not valid, or not any more.")
        return watching

    def _opened(self, text: str) -> Watching | None:
        try:
            content: Any = self._box.decrypt(text)
            return msgspec.json.decode(content, type=Watching)
        except (ValueError, msgspec.MsgspecError):  # ValueError: not base64, or sealed with another key
            return None

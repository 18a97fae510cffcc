"""Cutting a stream of bytes into lines with bounded memory. Pure: bytes in, lines out."""

from collections import deque

MAX_LINE_BYTES = 64 * 1024
_CUT_MARK = " […]"


class LineSplitter:
    """Feeds of any size in, whole lines out, ended by LF, CR or CRLF (ffmpeg ends progress lines with CR).

    A line longer than `max_bytes` is given cut, once, with a mark; undecodable bytes are replaced; empty lines drop.
    """

    def __init__(self, max_bytes: int = MAX_LINE_BYTES) -> None:
        self._max_bytes = max_bytes
        self._rest = b""
        self._overlong = False

    def feed(self, data: bytes) -> list[str]:
        *whole, tail = data.replace(b"\r", b"\n").split(b"\n")
        lines: list[str] = []
        for part in whole:
            self._append(part)
            lines.extend(self.close())
        self._append(tail)
        return lines

    def close(self) -> list[str]:
        """The line in progress as the last one; the splitter is then as new."""
        text = self._rest.decode("utf-8", "replace")
        if self._overlong:
            text += _CUT_MARK
        self._rest, self._overlong = b"", False
        return [text] if text else []

    def _append(self, part: bytes) -> None:
        room = self._max_bytes - len(self._rest)
        self._rest += part[:room]
        self._overlong = self._overlong or len(part) > room


class Tail:
    """The last `keep` lines of a stream that may never end."""

    def __init__(self, keep: int = 40, max_line_bytes: int = 2000) -> None:
        self._lines: deque[str] = deque(maxlen=keep)
        self._splitter = LineSplitter(max_line_bytes)

    def feed(self, data: bytes) -> None:
        self._lines.extend(self._splitter.feed(data))

    def close(self) -> None:
        self._lines.extend(self._splitter.close())

    def __str__(self) -> str:
        return "\n".join(self._lines)

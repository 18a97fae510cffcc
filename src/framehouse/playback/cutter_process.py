"""The confined child that parses sources: `python -m framehouse.playback.cutter_process`.

A request is one JSON line on stdin, an answer one JSON line on stdout and then `bytes` bytes:
`{"op":"index","path"}` gives a SourceIndex as JSON, `{"op":"init","path","stream","timescale"}` an init segment,
`{"op":"cut","path","stream","cut":{...}}` a media segment. A broken file is an error answer, never the child's end.
It reads files only; its parent confines it and restarts it if it dies all the same.
"""

import json
import os
import sys
from collections import OrderedDict
from pathlib import Path
from typing import Any, BinaryIO

import av.logging

from framehouse.kernel.errors import FramehouseError, InvalidInput, NotFound, UnsupportedMedia
from framehouse.media.source_index import index_to_json
from framehouse.playback.source_indexing import index_source
from framehouse.playback.source_reader import Cut, OpenSource

OPEN_FILES = 4


class SourceCache:
    """The last few sources, kept open between requests; a changed file is opened anew."""

    def __init__(self, limit: int = OPEN_FILES) -> None:
        self._limit = limit
        self._open: OrderedDict[str, tuple[tuple[int, int, int], OpenSource]] = OrderedDict()

    def get(self, path: str) -> OpenSource:
        try:
            stat = Path(path).stat()
        except OSError as error:
            raise NotFound("The source's file is not there.") from error
        identity = (stat.st_ino, stat.st_size, stat.st_mtime_ns)
        held = self._open.get(path)
        if held and held[0] == identity:
            self._open.move_to_end(path)
            return held[1]
        self.drop(path)
        source = OpenSource(path)
        self._open[path] = (identity, source)
        while len(self._open) > self._limit:
            self._open.popitem(last=False)[1][1].close()
        return source

    def drop(self, path: str) -> None:
        held = self._open.pop(path, None)
        if held:
            held[1].close()


def answer(request: dict[str, Any], cache: SourceCache) -> bytes:
    """The payload of one request; raises for one that cannot be answered."""
    operation, path = request["op"], str(request["path"])
    source = cache.get(path)
    if operation == "index":
        return index_to_json(index_source(source, path)).encode()
    if operation == "init":
        return source.init_segment(int(request["stream"]), int(request["timescale"]))
    if operation == "cut":
        return source.cut(int(request["stream"]), Cut(**request["cut"]))
    raise InvalidInput(f"Unknown operation {operation!r}.")


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answers requests in order until stdin ends."""
    cache = SourceCache()
    for line in requests:
        request: dict[str, Any] = {}
        try:
            request = json.loads(line)
            payload = answer(request, cache)
            head: dict[str, object] = {"ok": True, "bytes": len(payload)}
        except FramehouseError as error:
            payload, head = b"", _refusal(type(error).__name__, error.message)
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - the media library raises many kinds for broken files
            # Whatever state the demuxer is in now, the next request opens the file afresh.
            cache.drop(str(request.get("path", "")))
            payload, head = b"", _refusal(UnsupportedMedia.__name__, f"The source is damaged here ({error!r:.200}).")
        answers.write(json.dumps(head).encode() + b"\n" + payload)
        answers.flush()


def _refusal(kind: str, message: str) -> dict[str, object]:
    return {"ok": False, "bytes": 0, "kind": kind, "message": message}


def main() -> None:
    # Anything that writes to descriptor 1 behind our back would corrupt the answers: they get a private one.
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    av.logging.set_level(None)
    with os.fdopen(answers.fileno(), "wb", closefd=False) as buffered:
        serve(sys.stdin.buffer, buffered)


if __name__ == "__main__":
    main()

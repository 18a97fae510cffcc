"""A load client for large answers, run as a process of its own: `python -m benchmarks.drain PLAN`, PLAN as JSON.

It keeps connections open. Without `copies` it discards what comes inside the kernel (MSG_TRUNC, tcp(7)), so that one
core of it drives more than one core of a server. It prints its counts as JSON.
"""

import json
import selectors
import socket
import sys
import time
from dataclasses import dataclass
from typing import Any

from benchmarks.figures import percentile
from benchmarks.wire import request

BUFFER_BYTES = 1 << 20
STATUS = b"HTTP/1.1 200"


@dataclass
class _Asker:
    connection: socket.socket
    next_path: int
    left_bytes: int = 0
    asked_at: float = 0


def drain(plan: dict[str, Any]) -> dict[str, float]:
    """`address`, `paths` whose answers are equally long, `seconds`, `connections`, `copies`."""
    address = (plan["address"][0], plan["address"][1])
    requests = [request("GET", path) for path in plan["paths"]]
    answer_bytes = _length_of(address, requests[0])
    selector = selectors.EpollSelector()
    for number in range(plan["connections"]):
        asker = _Asker(socket.create_connection(address), number)
        asker.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(asker.connection, selectors.EVENT_READ, asker)
        _ask(asker, requests, answer_bytes)
    buffer = bytearray(BUFFER_BYTES)
    flags = 0 if plan["copies"] else socket.MSG_TRUNC
    latencies: list[float] = []
    received = 0
    began = time.monotonic()
    ends = began + plan["seconds"]
    while time.monotonic() < ends:
        for key, _ in selector.select(0.1):
            asker = key.data
            if asker.left_bytes == answer_bytes:
                received += _check_status(asker)
            count = asker.connection.recv_into(buffer, min(BUFFER_BYTES, asker.left_bytes), flags)
            asker.left_bytes -= count
            received += count
            if not count:
                raise ConnectionError("the server closed a connection")
            if not asker.left_bytes:
                latencies.append(time.monotonic() - asker.asked_at)
                _ask(asker, requests, answer_bytes)
    elapsed = time.monotonic() - began
    return {
        "requests_per_s": len(latencies) / elapsed,
        "bytes_per_s": received / elapsed,
        "p50_s": percentile(latencies, 50),
        "p99_s": percentile(latencies, 99),
    }


def _ask(asker: _Asker, requests: list[bytes], answer_bytes: int) -> None:
    asker.connection.sendall(requests[asker.next_path % len(requests)])
    asker.next_path, asker.left_bytes, asker.asked_at = asker.next_path + 1, answer_bytes, time.monotonic()


def _check_status(asker: _Asker) -> int:
    start = asker.connection.recv(len(STATUS), socket.MSG_WAITALL)
    if start != STATUS:
        raise ConnectionError(f"the server answered {start!r}")
    asker.left_bytes -= len(start)
    return len(start)


def _length_of(address: tuple[str, int], asked: bytes) -> int:
    """Header and body together, which is the same for every path of the plan."""
    with socket.create_connection(address) as connection:
        connection.sendall(asked)
        data = b""
        while b"\r\n\r\n" not in data:
            data += connection.recv(1 << 16)
        head = data.partition(b"\r\n\r\n")[0]
        length = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        return len(head) + 4 + int(length.partition(b":")[2])


if __name__ == "__main__":
    print(json.dumps(drain(json.loads(sys.argv[1]))))

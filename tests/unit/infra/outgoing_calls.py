"""What the tests of outgoing requests have in common: a name server under their control, and one whole request."""

from collections.abc import Sequence

from framehouse.infra.outgoing import Limits, OutgoingClient, parse_networks

LOOPBACK = parse_networks("127.0.0.0/8")
QUICK = Limits(connect_s=2, idle_s=0.4, total_s=5, answer_bytes=1000)


class Names:
    """A name server under the test's control; each question gets the next answer, the last one stays."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = list(answers)
        self.questions: list[str] = []

    async def __call__(self, host: str) -> Sequence[str]:
        self.questions.append(host)
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


async def fetch(client: OutgoingClient, url: str, *, limits: Limits = QUICK, method: str = "GET") -> tuple[int, bytes]:
    async with client.stream(method, url, limits=limits) as answer:
        return answer.status, b"".join([block async for block in answer.blocks()])

"""Which facts can be true, and what is no report at all."""

import json
from typing import Any
from uuid import UUID

import pytest

from framehouse.audience import ContentType, ReportInvalid, Watching, rows, wire
from framehouse.audience.model import Device, Location, Sender
from framehouse.kernel import TenantId, VideoId

NOW_MS = 1_800_000_000_000
WATCHING = Watching(TenantId(UUID(int=1)), VideoId(7), "A\tfilm\nin 'two' lines \\", 60_000, 99, NOW_MS - 600_000)
SEGMENT: dict[str, Any] = {
    "n": 2, "kind": "segment", "play": 1, "startedAtMs": NOW_MS - 20_000, "finishedAtMs": NOW_MS - 10_000,
    "fromMs": 0, "toMs": 10_000,
}  # fmt: skip


def report(*facts: object, client: str = "5") -> wire.WireReport:
    return wire.decode(json.dumps({"ticket": "t", "client": client, "facts": facts}).encode())


def reasons(*facts: object, watching: Watching = WATCHING) -> list[str]:
    return [refused.reason for refused in wire.believable(report(*facts), watching, NOW_MS)[1]]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'{"ticket": "t"}', b'{"ticket": 1, "client": "1", "facts": []}', b"\xff",
     b'{"ticket": "t", "client": "-1", "facts": []}',
     b'{"ticket": "t", "client": "99999999999999999999", "facts": []}'],
)  # fmt: skip
def test_what_is_no_report(body: bytes) -> None:
    with pytest.raises(ReportInvalid, match="not a report"):
        wire.decode(body)


def test_what_can_be_true() -> None:
    assert reasons(SEGMENT, {**SEGMENT, "speed": 2, "toMs": 20_000}, {**SEGMENT, "unknown": True}) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"startedAtMs": NOW_MS + 20_000, "finishedAtMs": NOW_MS + 21_000}, "future"),
        ({"finishedAtMs": NOW_MS + 20_000}, "future"),
        ({"startedAtMs": NOW_MS - 700_000}, "before the page"),
        ({"finishedAtMs": NOW_MS - 30_000}, "ends before"),
        ({"toMs": 40_000}, "more was watched"),
        ({"fromMs": 20_000}, "before fromMs"),
        ({"fromMs": 60_000, "toMs": 63_000}, "beyond the end"),
        ({"play": None}, "needs play"),
        ({"n": -1}, "n"),
        ({"kind": "guess"}, "kind"),
        ({"speed": 100}, "speed"),
    ],
)
def test_what_cannot_be_true(change: dict[str, Any], reason: str) -> None:
    (found,) = reasons({**SEGMENT, **change})
    assert reason in found


def test_one_bad_fact_does_not_spoil_the_others() -> None:
    taken, refused = wire.believable(
        report(SEGMENT, "x", {**SEGMENT, "n": 3, "toMs": "y"}, {**SEGMENT, "n": 4}), WATCHING, NOW_MS
    )
    assert [fact.n for fact in taken] == [2, 4]
    assert [one.n for one in refused] == [1, 3]


def test_live_has_no_end_of_the_film() -> None:
    live = Watching(WATCHING.tenant_id, WATCHING.video_id, "", None, 1, NOW_MS - 600_000, ContentType.LIVE)
    assert reasons({**SEGMENT, "fromMs": 9_000_000, "toMs": 9_010_000}, watching=live) == []


def test_rows_have_every_column_whatever_the_texts() -> None:
    taken, _ = wire.believable(report(SEGMENT, {"n": 0, "kind": "impression", "startedAtMs": NOW_MS}), WATCHING, NOW_MS)
    sender = Sender("192.0.2.1", "An\tagent\nwith 'quotes'", "https://example.com/\t")
    lines = rows.rows(taken, WATCHING, 5, sender, Device(), Location(), NOW_MS).decode().splitlines()
    assert [len(line.split("\t")) for line in lines] == [len(rows.COLUMNS)] * 2


def test_nobody_writes_over_anothers_fact() -> None:
    """The same number of another page load, or of another video, is another fact."""
    other_load = Watching(WATCHING.tenant_id, WATCHING.video_id, "", None, 100, NOW_MS)
    other_video = Watching(WATCHING.tenant_id, VideoId(8), "", None, 99, NOW_MS)
    ids = {rows.fact_id(watching, 2) for watching in (WATCHING, other_load, other_video)}
    assert len(ids) == 3
    assert all(one.version == 8 for one in ids)


def test_a_person_is_one_on_two_devices_and_another_for_another_tenant() -> None:
    tenant, other = WATCHING.tenant_id, TenantId(UUID(int=2))
    assert rows.person_id(tenant, "ann", 1) == rows.person_id(tenant, "ann", 2)
    assert rows.person_id(tenant, "", 1) != rows.person_id(tenant, "", 2)
    assert rows.person_id(tenant, "ann", 1) != rows.person_id(other, "ann", 1)

"""From a believed report to rows of the log: what identifies a fact, and every column of it.

A fact's id is made here from the page load's and the fact's own number, so that nobody can write over another's facts.
The first columns are the ones that `flush` looks at.
"""

from hashlib import blake2b
from uuid import UUID

from framehouse.audience.model import Device, Kind, Location, Sender, Watching
from framehouse.audience.wire import WireFact
from framehouse.infra.analytics import escape_tsv
from framehouse.kernel import TenantId

NOBODY = UUID(int=0)
UNKNOWN = -1

FACT_COLUMNS = (
    "tenant_id", "person_id", "started_ms", "kind", "fact_id", "version", "finished_ms", "finished", "play_id",
    "from_ms", "to_ms", "speed", "page_load_ms", "player_startup_ms", "startup_ms", "hidden", "autoplay", "muted",
    "auto", "height_px", "bitrate_bps", "stream_format", "code", "label", "action", "ad_impression_id",
)  # fmt: skip
PAGE_COLUMNS = (
    "video_id", "impression_id", "content_type", "video_title", "video_duration_ms", "client_id", "identifier",
    "viewer_kind", "uid", "email", "viewer_name", "on_site", "domain", "page", "address", "country", "region", "city",
    "user_agent", "browser", "browser_major", "browser_minor", "browser_patch", "os", "os_major", "os_minor",
    "os_patch", "os_patch_minor", "device", "device_brand", "device_model", "device_type", "is_mobile", "is_bot",
    "playback_type", "is_owner", "received_ms",
)  # fmt: skip
COLUMNS = FACT_COLUMNS + PAGE_COLUMNS
PLAYBACK_TYPE = "html5"


def person_id(tenant_id: TenantId, identifier: str, client_id: int) -> UUID:
    """Who a viewer is within a tenant: by identifier on all devices, else by device."""
    who = f"viewer\0{identifier}" if identifier else f"client\0{client_id}"
    return _uuid(tenant_id.bytes, who.encode())


def impression_id(watching: Watching) -> UUID:
    return _uuid(watching.video_id.to_bytes(6, "big"), watching.impression.to_bytes(8, "big"))


def fact_id(watching: Watching, n: int) -> UUID:
    return _uuid(watching.video_id.to_bytes(6, "big"), watching.impression.to_bytes(8, "big"), n.to_bytes(4, "big"))


def rows(
    facts: list[WireFact],
    watching: Watching,
    client_id: int,
    sender: Sender,
    device: Device,
    location: Location,
    now_ms: int,
) -> bytes:
    """Tab-separated lines with the values of `COLUMNS`."""
    person = person_id(watching.tenant_id, watching.viewer.identifier, client_id)
    head = f"{watching.tenant_id}\t{person}"
    page = _page(watching, client_id, sender, device, location, now_ms)
    return "".join(f"{head}\t{_fact(fact, watching)}\t{page}\n" for fact in facts).encode()


def _fact(fact: WireFact, watching: Watching) -> str:
    finished_ms = fact.finished_at_ms if fact.finished_at_ms is not None else fact.started_at_ms
    play = NOBODY
    if fact.kind is Kind.PLAY:
        play = fact_id(watching, fact.n)
    elif fact.play is not None:
        play = fact_id(watching, fact.play)
    values = (
        fact.started_at_ms, fact.kind.value, fact_id(watching, fact.n), fact.version, finished_ms, int(fact.finished),
        play, fact.from_ms or 0, fact.to_ms if fact.to_ms is not None else fact.from_ms or 0, fact.speed or 1.0,
        _known(fact.page_load_ms), _known(fact.player_startup_ms), _known(fact.startup_ms), int(fact.hidden),
        int(fact.autoplay), int(fact.muted), int(fact.auto), fact.height_px or 0, fact.bitrate_bps or 0,
        *(escape_tsv(text) for text in (fact.stream_format, fact.code, fact.label, fact.action, fact.ad_impression)),
    )  # fmt: skip
    return "\t".join(map(str, values))


def _page(watching: Watching, client_id: int, sender: Sender, device: Device, location: Location, now_ms: int) -> str:
    viewer = watching.viewer
    texts = (
        viewer.identifier, viewer.kind.value, viewer.uid, viewer.email, viewer.name,
    )  # fmt: skip
    where = (watching.host, sender.page, sender.address, location.country, location.region, location.city)
    what = (sender.user_agent, *device.browser, *device.os, *device.device, device.type)
    values = (
        int(watching.video_id), impression_id(watching), watching.content_type.value, escape_tsv(watching.title),
        watching.duration_ms or 0, client_id, *map(escape_tsv, texts), int(watching.on_site), *map(escape_tsv, where),
        *map(escape_tsv, what), int(device.is_mobile), int(device.is_bot), PLAYBACK_TYPE, int(watching.owner), now_ms,
    )  # fmt: skip
    return "\t".join(map(str, values))


def _known(value: int | None) -> int:
    return UNKNOWN if value is None else value


def _uuid(*parts: bytes) -> UUID:
    """Version 8 of RFC 9562, section 5.8: our own hash of the parts."""
    number = int.from_bytes(blake2b(b"\0".join(parts), digest_size=16).digest(), "big")
    number = number & ~(0xF << 76) | 8 << 76
    return UUID(int=number & ~(0b11 << 62) | 0b10 << 62)

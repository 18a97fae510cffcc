"""The analytics database's tables, as numbered steps in both directions.

One table holds every fact, each row with all that is known of its page load: figures need no joins. A later version of
a fact replaces the earlier (ReplacingMergeTree), and so does the same row when it is stored twice; questions read with
FINAL. Times are Int64 in milliseconds, which every version of ClickHouse since 2018 has.
"""

from dataclasses import dataclass

from framehouse.audience.model import ContentType, Kind, ViewerKind
from framehouse.infra.analytics import AnalyticsEngine

FACTS = "facts"
ERASURES = "erasures"
VERSIONS = "schema_versions"


@dataclass(frozen=True)
class Step:
    number: int
    up: tuple[str, ...]
    down: tuple[str, ...]


def _enum(values: type[Kind] | type[ContentType] | type[ViewerKind]) -> str:
    return "Enum8(" + ", ".join(f"'{value.value}' = {number}" for number, value in enumerate(values, 1)) + ")"


_TEXT = "LowCardinality(String)"
_FACTS = f"""
CREATE TABLE IF NOT EXISTS {FACTS} (
    tenant_id UUID, person_id UUID, started_ms Int64, kind {_enum(Kind)}, fact_id UUID, version UInt32,
    finished_ms Int64, finished UInt8, play_id UUID, from_ms Int64, to_ms Int64, speed Float32,
    page_load_ms Int32, player_startup_ms Int32, startup_ms Int32, hidden UInt8, autoplay UInt8, muted UInt8,
    auto UInt8, height_px UInt16, bitrate_bps UInt32, stream_format {_TEXT}, code {_TEXT}, label String,
    action {_TEXT}, ad_impression_id String,
    video_id UInt64, impression_id UUID, content_type {_enum(ContentType)}, video_title {_TEXT},
    video_duration_ms Int64, client_id UInt64, identifier String, viewer_kind {_enum(ViewerKind)},
    uid String, email String, viewer_name String, on_site UInt8, domain {_TEXT}, page String, address String,
    country {_TEXT}, region {_TEXT}, city {_TEXT}, user_agent {_TEXT}, browser {_TEXT}, browser_major {_TEXT},
    browser_minor {_TEXT}, browser_patch {_TEXT}, os {_TEXT}, os_major {_TEXT}, os_minor {_TEXT}, os_patch {_TEXT},
    os_patch_minor {_TEXT}, device {_TEXT}, device_brand {_TEXT}, device_model {_TEXT}, device_type {_TEXT},
    is_mobile UInt8, is_bot UInt8, playback_type {_TEXT}, is_owner UInt8, received_ms Int64
) ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(toDateTime(intDiv(started_ms, 1000), 'UTC'))
ORDER BY (tenant_id, kind, video_id, started_ms, fact_id)
{{durable}}
"""
_ERASURES = f"""
CREATE TABLE IF NOT EXISTS {ERASURES} (tenant_id UUID, person_id UUID, erased_ms Int64)
ENGINE = MergeTree ORDER BY (tenant_id, person_id) {{durable}}
"""
STEPS = (Step(1, (_FACTS, _ERASURES), (f"DROP TABLE IF EXISTS {ERASURES}", f"DROP TABLE IF EXISTS {FACTS}")),)
# What was acknowledged survives the machine: parts are written through before the journal forgets the rows.
DURABLE = "SETTINGS fsync_after_insert = 1, fsync_part_directory = 1"


async def migrate(engine: AnalyticsEngine, *, target: int = STEPS[-1].number, durable: str = DURABLE) -> list[int]:
    """Brings the engine's current database to a step, up or down; the numbers of the steps taken. May run again after
    it was cut off. `durable` is left out for servers from before 2020, which do not know these settings."""
    await engine.execute(
        f"CREATE TABLE IF NOT EXISTS {VERSIONS} (number UInt32, at DateTime DEFAULT now()) "
        "ENGINE = MergeTree ORDER BY number"
    )
    known = {row[0] for row in await engine.query(f"SELECT DISTINCT number FROM {VERSIONS}")}
    taken: list[int] = []
    for step in STEPS:
        if step.number <= target and step.number not in known:
            for statement in step.up:
                await engine.execute(statement.format(durable=durable))
            await engine.insert(VERSIONS, ("number",), f"{step.number}\n".encode())
            taken.append(step.number)
    for step in reversed(STEPS):
        if step.number > target and step.number in known:
            for statement in step.down:
                await engine.execute(statement)
            await engine.execute(f"ALTER TABLE {VERSIONS} DELETE WHERE number = {step.number}")
            taken.append(step.number)
    return taken

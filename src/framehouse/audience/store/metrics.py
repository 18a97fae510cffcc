"""Questions about page loads ("impressions") and shown ads as such: one row each, put together from its facts, and any
aggregate of any of its properties over them.

The expressions are all here; what a caller gives becomes parameters of the engine.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from framehouse.audience.model import Kind, Scope
from framehouse.audience.store.facts import FINAL, of_scope
from framehouse.audience.store.series import Bucket, Zone, bucket_start_s
from framehouse.infra.analytics import AnalyticsEngine, Parameter, Row


@dataclass(frozen=True)
class Property:
    """`expression` is over one page load's (or ad's) facts. What is not known is NULL as a number, empty as a text."""

    expression: str
    is_number: bool = False


def _lasted(kind: Kind) -> str:
    return f"toFloat64(sumIf(finished_ms - started_ms, kind = '{kind.value}'))"


def _known(column: str, kind: Kind) -> str:
    value = f"maxIf({column}, kind = '{kind.value}' AND {column} >= 0)"
    return f"if(countIf(kind = '{kind.value}' AND {column} >= 0) = 0, NULL, toFloat64({value}))"


def _text(column: str) -> Property:
    return Property(f"toString(any({column}))")


_PLAYED, _BUFFERED = _lasted(Kind.SEGMENT), _lasted(Kind.BUFFER)
_PLAYER, _VIDEO = _known("player_startup_ms", Kind.IMPRESSION), _known("startup_ms", Kind.PLAY)
PAGE: dict[str, Property] = {
    "impression": Property("toString(impression_id)"),
    "played_ms": Property(_PLAYED, is_number=True),
    "paused_ms": Property(_lasted(Kind.PAUSE), is_number=True),
    "sought_ms": Property(_lasted(Kind.SEEK), is_number=True),
    "buffered_ms": Property(_BUFFERED, is_number=True),
    "viewed_ms": Property(f"{_PLAYED} + {_lasted(Kind.PAUSE)} + {_lasted(Kind.SEEK)} + {_BUFFERED}", is_number=True),
    "plays": Property("toFloat64(countIf(kind = 'play'))", is_number=True),
    "errors": Property("toFloat64(countIf(kind = 'error'))", is_number=True),
    "startup_ms": Property(f"{_PLAYER} + {_VIDEO}", is_number=True),
    "player_startup_ms": Property(_PLAYER, is_number=True),
    "video_startup_ms": Property(_VIDEO, is_number=True),
    "page_load_ms": Property(_known("page_load_ms", Kind.IMPRESSION), is_number=True),
    "page_load_type": Property("toFloat64(1 + maxIf(hidden, kind = 'impression'))", is_number=True),
    "rebuffer_share": Property(
        f"if({_PLAYED} + {_BUFFERED} = 0, NULL, {_BUFFERED} / ({_PLAYED} + {_BUFFERED}))", is_number=True
    ),
    "duration_ms": Property("toFloat64(any(video_duration_ms))", is_number=True),
    "height_px": Property("nullIf(toFloat64(maxIf(height_px, kind IN ('play', 'quality'))), 0)", is_number=True),
    "is_live": Property("toString(any(content_type) = 'live')"),
    "error_code": Property("toString(anyIf(code, kind = 'error'))"),
    "stream_format": Property("toString(anyIf(stream_format, kind = 'play'))"),
    "country": _text("country"),
    "region": _text("region"),
    "city": _text("city"),
    "browser": _text("browser"),
    "browser_major": _text("browser_major"),
    "os": _text("os"),
    "os_major": _text("os_major"),
    "device_type": _text("device_type"),
    "device": _text("device"),
    "domain": _text("domain"),
    "page": _text("page"),
    "video": _text("video_id"),
    "video_title": _text("video_title"),
    "client": _text("client_id"),
    "viewer": _text("identifier"),
}


def _happened(*actions: str) -> Property:
    names = ", ".join(f"'{action}'" for action in actions)
    return Property(f"toFloat64(countIf(action IN ({names})) > 0)", is_number=True)


_ABOUT_PAGE = (
    "is_live", "country", "region", "city", "browser", "browser_major", "os", "os_major", "device_type", "device",
    "domain", "page", "video", "video_title", "client", "viewer",
)  # fmt: skip
AD: dict[str, Property] = {
    "ad_impression": Property("ad_impression_id"),
    "impression": Property("toString(any(impression_id))"),
    "ad": _text("label"),
    "started": _happened("started"),
    "clicked": _happened("clicked"),
    "skipped": _happened("skipped"),
    "quartile_1": _happened("quartile_1"),
    "midpoint": _happened("midpoint"),
    "quartile_3": _happened("quartile_3"),
    "completed": _happened("completed"),
    "failed": _happened("error"),
    **{name: PAGE[name] for name in _ABOUT_PAGE},
}


class Aggregate(Enum):
    """The value is the function over the property's values that are known."""

    COUNT = "count({value})"
    SUM = "sum({value})"
    AVG = "avg({value})"
    MIN = "min({value})"
    MAX = "max({value})"
    STDDEV = "stddevPop({value})"
    VARIANCE = "varPop({value})"
    PERCENTILE = "quantileExactInclusive({level})({value})"


class Operator(Enum):
    """The value is the comparison of the property with the parameter."""

    EQ = "{property} = {parameter}"
    NE = "{property} != {parameter}"
    LT = "{property} < {parameter}"
    LTE = "{property} <= {parameter}"
    GT = "{property} > {parameter}"
    GTE = "{property} >= {parameter}"
    IN = "has({parameter}, {property})"
    CONTAINS = "positionCaseInsensitiveUTF8({property}, {parameter}) > 0"
    NOTCONTAINS = "positionCaseInsensitiveUTF8({property}, {parameter}) = 0"


@dataclass(frozen=True)
class Filter:
    """`value` has the property's kind: a number, a text, or a list of these for IN."""

    property: str
    operator: Operator
    value: Parameter


@dataclass(frozen=True)
class Question:
    """`properties` is `PAGE` or `AD`; names are theirs. Rows are ordered by `order`, pairs of a column's index (the
    bucket first if there is one, then the groups, then the value) and whether it descends. `level`: of a percentile."""

    scope: Scope
    properties: dict[str, Property]
    of: str
    aggregate: Aggregate
    filters: Sequence[Filter] = ()
    groups: Sequence[str] = ()
    bucket: Bucket | None = None
    order: Sequence[tuple[int, bool]] = ()
    level: float = 0.5
    limit: int = 200
    offset: int = 0


async def ask(engine: AnalyticsEngine, question: Question) -> list[Row]:
    """Rows of the bucket's first second, the groups' values, and the aggregate."""
    inner, parameters = _inner(question)
    columns: list[str] = []
    if question.bucket is not None:
        columns.append(bucket_start_s(question.bucket, "intDiv(began_ms, 1000)", Zone()))
    columns += [f"property_{name}" for name in question.groups]
    value = f"property_{question.of}"
    if not question.properties[question.of].is_number:
        value = f"nullIf({value}, '')"
    aggregate = question.aggregate.value.format(value=value, level=question.level)
    names = [f"column_{index}" for index in range(len(columns) + 1)]
    select = ", ".join(f"{text} AS {name}" for text, name in zip([*columns, aggregate], names, strict=True))
    order = [f"{names[index]} {'DESC' if descends else 'ASC'}" for index, descends in question.order] + names[:-1]
    return await engine.query(
        f"SELECT {select} FROM ({inner}) {_where(question, parameters)} "
        f"{'GROUP BY ' + ', '.join(names[:-1]) if columns else ''} {'ORDER BY ' + ', '.join(order) if order else ''} "
        f"LIMIT {int(question.limit)} OFFSET {int(question.offset)}",
        parameters,
    )


async def impressions(engine: AnalyticsEngine, question: Question) -> list[str]:
    """Ids of page loads, the newest first."""
    inner, parameters = _inner(question)
    rows = await engine.query(
        f"SELECT property_impression FROM ({inner}) {_where(question, parameters)} "
        f"ORDER BY began_ms DESC, property_impression LIMIT {int(question.limit)}",
        parameters,
    )
    return [row[0] for row in rows]


def _inner(question: Question) -> tuple[str, dict[str, Parameter]]:
    """One row for each page load, or shown ad, that began in the period."""
    scope, is_ad = question.scope, question.properties is AD
    kinds = (Kind.AD,) if is_ad else tuple(kind for kind in Kind if kind not in (Kind.AD, Kind.PRESENCE))
    condition = of_scope(scope, *kinds)
    if scope.from_ms is not None:
        condition = condition.and_("started_ms >= {from:Int64}", **{"from": scope.from_ms})
    parameters = dict(condition.parameters)
    began = ["began_ms > 0"]
    if scope.to_ms is not None:
        parameters["to"] = scope.to_ms
        began.append("began_ms < {to:Int64}")
    names = dict.fromkeys([question.of, *question.groups, *(one.property for one in question.filters), "impression"])
    select = ", ".join(f"{question.properties[name].expression} AS property_{name}" for name in names)
    key = "ad_impression_id" if is_ad else "impression_id"
    first = "min(started_ms)" if is_ad else "minIf(started_ms, kind = 'impression')"
    return (
        f"SELECT {key}, {first} AS began_ms, {select} FROM {FINAL} WHERE {condition.text} "
        f"GROUP BY {key} HAVING {' AND '.join(began)}"
    ), parameters


def _where(question: Question, parameters: dict[str, Parameter]) -> str:
    """Also puts the filters' values among the parameters."""
    parts: list[str] = []
    for index, one in enumerate(question.filters):
        kind = "Float64" if question.properties[one.property].is_number else "String"
        if one.operator is Operator.IN:
            kind = f"Array({kind})"
        parameters[f"filter{index}"] = one.value
        parameter = f"{{filter{index}:{kind}}}"
        name = f"property_{one.property}"
        known = f"{name} IS NOT NULL AND " if question.properties[one.property].is_number else ""
        parts.append(f"({known}{one.operator.value.format(property=name, parameter=parameter)})")
    return f"WHERE {' AND '.join(parts)}" if parts else ""

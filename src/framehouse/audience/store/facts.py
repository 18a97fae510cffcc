"""Which rows of the log a question is about, as a condition with its parameters."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from framehouse.audience.model import Kind, Scope
from framehouse.audience.store.schema import FACTS
from framehouse.infra.analytics import Parameter

FINAL = f"{FACTS} FINAL"


@dataclass(frozen=True)
class Condition:
    """Text after WHERE, and the values its `{name:Type}` stand for."""

    text: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict[str, Parameter])

    def and_(self, text: str, **parameters: Parameter) -> "Condition":
        return Condition(f"{self.text} AND {text}", {**self.parameters, **parameters})


def of_scope(scope: Scope, *kinds: Kind, with_bots: bool = False) -> Condition:
    """Facts of the tenant and of some kinds, whenever."""
    names = ", ".join(f"'{kind.value}'" for kind in kinds)
    condition = Condition(f"tenant_id = {{tenant:UUID}} AND kind IN ({names})", {"tenant": scope.tenant_id})
    if not with_bots:
        condition = condition.and_("is_bot = 0")
    if scope.videos is not None:
        condition = condition.and_("video_id IN {videos:Array(UInt64)}", videos=scope.videos)
    if scope.content_type is not None:
        condition = condition.and_(f"content_type = '{scope.content_type.value}'")
    return condition


def begun_in(scope: Scope, *kinds: Kind, with_bots: bool = False) -> Condition:
    """Facts that began in the scope's period."""
    condition = of_scope(scope, *kinds, with_bots=with_bots)
    if scope.from_ms is not None:
        condition = condition.and_("started_ms >= {from:Int64}", **{"from": scope.from_ms})
    if scope.to_ms is not None:
        condition = condition.and_("started_ms < {to:Int64}", to=scope.to_ms)
    return condition


def touching(scope: Scope, *kinds: Kind) -> Condition:
    """Facts of which a part lies in the scope's period."""
    condition = of_scope(scope, *kinds)
    if scope.from_ms is not None:
        condition = condition.and_(
            "(finished_ms > {from:Int64} OR started_ms >= {from:Int64})", **{"from": scope.from_ms}
        )
    if scope.to_ms is not None:
        condition = condition.and_("started_ms < {to:Int64}", to=scope.to_ms)
    return condition


def clipped(scope: Scope) -> tuple[str, str]:
    """A fact's beginning and end within the scope's period, as expressions over `touching`."""
    start = "greatest(started_ms, {from:Int64})" if scope.from_ms is not None else "started_ms"
    end = "least(finished_ms, {to:Int64})" if scope.to_ms is not None else "finished_ms"
    return start, end

"""What the audience room works with. `bootstrap` makes one per process."""

from dataclasses import dataclass, field
from functools import cached_property

from framehouse.audience.intake import Intake
from framehouse.audience.places import Places
from framehouse.audience.play_counts import PlayCounts
from framehouse.audience.rate import FactRates
from framehouse.audience.tickets import ReportTickets
from framehouse.infra.analytics import AnalyticsEngine
from framehouse.kernel import Clock


@dataclass(frozen=True)
class AudienceContext:
    """`keep_address` is `full`, `truncated` or `none`; `consent`: whether viewers must have agreed before they are
    recognised."""

    engine: AnalyticsEngine
    intake: Intake
    tickets: ReportTickets
    places: Places
    clock: Clock
    keep_address: str = "full"
    consent_required: bool = False
    report_every_ms: int = 10_000
    rates: FactRates = field(default_factory=FactRates)

    @cached_property
    def play_counts(self) -> PlayCounts:
        return PlayCounts(self.engine, self.clock)

    async def check(self) -> None:
        """Raises EngineUnavailable when facts can be neither kept nor asked for."""
        await self.intake.check()
        await self.engine.query("SELECT 1")

    async def close(self) -> None:
        await self.intake.close()
        await self.engine.close()

    def now_ms(self) -> int:
        return round(self.clock.now().timestamp() * 1000)

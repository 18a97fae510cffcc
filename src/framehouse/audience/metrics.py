"""Any aggregate of any property of page loads and of shown ads."""

from framehouse.audience.context import AudienceContext
from framehouse.audience.store import metrics
from framehouse.audience.store.metrics import AD, PAGE, Aggregate, Filter, Operator, Property, Question
from framehouse.infra.analytics import Row

__all__ = ["AD", "PAGE", "Aggregate", "Filter", "Operator", "Property", "Question", "impressions", "measure"]


async def measure(context: AudienceContext, question: Question) -> list[Row]:
    """Rows of the bucket's first second (if buckets are asked for), the groups' values, and the aggregate, which is
    None where no value is known."""
    return await metrics.ask(context.engine, question)


async def impressions(context: AudienceContext, question: Question) -> list[str]:
    """Ids of page loads, the newest first."""
    return await metrics.impressions(context.engine, question)

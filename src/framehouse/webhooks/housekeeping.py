"""What is kept of deliveries, and for how long."""

from datetime import datetime

from framehouse.library import LibraryContext
from framehouse.webhooks.store import deliveries


async def forget_deliveries(context: LibraryContext, before: datetime) -> int:
    """Remove the records of deliveries that were begun before a time and have ended; returns how many."""
    async with context.database.write() as tx:
        return await deliveries.forget(tx, before)

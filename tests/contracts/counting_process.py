"""One of several processes that add one to a tenant's storage quota, again and again, by reading and writing it back.

python counting_process.py DATABASE_URL TENANT_ID TIMES
"""

import asyncio
import sys
from uuid import UUID

import sqlalchemy as sa

from framehouse.identity.store.tables import tenants
from framehouse.infra.database import Database


async def add_one(database: Database, tenant_id: UUID) -> None:
    own = tenants.c.id == tenant_id
    async with database.write() as tx:
        found = await tx.execute(sa.select(tenants.c.storage_quota_bytes).where(own).with_for_update())
        value = found.scalar_one()
        await asyncio.sleep(0)  # the others' chance, if nothing held them back
        await tx.execute(sa.update(tenants).where(own).values(storage_quota_bytes=value + 1))


async def count(url: str, tenant_id: UUID, times: int) -> None:
    database = Database(url)
    for _ in range(times):
        await add_one(database, tenant_id)
    await database.close()


if __name__ == "__main__":
    asyncio.run(count(sys.argv[1], UUID(sys.argv[2]), int(sys.argv[3])))

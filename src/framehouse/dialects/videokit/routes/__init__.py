"""Cloud Video Kit's requests, a file for each of its sections."""

from fastapi import APIRouter

from framehouse.dialects.videokit.routes import analytics, concurrency

router = APIRouter()
for section in (analytics, concurrency):
    router.include_router(section.router, prefix="/streaming/v1/analytics")

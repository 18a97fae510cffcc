"""IBM's requests: each authorises, translates, asks the audience and translates the answer back."""

from fastapi import APIRouter

from framehouse.dialects.ibm.routes import oauth, peaks, series, views

router = APIRouter()
router.include_router(oauth.router)
for room in (views, peaks, series):  # before the series, whose paths take any words
    router.include_router(room.router, prefix="/v1")

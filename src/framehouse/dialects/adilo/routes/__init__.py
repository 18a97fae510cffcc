"""Adilo's requests: each authorises, translates, calls one use case and translates its answer back.

Success is exactly 200. Names of parameters are read in any case.
"""

from fastapi import APIRouter

from framehouse.dialects.adilo.routes import contacts, files, folders, projects, subtitles, users

router = APIRouter()
for each in (projects, folders, subtitles, files, users, contacts):
    router.include_router(each.router)

"""Every route of the API: who may call it, and that nobody reaches another tenant's things."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.routing import Route

from framehouse.console import ConsoleContext, create_console
from framehouse.identity import ENFORCED, MEANINGS, Permission, Role
from framehouse.kernel import FakeClock, to_hex
from tests.console.conftest import House

BODIES = {
    ("PATCH", "/api/videos/{id}"): {"title": "Mine now"},
    ("POST", "/api/uploads"): {"file_name": "a.mp4", "size_bytes": 4},
    ("POST", "/api/uploads/{id}/complete"): {"parts": [{"number": 1, "etag": "0"}]},
}
READS = {"GET"}


def calls() -> Iterator[tuple[str, str]]:
    """Every method and path of the API but the session's own, which asks for nothing."""
    nothing: Any = SimpleNamespace()
    library = SimpleNamespace(database=nothing)
    context = ConsoleContext(nothing, library, nothing, nothing, FakeClock())  # type: ignore[arg-type]  # never called
    app = create_console(context)
    for route in app.routes:
        if isinstance(route, Route) and route.path.startswith("/api/") and route.path != "/api/session":
            yield from ((method, route.path) for method in sorted(route.methods or set()) if method != "HEAD")


def address(path: str, content_id: str) -> str:
    return "/console" + path.replace("{id}", content_id).replace("{number:int}", "1")


def test_the_walk_sees_the_routes() -> None:
    assert len(list(calls())) == 13
    assert set(BODIES) <= set(calls())


@pytest.mark.parametrize(("method", "path"), list(calls()))
async def test_a_stranger_is_asked_to_sign_in(house: House, method: str, path: str) -> None:
    client = await house.client()
    answer = await client.request(method, address(path, "0" * 11 + "1"), json=BODIES.get((method, path)))
    assert answer.status_code == 401
    assert answer.json() == {"error": "Sign in first.", "fields": {}}


@pytest.mark.parametrize(("method", "path"), [call for call in calls() if call[0] not in READS])
async def test_writing_takes_the_token_and_the_role(house: House, method: str, path: str) -> None:
    admin, viewer = await house.signed_in(), await house.signed_in(role=Role.VIEWER)
    video = await house.video()
    url, body = address(path, to_hex(video.id)), BODIES.get((method, path))
    for token in ("", viewer.headers["x-csrf-token"]):
        answer = await admin.request(method, url, json=body, headers={"x-csrf-token": token})
        assert answer.status_code == 403
        assert "Reload" in answer.json()["error"]
    refused = await viewer.request(method, url, json=body)
    assert refused.status_code == 403
    assert "editor" in refused.json()["error"]
    assert (await admin.get(f"/console/api/videos/{to_hex(video.id)}")).json()["title"] == video.title


PERMISSIONS = {
    "POST /api/uploads": Permission.UPLOAD_VIDEO,
    "POST /api/uploads/{id}/parts/{number:int}": Permission.UPLOAD_VIDEO,
    "POST /api/uploads/{id}/complete": Permission.UPLOAD_VIDEO,
    "DELETE /api/uploads/{id}": Permission.UPLOAD_VIDEO,
    "POST /api/videos/{id}/cancel": Permission.UPLOAD_VIDEO,
    "POST /api/videos/{id}/run-again": Permission.UPLOAD_VIDEO,
    "PATCH /api/videos/{id}": Permission.CUSTOMIZE_VIDEO,
    "DELETE /api/videos/{id}": Permission.DELETE_VIDEO,
}


@pytest.mark.parametrize(("method", "path"), [call for call in calls() if call[0] not in READS])
async def test_a_list_of_permissions_says_everything(house: House, method: str, path: str) -> None:
    needed = PERMISSIONS.get(f"{method} {path}")
    if needed is None:
        assert (method, path) == ("DELETE", "/api/session")  # anybody may go
        return
    every_other = tuple(permission for permission in Permission if permission is not needed)
    without = await house.signed_in("studio", Role.EDITOR, every_other)
    video = await house.video()
    url, body = address(path, to_hex(video.id)), BODIES.get((method, path))
    refused = await without.request(method, url, json=body)
    assert (refused.status_code, MEANINGS[needed] in refused.json()["error"]) == (403, True)
    only = await house.signed_in("another", Role.EDITOR, (needed,))
    assert (await only.request(method, url, json=body)).status_code != 403
    assert needed in ENFORCED


@pytest.mark.parametrize(("method", "path"), [call for call in calls() if "{id}" in call[1]])
async def test_anothers_id_is_an_unknown_one(house: House, method: str, path: str) -> None:
    own, stranger = await house.signed_in(), await house.signed_in("others")
    upload = await own.post("/console/api/uploads", json=BODIES["POST", "/api/uploads"])
    known = upload.json()["id"] if "uploads" in path else to_hex((await house.video()).id)
    body = BODIES.get((method, path))
    answers = [
        await stranger.request(method, address(path, content_id), json=body)
        for content_id in (known, "123456789abc", "not-an-id")
    ]
    assert [answer.status_code for answer in answers] == [404] * 3
    assert len({answer.text for answer in answers}) == 1


async def test_a_list_has_only_ones_own(house: House) -> None:
    own, stranger = await house.signed_in(), await house.signed_in("others")
    await house.video()
    assert (await own.get("/console/api/videos")).json()["total"] == 1
    assert (await stranger.get("/console/api/videos")).json() == {"videos": [], "total": 0}
    assert (await stranger.get("/console/api/videos?search=harbour")).json()["total"] == 0

"""Logins and access grants over HTTP."""

import re
from typing import Any

import httpx
import pytest

from tests.dialects.house import House, assert_shape, facts
from tests.dialects.sproutvideo.uploading import make, pages_of, upload

FACTS = facts("sproutvideo")
ADA = {"email": "ada@example.com", "password": "love"}


async def test_logins(sprout: httpx.AsyncClient, house: House) -> None:
    made = await make(sprout, "/logins", **ADA)
    assert_shape(made, FACTS["login"])
    assert (made["email"], made["access_grants"], "password" in made) == ("ada@example.com", [], False)
    assert (await sprout.get(f"/logins/{made['id']}")).json() == made
    house.advance(seconds=5)
    edited = (await sprout.put(f"/logins/{made['id']}", json={"password": "lace", "email": "x@example.com"})).json()
    assert edited == {**made, "updated_at": "2026-01-01T00:00:05Z"}
    tenant = house.owner.tenant_id
    assert (await house.identity.sign_in_viewer(tenant, "ada@example.com", "lace", "192.0.2.1")).email == made["email"]
    assert (await sprout.delete(f"/logins/{made['id']}")).json() == edited
    assert (await sprout.get(f"/logins/{made['id']}")).status_code == 404
    assert (await sprout.get("/logins")).json()["total"] == 0


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"email": "ada@example.com"}, "password"),
        ({"password": "x"}, "email"),
        ({**ADA, "email": "ada"}, "email"),
        ({**ADA, "password": ""}, "password"),
    ],
)
async def test_refused_logins(sprout: httpx.AsyncClient, body: dict[str, str], field: str) -> None:
    answer = await sprout.post("/logins", json=body)
    assert (answer.status_code, field in answer.json()["errors"]) == (422, True)


async def test_an_address_is_taken_once_in_an_account(sprout: httpx.AsyncClient, house: House) -> None:
    made = await make(sprout, "/logins", **ADA)
    again = await sprout.post("/logins", json={**ADA, "email": "Ada@Example.com"})
    assert (again.status_code, isinstance(again.json()["error"], str)) == (409, True)
    async with house.api("sproutvideo", house.stranger) as other:
        await make(other, "/logins", **ADA)
    missing = await sprout.put(f"/logins/{made['id']}", json={})
    assert (missing.status_code, missing.json()["errors"]) == (422, {"password": "is missing"})


async def film_and_login(sprout: httpx.AsyncClient) -> dict[str, str]:
    return {"video_id": (await upload(sprout))["id"], "login_id": (await make(sprout, "/logins", **ADA))["id"]}


async def test_grants(sprout: httpx.AsyncClient, house: House) -> None:
    ids = await film_and_login(sprout)
    made = await make(sprout, "/access_grants", **ids)
    assert_shape(made, FACTS["access_grant"])
    defaults = {"access_starts_at": None, "access_ends_at": None, "allowed_plays": 0, "play_count": 0}
    assert {name: made[name] for name in defaults} == defaults
    assert (made["download_permissions"], made["video_id"], made["login_id"]) == ([], *ids.values())
    assert (await sprout.get(f"/access_grants/{made['id']}")).json() == made
    assert (await sprout.get(f"/logins/{ids['login_id']}")).json()["access_grants"] == [made["id"]]
    house.advance(seconds=5)
    edit = {
        "allowed_plays": "2",
        "access_ends_at": "2030-01-01T01:00:00+01:00",
        "download_permissions": ["sd", "original"],
    }
    edited = (await sprout.put(f"/access_grants/{made['id']}", json=edit)).json()
    assert (edited["allowed_plays"], edited["access_ends_at"]) == (2, "2030-01-01T00:00:00Z")
    assert sorted(edited["download_permissions"]) == ["original", "sd"]
    assert edited["updated_at"] == "2026-01-01T00:00:05Z"
    cleared = (await sprout.put(f"/access_grants/{made['id']}", json={"access_ends_at": None})).json()
    assert (cleared["access_ends_at"], cleared["allowed_plays"]) == (None, 2)
    assert (await sprout.delete(f"/access_grants/{made['id']}")).json() == cleared
    assert (await sprout.get(f"/access_grants/{made['id']}")).json() == {"error": "there is no such access grant"}


async def test_lists(sprout: httpx.AsyncClient, house: House) -> None:
    ids = await film_and_login(sprout)
    house.advance(seconds=1)
    other = (await make(sprout, "/logins", email="b@example.com", password="x"))["id"]
    grants = []
    for login in (ids["login_id"], other, ids["login_id"]):
        grants.append((await make(sprout, "/access_grants", video_id=ids["video_id"], login_id=login))["id"])
        house.advance(seconds=1)
    assert [each["id"] for each in await pages_of(sprout, "/access_grants", "access_grants")] == grants[::-1]
    by_login = await pages_of(sprout, f"/access_grants?login_id={other}", "access_grants")
    assert [each["id"] for each in by_login] == [grants[1]]
    assert await pages_of(sprout, "/access_grants?video_id=ffffffffffff", "access_grants") == []
    assert [each["email"] for each in await pages_of(sprout, "/logins", "logins")] == ["b@example.com", ADA["email"]]
    logins = (await sprout.get("/logins")).json()["logins"]
    assert [each["access_grants"] for each in logins] == [[grants[1]], [grants[0], grants[2]]]


async def test_grants_go_with_their_login_and_video(sprout: httpx.AsyncClient) -> None:
    ids = await film_and_login(sprout)
    grant = await make(sprout, "/access_grants", **ids)
    await sprout.delete(f"/videos/{ids['video_id']}")
    assert (await sprout.get(f"/access_grants/{grant['id']}")).status_code == 404
    second = await make(sprout, "/access_grants", **{**ids, "video_id": (await upload(sprout))["id"]})
    await sprout.delete(f"/logins/{ids['login_id']}")
    assert (await sprout.get(f"/access_grants/{second['id']}")).status_code == 404


@pytest.mark.parametrize(
    ("given", "answered"),
    [
        ("2026-05-01T12:00:00Z", "2026-05-01T12:00:00Z"),
        ("2026-05-01T12:00:00-04:00", "2026-05-01T16:00:00Z"),
        ("2026-05-01T12:00:00.750+00:00", "2026-05-01T12:00:00Z"),
        ("2026-05-01T12:00:00", "2026-05-01T12:00:00Z"),
        ("2026-05-01", "2026-05-01T00:00:00Z"),
        ("", None),
        (None, None),
    ],
)
async def test_times(sprout: httpx.AsyncClient, given: str | None, answered: str | None) -> None:
    grant = await make(sprout, "/access_grants", **await film_and_login(sprout), access_starts_at=given)
    assert grant["access_starts_at"] == answered
    assert answered is None or re.match(FACTS["time"], answered)


async def test_a_blank_in_a_form_clears_a_date(sprout: httpx.AsyncClient) -> None:
    grant = await make(sprout, "/access_grants", **await film_and_login(sprout), access_ends_at="2030-01-01T00:00:00Z")
    kept = await sprout.put(f"/access_grants/{grant['id']}", data={"allowed_plays": "1"})
    assert kept.json()["access_ends_at"] == "2030-01-01T00:00:00Z"
    cleared = await sprout.put(f"/access_grants/{grant['id']}", data={"access_ends_at": ""})
    assert (cleared.json()["access_ends_at"], cleared.json()["allowed_plays"]) == (None, 1)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"allowed_plays": -1}, "allowed_plays"),
        ({"allowed_plays": 2**31}, "allowed_plays"),
        ({"access_starts_at": "soon"}, "access_starts_at"),
        ({"access_starts_at": 1_700_000_000}, "access_starts_at"),
        ({"access_starts_at": "0001-01-01T00:00:00+14:00"}, "access_starts_at"),
        ({"access_starts_at": "2030-01-01", "access_ends_at": "2029-01-01"}, "access_ends_at"),
        ({"download_permissions": ["8k"]}, "download_permissions.0"),
        ({"login_id": None}, "login_id"),
    ],
)
async def test_refused_grants(sprout: httpx.AsyncClient, fields: dict[str, Any], field: str) -> None:
    answer = await sprout.post("/access_grants", json={**await film_and_login(sprout), **fields})
    assert answer.status_code == 422, answer.text
    assert field in answer.json()["errors"]
    assert (await sprout.get("/access_grants")).json()["total"] == 0


async def test_many_at_once(sprout: httpx.AsyncClient) -> None:
    ids = await film_and_login(sprout)
    answer = await sprout.post("/access_grants/bulk", json=[{**ids, "allowed_plays": 1}, {**ids, "allowed_plays": 2}])
    assert [each["allowed_plays"] for each in answer.json()] == [1, 2]
    for each in answer.json():
        assert (await sprout.get(f"/access_grants/{each['id']}")).json() == each
    for nothing in (b"[]", b"null", b"{}", b""):
        answer = await sprout.post("/access_grants/bulk", content=nothing)
        assert (answer.status_code, answer.json()) == (200, [])


async def test_all_or_nothing(sprout: httpx.AsyncClient) -> None:
    ids = await film_and_login(sprout)
    unknown = await sprout.post(
        "/access_grants/bulk", json=[ids, {**ids, "login_id": "ffffffffffff"}, ids, {**ids, "video_id": "?"}]
    )
    assert unknown.status_code == 422
    assert unknown.json()["errors"] == {"1.login_id": "is unknown", "3.video_id": "is unknown"}
    wrong = await sprout.post("/access_grants/bulk", json=[{**ids, "allowed_plays": -1}, {"login_id": "x"}, 5])
    assert set(wrong.json()["errors"]) == {"0.allowed_plays", "1.video_id", "2"}
    dates = {"access_starts_at": "2030-01-01", "access_ends_at": "2029-01-01"}
    order = await sprout.post("/access_grants/bulk", json=[ids, {**ids, **dates}])
    assert set(order.json()["errors"]) == {"1.access_ends_at"}
    for body in (b'"x"', b"5", b'{"a": 1}', b"["):
        assert (await sprout.post("/access_grants/bulk", content=body)).status_code == 400, body
    assert (await sprout.get("/access_grants")).json()["total"] == 0

"""Adilo's users over HTTP: create, list, get, update, delete, what is refused, permissions in the vendor's words."""

from typing import Any

import httpx
import pytest

from framehouse.identity import Role
from tests.dialects.house import House, assert_shape, facts

FACTS = facts("adilo")
ANN = {"name": "Ann", "email": "ann@example.com", "password": "correct horse", "permissions": ["Upload Video"]}


async def create(adilo: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    answer = await adilo.post("/users", json={**ANN, **fields})
    assert answer.status_code == 200, answer.text
    return answer.json()["payload"]


async def test_round_trip(adilo: httpx.AsyncClient, house: House) -> None:
    user = await create(adilo, permissions=FACTS["permissions"])
    assert_shape(user, FACTS["user"])
    assert (user["name"], user["email"], user["permissions"]) == ("Ann", "ann@example.com", FACTS["permissions"])
    assert "password" not in user
    assert (await adilo.get(f"/users/{user['id']}/")).json()["payload"] == user
    token, session = await house.identity.sign_in("ann@example.com", "correct horse", "192.0.2.1")
    assert session.user.id == user["id"]
    changed = await adilo.put(f"/users/{user['id']}", json={"Name": "Anna", "permissions": ["delete video"]})
    assert changed.json()["payload"] == {**user, "name": "Anna", "permissions": ["Delete Video"]}
    deleted = await adilo.delete(f"/users/{user['id']}")
    assert (deleted.status_code, deleted.json()["payload"]["name"]) == (200, "Anna")
    assert await house.identity.session(token) is None
    assert (await adilo.get(f"/users/{user['id']}")).status_code == 403


async def test_positions(adilo: httpx.AsyncClient, house: House) -> None:
    for index in range(3):
        await create(adilo, name=f"User {index}", email=f"user{index}@example.com")
        house.advance(seconds=1)
    answer = (await adilo.get("/users?From=2&To=1")).json()
    assert (answer["meta"]["total"], [user["name"] for user in answer["payload"]]) == (3, ["User 1"])
    assert (await adilo.get("/users?from=9")).json()["payload"] == []


@pytest.mark.parametrize(
    "body",
    [
        {"content": b"name=Ann&email=ann@example.com&password=correct+horse&permissions[]=Upload+Video"},
        {
            "json": {
                "NAME": "Ann",
                "Email": "ANN@example.com",
                "Password": "correct horse",
                "Permissions": "upload video",
            }
        },
    ],
)
async def test_bodies_in_every_shape(adilo: httpx.AsyncClient, body: dict[str, Any]) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"} if "content" in body else {}
    answer = await adilo.post("/users", headers=headers, **body)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["payload"]["email"], answer.json()["payload"]["permissions"]) == (
        "ann@example.com",
        ["Upload Video"],
    )


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": None}, "name"),
        ({"email": None}, "email"),
        ({"password": None}, "password"),
        ({"permissions": None}, "permissions"),
        ({"name": ""}, "name"),
        ({"email": "ann"}, "email"),
        ({"password": "too short"}, "password"),
        ({"permissions": ["Fly"]}, "permissions"),
        ({"permissions": {"a": 1}}, "permissions"),
        ({"name": ["x"]}, "name"),
    ],
)
async def test_what_is_refused(adilo: httpx.AsyncClient, fields: dict[str, Any], wrong: str) -> None:
    body = {name: value for name, value in {**ANN, **fields}.items() if value is not None}
    answer = await adilo.post("/users", json=body)
    assert answer.status_code == 422
    assert wrong in answer.json()["errors"]
    assert (await adilo.get("/users")).json()["meta"]["total"] == 0


async def test_an_address_is_one_persons(adilo: httpx.AsyncClient, house: House) -> None:
    user = await create(adilo)
    other = await create(adilo, email="bob@example.com")
    taken = await adilo.post("/users", json=ANN)
    assert (taken.status_code, "email" in taken.json()["errors"]) == (422, True)
    assert (await adilo.put(f"/users/{other['id']}", json={"email": "ANN@example.com"})).status_code == 422
    async with house.api("adilo", house.stranger) as stranger:
        assert (await stranger.post("/users", json=ANN)).status_code == 422
        for method in ("get", "put", "delete"):
            assert (await stranger.request(method, f"/users/{user['id']}")).status_code == 403
    assert (await adilo.get(f"/users/{user['id']}")).json()["payload"] == user


@pytest.mark.parametrize("text", ["0", "x", "9" * 40, "-1", "1.5", "281474976710656"])
async def test_ids_that_are_none(adilo: httpx.AsyncClient, text: str) -> None:
    assert (await adilo.get(f"/users/{text}")).status_code == 403


async def test_only_administrators_make_people(house: House) -> None:
    editor = await house.role_key(Role.EDITOR)
    async with house.api("adilo", editor) as api:
        assert (await api.post("/users", json=ANN)).status_code == 403
        assert (await api.get("/users")).status_code == 200

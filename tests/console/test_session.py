"""Signing in and out: the cookie, errors that tell nothing, locking out, pages of other sites."""

from datetime import timedelta

from tests.console.conftest import PASSWORD, House, OpenHouse

SESSION = "/console/api/session"


async def test_signing_in_sets_a_cookie_that_scripts_cannot_read(house: House) -> None:
    client = await house.client()
    email = await house.user("studio")
    answer = await client.post(SESSION, json={"email": email, "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    name, _, attributes = cookie.partition(";")
    assert name.startswith("framehouse_session=fh_session_")
    told = {attribute.strip().lower() for attribute in attributes.split(";")}
    assert {"httponly", "path=/", "samesite=lax", "max-age=1209600"} <= told
    assert "secure" not in told
    assert answer.json()["tenant"] == {"name": "Studio", "slug": "studio"}
    assert answer.json()["may"] == {"upload": True, "change": True, "delete": True}
    assert answer.headers["cache-control"] == "no-store"


async def test_the_cookie_is_secure_where_browsers_come_by_https(open_house: OpenHouse) -> None:
    async with open_house(public_url="https://films.example") as house:
        client = await house.client()
        email = await house.user("studio")
        answer = await client.post(SESSION, json={"email": email, "password": PASSWORD})
        assert "; Secure" in answer.headers["set-cookie"]
        assert answer.json()["publicOrigin"] == "https://films.example"


async def test_unknown_address_and_wrong_password_are_answered_alike(house: House) -> None:
    client = await house.client()
    email = await house.user("studio")
    wrong = await client.post(SESSION, json={"email": email, "password": "guess"})
    unknown = await client.post(SESSION, json={"email": "nobody@studio.example", "password": "guess"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json() == {"error": "The e-mail address or the password is wrong.", "fields": {}}
    assert "set-cookie" not in wrong.headers


async def test_who_guesses_is_told_how_long_to_wait(house: House) -> None:
    client = await house.client()
    email = await house.user("studio")
    for _ in range(10):
        await client.post(SESSION, json={"email": email, "password": "guess"})
    answer = await client.post(SESSION, json={"email": email, "password": PASSWORD})
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "900"
    assert answer.json()["error"] == "Too many failed sign-ins; try again in 15 minutes."
    house.clock.advance(timedelta(minutes=15))
    assert (await client.post(SESSION, json={"email": email, "password": PASSWORD})).status_code == 200


async def test_no_other_site_can_sign_anybody_in(house: House) -> None:
    client = await house.client()
    email = await house.user("studio")
    body = {"email": email, "password": PASSWORD}
    crossing = await client.post(SESSION, json=body, headers={"sec-fetch-site": "cross-site"})
    assert crossing.status_code == 403
    form = await client.post(SESSION, data=body, headers={"sec-fetch-site": "same-origin"})
    assert form.status_code == 415
    assert "set-cookie" not in crossing.headers
    assert "set-cookie" not in form.headers


async def test_asking_who_is_signed_in(house: House) -> None:
    assert (await (await house.client()).get(SESSION)).status_code == 204
    client = await house.signed_in()
    house.clock.advance(timedelta(days=2))
    answer = await client.get(SESSION)
    assert answer.json()["user"]["email"] == "admin@studio.example"
    assert "Max-Age=1209600" in answer.headers["set-cookie"], "the cookie's end did not move with the session's"
    house.clock.advance(timedelta(days=15))
    assert (await client.get(SESSION)).status_code == 204


async def test_signing_out_ends_the_session_itself(house: House) -> None:
    client = await house.signed_in()
    token = client.cookies["framehouse_session"]
    assert (await client.delete(SESSION, headers={"x-csrf-token": "wrong"})).status_code == 403
    assert (await client.delete(SESSION)).status_code == 204
    assert "framehouse_session" not in client.cookies
    client.cookies["framehouse_session"] = token
    assert (await client.get("/console/api/videos")).status_code == 401

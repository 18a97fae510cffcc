"""The gate that asks who somebody is: in the player, once per video and browser, recorded for the owner."""

import pytest

from framehouse import library
from framehouse.library import Privacy
from framehouse.playback import embed_path, watch_path
from tests.edge.house import House
from tests.edge.visiting import Browser, config_in, frame_in, grant_for, login_for

ADA = {"email": "Ada@Example.com", "name": "Ada", "consent": "true"}


async def contacts(house: House) -> list[tuple[str, str | None, bool]]:
    page = await library.list_contacts(house.library, house.owner)
    return [(contact.email, contact.name, contact.consent) for contact in page.items]


async def test_who_leaves_an_address_watches_and_is_known(house: House) -> None:
    video, browser = await house.playable(asks_email=True), Browser(house)
    asked = await browser.embed(video, "autoplay=1")
    assert (asked["state"], browser.reason, asked["manifests"]["hls"]) == ("contact", "contact_required", None)
    assert (asked["contact"]["asksName"], asked["contact"]["asksEmail"]) == (False, True)
    answer = await browser.post(asked["contact"]["url"], **ADA)
    config = answer.json()
    assert (answer.status_code, config["state"], config["contact"]) == (200, "playable", None)
    assert await browser.plays(config)
    assert await contacts(house) == [("ada@example.com", "Ada", True)]
    assert (await browser.embed(video))["state"] == "playable", "a cookie remembers"
    fresh = Browser(house)
    assert (await fresh.get(config["statusUrl"])).json()["state"] == "playable", "the pass does without one"
    assert (await fresh.embed(video))["state"] == "contact"
    other = await house.playable(asks_email=True)
    assert (await browser.embed(other))["state"] == "contact"
    house.advance(days=90)
    assert (await browser.embed(video))["state"] == "contact"


@pytest.mark.parametrize(
    ("about", "form", "wrong"),
    [
        ({"asks_email": True}, {"email": "ada"}, "e-mail address"),
        ({"asks_email": True}, {}, "e-mail address"),
        ({"asks_email": True, "asks_name": True}, {"email": "ada@example.com"}, "name"),
        ({"asks_name": True}, {"email": "ada@example.com", "name": "  "}, "name"),
        ({"asks_name": True}, {"name": "Ada"}, "e-mail address"),
        ({"asks_email": True}, {"email": "ada@example.com", "name": "x" * 201}, "name"),
    ],
)
async def test_what_cannot_be_taken_is_asked_for_again(
    house: House, about: dict[str, bool], form: dict[str, str], wrong: str
) -> None:
    video, browser = await house.playable(**about), Browser(house)
    asked = await browser.embed(video)
    assert asked["contact"]["asksName"] is about.get("asks_name", False)
    answer = await browser.post(asked["contact"]["url"], **form)
    assert (answer.status_code, answer.json()["state"], browser.reason) == (422, "contact", "contact_invalid")
    assert wrong in answer.json()["message"]
    assert "set-cookie" not in answer.headers
    assert await contacts(house) == []


async def test_the_watch_page_leaves_the_asking_to_its_player(house: House) -> None:
    video, browser = await house.playable(asks_email=True), Browser(house)
    page = await browser.get(watch_path(video.id))
    assert page.status_code == 200
    asked = config_in(await browser.get(frame_in(page)))
    assert asked["state"] == "contact"
    assert (await browser.post(asked["contact"]["url"], **ADA)).json()["state"] == "playable"


async def test_a_password_and_a_login_come_first(house: House) -> None:
    asks = {"asks_email": True, "password": "open", "prefers_embed_password": True}
    video, browser = await house.playable(privacy=Privacy.PASSWORD, **asks), Browser(house)
    early = await browser.post(f"{embed_path(video)}/contact", **ADA)
    assert (early.json()["state"], await contacts(house)) == ("password", [])
    config = (await browser.post((await browser.embed(video))["passwordUrl"], password="open")).json()
    assert (config["state"], browser.reason) == ("contact", "contact_required")
    assert (await browser.post(config["contact"]["url"], **ADA)).json()["state"] == "playable"
    protected = await house.playable(privacy=Privacy.LOGIN, asks_email=True)
    await grant_for(house, await login_for(house), protected)
    asked = await browser.embed(protected)
    answer = await browser.post(asked["loginUrl"], email="ada@example.com", password="lovelace")
    assert answer.json()["state"] == "contact"
    started = await browser.start((await browser.post(answer.json()["contact"]["url"], **ADA)).json())
    assert await browser.plays(started)


async def test_the_owner_and_who_is_not_asked_leave_nothing(house: House) -> None:
    video, browser = await house.playable(), Browser(house)
    assert (await browser.post(f"{embed_path(video)}/contact", **ADA)).json()["state"] == "playable"
    gated = await house.playable(asks_email=True)
    house.signed_in.append(house.owner.tenant_id)
    assert (await browser.embed(gated))["state"] == "playable"
    assert await contacts(house) == []

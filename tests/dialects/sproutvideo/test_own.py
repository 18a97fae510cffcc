"""Framehouse's own requests and what webhooks are told: the dry run of access, deliveries, the notification."""

import json

import httpx
import pytest

from framehouse import library
from framehouse.dialects import sproutvideo
from framehouse.dialects.context import DialectContext
from tests.dialects.house import House, assert_shape, facts
from tests.dialects.sproutvideo.uploading import make, number, upload

FACTS = facts("sproutvideo")


async def reason(sprout: httpx.AsyncClient, video: str, **question: object) -> str | None:
    answer = await sprout.get(f"/videos/{video}/access", params={name: str(value) for name, value in question.items()})
    assert answer.status_code == 200, answer.text
    access = answer.json()
    assert_shape(access, FACTS["access"])
    assert access["allowed"] is (access["reason"] is None)
    assert access["message"]
    return access["reason"]


async def film(sprout: httpx.AsyncClient, house: House, **fields: str) -> str:
    """One that could be played, as far as its state goes."""
    video = await upload(sprout, **fields)
    await house.completed(number(video), 360)
    await house.published(number(video))
    return video["id"]


async def test_a_public_video(sprout: httpx.AsyncClient, house: House) -> None:
    assert await reason(sprout, (await upload(sprout))["id"]) == "not_playable_yet"
    video = await film(sprout, house)
    assert await reason(sprout, video) is None
    assert await reason(sprout, video, place="PAGE") is None
    await sprout.put(f"/videos/{video}", json={"privacy": 0})
    assert await reason(sprout, video, place="page") == "owner_only"
    assert await reason(sprout, video, place="embed") is None


async def test_a_password(sprout: httpx.AsyncClient, house: House) -> None:
    video = await film(sprout, house, privacy="1", password="secret")
    assert await reason(sprout, video, place="page") == "password_required"
    assert await reason(sprout, video, place="page", password="other") == "password_wrong"
    assert await reason(sprout, video, place="page", password="secret") is None
    assert await reason(sprout, video, place="embed") is None


async def test_a_login(sprout: httpx.AsyncClient, house: House) -> None:
    video = await film(sprout, house, privacy="3")
    login = (await make(sprout, "/logins", email="ada@example.com", password="x"))["id"]
    assert await reason(sprout, video) == "login_required"
    assert await reason(sprout, video, login_id=login) == "grant_missing"
    dates = {"access_starts_at": "2026-02-01", "access_ends_at": "2026-03-01"}
    await make(sprout, "/access_grants", video_id=video, login_id=login, **dates, download_permissions=["sd"])
    assert await reason(sprout, video, login_id=login) == "grant_not_started"
    assert await reason(sprout, video, login_id=login, at="2026-03-01T00:00:00Z") == "grant_ended"
    assert await reason(sprout, video, login_id=login, at="2026-02-10T12:00:00+02:00") is None
    at = {"login_id": login, "at": "2026-02-10"}
    assert (await sprout.get(f"/videos/{video}/access", params=at)).json()["downloads"] == ["sd"]


async def test_addresses_domains_and_signatures(sprout: httpx.AsyncClient, house: House) -> None:
    video = await film(sprout, house, allowed_domains="example.com", allowed_ips="192.0.2.0/24")
    good = {"domain": "example.com", "ip": "192.0.2.7"}
    assert await reason(sprout, video, **good) is None
    assert await reason(sprout, video, **{**good, "ip": "198.51.100.1"}) == "network_not_allowed"
    assert await reason(sprout, video, **{**good, "domain": "other.example"}) == "domain_not_allowed"
    await sprout.put(f"/videos/{video}", json={"requires_signed_embeds": True})
    assert await reason(sprout, video, **good, signed="false") == "signature_missing"
    assert await reason(sprout, video, **good, signed=1) is None


@pytest.mark.parametrize("query", ["place=door", "ip=example.com", "at=soon", "signed=perhaps"])
async def test_wrong_questions(sprout: httpx.AsyncClient, query: str) -> None:
    answer = await sprout.get(f"/videos/{(await upload(sprout))['id']}/access?{query}")
    assert (answer.status_code, set(answer.json()["errors"])) == (422, {query.partition("=")[0]})


async def test_unknown_logins(sprout: httpx.AsyncClient) -> None:
    video = (await upload(sprout))["id"]
    for login in ("ffffffffffff", "x"):
        answer = await sprout.get(f"/videos/{video}/access?login_id={login}")
        assert (answer.status_code, answer.json()) == (404, {"error": "there is no such login"})


async def test_deliveries(sprout: httpx.AsyncClient, house: House) -> None:
    video = await upload(sprout, notification_url="https://example.com/hook")
    assert (await sprout.get(f"/videos/{video['id']}/deliveries")).json()["deliveries"] == []
    await house.completed(number(video), 360)
    page = (await sprout.get(f"/videos/{video['id']}/deliveries?page=1&per_page=25")).json()
    assert_shape(page, FACTS["list"])
    (delivery,) = page["deliveries"]
    assert_shape(delivery, FACTS["delivery"])
    assert (delivery["url"], delivery["state"], delivery["attempts"]) == ("https://example.com/hook", "pending", 0)
    assert (await sprout.get("/videos/ffffffffffff/deliveries")).status_code == 404


async def test_the_notification_is_the_video(sprout: httpx.AsyncClient, house: House) -> None:
    video = await upload(sprout)
    await house.completed(number(video), 360, 720)
    context = DialectContext(house.identity, house.library, house.settings, house.clock, house.audience)
    told = await sproutvideo.notification(context, house.own.tenant, number(video))
    assert told is not None
    answered = (await sprout.get(f"/videos/{video['id']}")).text.replace(
        "http://films.example", house.settings.local_url
    )
    assert json.loads(told) == json.loads(answered)
    assert await sproutvideo.notification(context, house.stranger.tenant, number(video)) is None
    await library.delete_video(house.library, house.owner, number(video))
    assert await sproutvideo.notification(context, house.own.tenant, number(video)) is None

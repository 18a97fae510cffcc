"""What a locked or private project asks of the viewers of its files, on pages, embeds and in what other sites show."""

from typing import Any

import pytest

from framehouse import library
from framehouse.kernel import new_tenant_id
from framehouse.library import Privacy, Project, ProjectChanges, Video
from framehouse.playback import AccessQuestion, Place, check_access, embed_path, watch_path
from tests.edge.house import House
from tests.edge.visiting import Browser, config_in, frame_in


async def shelved(house: House, project: Project, **about: Any) -> Video:
    return await house.playable(project_id=project.id, **about)


async def project_of(house: House, **about: Any) -> Project:
    return await library.create_project(house.library, house.owner, "Talks", **about)


async def change(house: House, project: Project, **changes: Any) -> None:
    await library.change_project(house.library, house.owner, project.id, ProjectChanges(**changes))
    house.advance(seconds=5)  # what tickets are checked against is looked at anew by then


async def test_a_private_project_is_its_teams(house: House) -> None:
    video = await shelved(house, await project_of(house, private=True))
    browser = Browser(house)
    unknown = await browser.get("/watch/AAAAAAAB")
    page = await browser.get(watch_path(video.id))
    assert (page.status_code, page.text, browser.reason) == (404, unknown.text, "project_private")
    config = await browser.embed(video)
    assert (config["state"], config["title"], config["manifests"]["hls"]) == ("denied", "", None)
    assert browser.reason == "project_private"
    asked = {"url": f"http://films.example{watch_path(video.id)}"}
    assert (await house.client.get("/web/oembed", params=asked)).status_code in (401, 403)
    house.signed_in.append(new_tenant_id())
    assert (await browser.get(watch_path(video.id))).status_code == 404
    house.signed_in.append(house.owner.tenant_id)
    own = await browser.get(watch_path(video.id))
    assert own.status_code == 200
    assert config_in(await browser.get(frame_in(own)))["state"] == "playable"


async def test_a_project_that_becomes_private_ends_what_is_watched(house: House) -> None:
    project = await project_of(house)
    video, other = await shelved(house, project), await house.playable()
    browser = Browser(house)
    watched, elsewhere = await browser.embed(video), await browser.embed(other)
    assert await browser.plays(watched)
    await change(house, project, private=True)
    assert not await browser.plays(watched)
    assert await browser.plays(elsewhere)
    await change(house, project, private=False)
    assert await browser.plays(await browser.embed(video))


@pytest.mark.parametrize("place", ["page", "embed"])
async def test_a_locked_project_asks_for_its_password(house: House, place: str) -> None:
    project = await project_of(house, locked=True, password="sesame")
    video = await shelved(house, project)
    address = watch_path(video.id) if place == "page" else f"{embed_path(video)}/password"
    browser = Browser(house)
    if place == "page":
        first = await browser.get(address)
        assert first.status_code == 200
        assert "og:" not in first.text
    else:
        assert (await browser.embed(video))["state"] == "password"
    assert browser.reason == "project_locked"
    wrong = await browser.post(address, password="simsim")
    assert (wrong.status_code, browser.reason) == (403, "password_wrong")
    right = await browser.post(address, password="sesame")
    assert right.status_code == (303 if place == "page" else 200)
    assert browser.reason is None
    config = await browser.embed(video)
    assert config["state"] == "playable"  # the cookie keeps it
    assert await browser.plays(config)
    await change(house, project, password="another")
    assert not await browser.plays(config)
    assert (await browser.embed(video))["state"] == "password"


async def test_two_passwords_are_asked_one_after_the_other(house: House) -> None:
    project = await project_of(house, locked=True, password="sesame")
    own = {"privacy": Privacy.PASSWORD, "password": "own", "prefers_embed_password": True}
    video = await shelved(house, project, **own)
    browser = Browser(house)
    url = (await browser.embed(video))["passwordUrl"]
    assert (await browser.post(url, password="own")).status_code == 403
    second = await browser.post(url, password="sesame")
    assert (second.json()["state"], browser.reason) == ("password", "password_required")
    third = await browser.post(second.json()["passwordUrl"], password="own")
    assert third.json()["state"] == "playable"


async def test_locked_without_a_password_opens_for_nobody_else(house: House) -> None:
    video = await shelved(house, await project_of(house, locked=True))
    browser = Browser(house)
    url = (await browser.embed(video))["passwordUrl"]
    for guess in ("", "None", "null"):
        assert (await browser.post(url, password=guess)).status_code == 403
    house.signed_in.append(house.owner.tenant_id)
    assert (await browser.embed(video))["state"] == "playable"


async def test_the_dry_run_tells_why(house: House) -> None:
    project = await project_of(house, locked=True, password="sesame")
    video = await shelved(house, project)

    async def reason(**asked: Any) -> str | None:
        published = await library.published_video(house.library, video.id)
        assert published is not None
        answer = await check_access(house.library, published, AccessQuestion(Place.EMBED, **asked))
        return answer.reason.value if answer.reason else None

    assert await reason() == "project_locked"
    assert await reason(password="simsim") == "password_wrong"
    assert await reason(password="sesame") is None
    await change(house, project, private=True)
    assert await reason(password="sesame") == "project_private"

"""What the player has beside the film: captions, chapters, calls to action, sharing; and what robots may see."""

import re
from typing import Any

import pytest

from framehouse import library
from framehouse.library import (
    SHOWS_EMBED_CODE,
    SHOWS_SHARING,
    UNLISTED,
    Chapter,
    NewCallToAction,
    Privacy,
)
from framehouse.playback import embed_path, watch_path
from tests.edge.house import BASE, House, with_settings
from tests.edge.visiting import Browser

BOTH = {SHOWS_SHARING: True, SHOWS_EMBED_CODE: True}


async def test_captions_carry_their_labels(house: House) -> None:
    video = await house.playable()
    caption = await library.add_caption(
        house.library,
        house.owner,
        video.id,
        language="de",
        label="Deutsch (laut)",
        content="WEBVTT\n\n00:00.000 --> 00:01.000\nHallo\n",
    )
    found = (await house.config(video))["captions"]
    assert [(each["language"], each["label"]) for each in found] == [("de", "Deutsch (laut)")]
    assert caption.name in found[0]["url"]
    assert "Hallo" in (await house.client.get(found[0]["url"])).text


async def test_chapters_have_ends(house: House) -> None:
    video = await house.playable()
    chapters = [Chapter(0, "One"), Chapter(2000, "Two", 2500), Chapter(4000, "Three")]
    await library.set_chapters(house.library, house.owner, video.id, chapters)
    assert (await house.config(video))["chapters"] == [
        {"startMs": 0, "endMs": 2000, "title": "One"},
        {"startMs": 2000, "endMs": 2500, "title": "Two"},
        {"startMs": 4000, "endMs": 6000, "title": "Three"},
    ]


async def test_calls_to_action(house: House) -> None:
    video = await house.playable()
    new = NewCallToAction("Book", "https://shop.example/", 1000, None, skippable=False)
    await library.add_call_to_action(house.library, house.owner, video.id, new)
    (call,) = (await house.config(video))["callsToAction"]
    assert re.fullmatch("[0-9a-f]{12}", call.pop("id"))
    assert call == {
        "text": "Book", "url": "https://shop.example/", "startMs": 1000, "endMs": None, "skippable": False,
    }  # fmt: skip


async def test_who_may_not_watch_learns_nothing_of_it(house: House) -> None:
    settings = {**BOTH}
    video = await house.playable(
        privacy=Privacy.LOGIN, settings=settings, viewer_downloads=(library.DownloadQuality.ORIGINAL,)
    )
    await library.set_chapters(house.library, house.owner, video.id, [Chapter(0, "The end: the butler did it")])
    config = await house.config(video)
    assert (config["chapters"], config["callsToAction"], config["downloads"], config["sharing"]) == ([], [], [], None)
    assert "butler" not in (await house.client.get(embed_path(video))).text


@pytest.mark.parametrize(
    ("settings", "about", "page", "code"),
    [
        ({}, {}, False, False),
        ({SHOWS_SHARING: True}, {}, True, False),
        ({SHOWS_EMBED_CODE: True}, {}, False, True),
        (BOTH, {}, True, True),
        (BOTH, {"privacy": Privacy.PRIVATE}, False, True),
        ({SHOWS_SHARING: True}, {"privacy": Privacy.PRIVATE}, False, False),
    ],
)
async def test_sharing(house: House, settings: dict[str, Any], about: dict[str, Any], page: bool, code: bool) -> None:
    video = await house.playable(settings=settings, **about)
    sharing = (await house.config(video))["sharing"]
    if not page and not code:
        assert sharing is None
        return
    assert sharing["pageUrl"] == (BASE + watch_path(video.id) if page else None)
    found = re.findall(r"src='([^']+)'", sharing["embedCode"] or "")
    assert found == ([BASE + embed_path(video)] if code else [])


async def test_shared_addresses_are_the_public_ones_and_carry_no_pass(house: House) -> None:
    video = await house.playable(settings=BOTH)
    client = with_settings(house, public_url="https://films.example/base")
    sharing = (await client.get(f"{embed_path(video)}/config?autoplay=1")).json()["sharing"]
    assert sharing["pageUrl"] == f"https://films.example/base{watch_path(video.id)}"
    assert f"src='https://films.example/base{embed_path(video)}'" in sharing["embedCode"]
    assert "pass=" not in str(sharing)


async def test_a_code_that_would_need_a_signature_is_not_offered(house: House) -> None:
    video = await house.playable(settings=BOTH, signed_embeds_only=True)
    house.signed_in.append(house.owner.tenant_id)
    assert (await house.config(video))["sharing"] == {"pageUrl": BASE + watch_path(video.id), "embedCode": None}


async def test_an_unlisted_page_plays_and_is_kept_from_robots(house: House) -> None:
    video = await house.playable(settings={UNLISTED: True})
    page = await Browser(house).get(watch_path(video.id))
    assert page.status_code == 200
    assert "<iframe" in page.text
    assert '<meta name="robots" content="noindex">' in page.text
    assert "og:" not in page.text
    assert "oembed" not in page.text

"""Sources by URL, on both engines, from a real server: what becomes of the video whatever that server does."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from framehouse import library
from framehouse.infra.outgoing import OutgoingClient
from framehouse.kernel import InvalidInput, QuotaExceeded
from framehouse.library import FetchScheduled, NewVideo, VideoState
from tests.contracts.fetching import FILM, NEW, expect_nothing_left, fetched, halting, tried, until
from tests.contracts.library_house import UPLOAD_MAX_BYTES, House, open_house
from tests.contracts.tenant_server import Script, TenantServer, says, sends, tenant_server


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(database_url, tmp_path) as opened:
        yield opened


@pytest.fixture
def server() -> Iterator[TenantServer]:
    with tenant_server() as running:
        yield running


# --- as it should be ---


async def test_the_video_is_there_at_once_and_its_source_follows(house: House, server: TenantServer) -> None:
    owner = house.owner()
    url = server.on("/films/My%20film.mp4", says(body=FILM)) + "?token=secret#t=1"
    video = await library.receive_from_url(house.context, owner, NEW, url)
    assert (video.state, video.received_at, video.source_id, video.source_size_bytes) == (
        VideoState.RECEIVED, None, None, 0,
    )  # fmt: skip
    assert (video.title, video.original_file_name) == ("My film", "My film.mp4")
    due = house.told(FetchScheduled)
    assert [(each.video_id, each.attempt, each.pause_s) for each in due] == [(video.id, 0, 0)]
    fetch = await library.fetch_of(house.context, owner, video.id)
    assert fetch is not None
    assert "secret" not in fetch.url_sealed
    house.clock.advance(timedelta(seconds=7))
    await tried(house, owner)
    done = await library.get_video(house.context, owner, video.id)
    assert (done.state, done.source_size_bytes, done.received_at) == (
        VideoState.RECEIVED, len(FILM), house.clock.now(),
    )  # fmt: skip
    source = await library.source_of(house.context, owner, done)
    assert source is not None
    assert (source.size_bytes, source.file_name) == (len(FILM), "My film.mp4")
    assert b"".join([block async for block in house.storage.read(source.object_key)]) == FILM
    assert house.told(library.SourceReceived) == [library.SourceReceived(owner.tenant_id, video.id, source.id)]
    assert server.asked[0].path == "/films/My%20film.mp4?token=secret"
    assert await library.fetch_of(house.context, owner, video.id) is None
    assert (await house.count("fetches"), await house.count("garbage")) == (0, 0)
    await tried(house, owner)  # the work is run again after a crash behind its commit
    assert (len(server.asked), await house.count("sources")) == (1, 1)


async def test_what_the_client_says_counts_before_what_the_url_says(house: House, server: TenantServer) -> None:
    new = NewVideo(title="A title", file_name="named.mov", description="words")
    video = await library.receive_from_url(house.context, house.owner(), new, server.url("/x.mp4"))
    assert (video.title, video.original_file_name, video.description) == ("A title", "named.mov", "words")
    bare = await library.receive_from_url(house.context, house.owner(), NEW, server.url("/"))
    assert (bare.title, bare.original_file_name) == ("source", "source")


def test_file_names_are_made_fit_to_be_shown() -> None:
    for url, name in (
        ("http://a/b/film.mp4?x=/y.mov", "film.mp4"),
        ("http://a/%C3%BCber%20uns.mp4", "über uns.mp4"),
        ("http://a/a%2F..%5C%00%0Ab.mp4", "a..b.mp4"),
        ("http://a/", "source"),
        ("http://a", "source"),
        ("http://[", "source"),
        ("http://a/" + "x" * 300 + ".mp4", "x" * 196 + ".mp4"),
    ):
        assert library.file_name_in(url) == name


async def test_two_attempts_at_once_make_one_source(house: House, server: TenantServer) -> None:
    owner = house.owner()
    video = await library.receive_from_url(house.context, owner, NEW, server.on("/film", says(body=FILM)))
    await asyncio.gather(tried(house, owner), tried(house, owner))
    assert (await house.count("sources"), len(house.told(library.SourceReceived))) == (1, 1)
    house.clock.advance(timedelta(seconds=1))
    await library.collect_garbage(house.context)
    source = await library.source_of(house.context, owner, await library.get_video(house.context, owner, video.id))
    assert source is not None
    assert await house.stored() == [source.object_key]


# --- what is refused before ---


@pytest.mark.parametrize("url", ["", "film.mp4", "ftp://files.example/film.mp4", "http://", "http://a b/"])
async def test_a_url_that_is_none_makes_no_video(house: House, url: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        await library.receive_from_url(house.context, house.owner(), NEW, url)
    assert caught.value.fields.keys() == {"url"}
    assert (await house.count("videos"), await house.count("fetches")) == (0, 0)


async def test_a_full_quota_makes_no_video(house: House, server: TenantServer) -> None:
    owner = house.owner(quota_bytes=4)
    await house.video(owner, data=b"full")
    with pytest.raises(QuotaExceeded):
        await library.receive_from_url(house.context, owner, NEW, server.url("/film"))
    assert (await house.count("videos"), await house.count("fetches")) == (1, 0)


# --- what will never work ---

NEVER: dict[str, tuple[Script, str]] = {
    "not found": (says(404), r"answered 404 \(not found\)"),
    "forbidden": (says(403), r"answered 403 \(forbidden\)"),
    "no content": (says(204), r"answered 204 \(no content\)"),
    "an unknown status": (says(799), r"answered 799"),
    "a redirect to nowhere": (says(302), r"answered 302 \(found\)"),
    "a redirect to no web address": (says(302, Location="file:///etc/passwd"), "redirects to what is no http or https"),
    "a private address": (says(302, Location="http://10.0.0.1/"), r"10\.0\.0\.1 is not at a public address"),
    "empty": (says(200), "the file is empty"),
    "compressed": (says(200, b"zip", Content_Encoding="gzip"), "sends the file compressed"),
    "too large, announced": (
        sends(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (UPLOAD_MAX_BYTES + 1)),
        f"larger than the {UPLOAD_MAX_BYTES} bytes",
    ),
}


@pytest.mark.parametrize(("script", "problem"), NEVER.values(), ids=NEVER.keys())
async def test_what_will_never_work_fails_the_video(
    house: House, server: TenantServer, script: Script, problem: str
) -> None:
    owner = house.owner()
    url = server.on("/film.mp4", script).replace("://", "://someone:pass@") + "?token=secret"
    video = await fetched(house, owner, url)
    assert video.state is VideoState.FAILED
    assert video.state_reason is not None
    assert re.fullmatch(rf"The source could not be fetched: .*{problem}.*(?<!\.)\.", video.state_reason)
    assert not re.search(r"someone|pass|secret|film", video.state_reason)
    assert [event.video_id for event in house.told(library.VideoFailed)] == [video.id]
    assert len(house.told(FetchScheduled)) == 1
    await expect_nothing_left(house)


async def test_an_address_that_is_not_public_is_not_connected_to(house: House, server: TenantServer) -> None:
    video = await fetched(house, house.owner(), server.on("/film", says(body=FILM)), client=OutgoingClient())
    assert video.state is VideoState.FAILED
    assert "127.0.0.1 is not at a public address" in str(video.state_reason)
    assert server.asked == []


async def test_the_quota_holds_when_the_size_is_announced_when_it_is_not_and_when_others_fill_it(
    house: House, server: TenantServer
) -> None:
    owner = house.owner(quota_bytes=len(FILM))
    server.on("/announced", says(body=FILM + b"x"))
    server.on("/streamed", sends(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + FILM + b"x"))
    for path in ("/announced", "/streamed"):
        video = await fetched(house, owner, server.url(path))
        assert f"storage quota of {len(FILM)} bytes would be exceeded" in str(video.state_reason)
    await expect_nothing_left(house)
    streaming, go_on = halting(server, "/film", FILM)
    video = await library.receive_from_url(house.context, owner, NEW, streaming)
    running = asyncio.create_task(tried(house, owner))
    await until(lambda: len(server.asked) == 3)
    other = await house.video(owner, data=b"x")
    go_on.set()
    await running
    video = await library.get_video(house.context, owner, video.id)
    assert "would be exceeded" in str(video.state_reason)
    await library.delete_video(house.context, owner, other.id)
    await expect_nothing_left(house)


async def test_the_time_limit_is_for_all_of_it(house: House, server: TenantServer) -> None:
    url, go_on = halting(server, "/film", FILM)
    video = await fetched(house, house.owner(), url, timeout_s=0.3)
    go_on.set()
    assert "took longer than the 0.3 s allowed" in str(video.state_reason)
    await expect_nothing_left(house)

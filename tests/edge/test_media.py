"""Manifests and segments over HTTP: types, caching, ranges, CORS, and tickets that do not open."""

from datetime import timedelta

import pytest

from framehouse.kernel import VideoId, to_hex
from framehouse.library import LADDER, OutputKind, Privacy, delete_video
from framehouse.playback import embed_path, ladder_document
from tests.edge.house import LADDER_FILES, SEGMENT, House, hex_of, ladder


async def test_both_manifests_and_everything_they_name_are_served(house: House) -> None:
    base = await house.media(await house.playable())
    types = {
        "master.m3u8": "application/vnd.apple.mpegurl",
        "manifest.mpd": "application/dash+xml",
        "v1/playlist.m3u8": "application/vnd.apple.mpegurl",
        "t1/playlist.m3u8": "application/vnd.apple.mpegurl",
        "v1/init.mp4": "video/mp4",
        "v2/2.m4s": "video/mp4",
        "a1/1.m4s": "audio/mp4",
        "t1.vtt": "text/vtt; charset=utf-8",
    }
    for name, content_type in types.items():
        answer = await house.client.get(base + name)
        assert answer.status_code == 200, name
        assert answer.headers["content-type"] == content_type
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["x-content-type-options"] == "nosniff"
        if name in LADDER_FILES:
            assert answer.content == LADDER_FILES[name]
            assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        else:
            assert answer.headers["cache-control"] == "private, max-age=30"
    master = (await house.client.get(base + "master.m3u8")).text
    assert "v1/playlist.m3u8" in master
    assert "v2/playlist.m3u8" in master
    assert "2.m4s" in (await house.client.get(base + "v1/playlist.m3u8")).text
    assert "<MPD" in (await house.client.get(base + "manifest.mpd")).text


async def test_standard_definition_is_asked_for_in_the_embed_address(house: House) -> None:
    video = await house.playable()
    manifests = (await house.config(video, params={"type": "sd"}))["manifests"]
    for url in manifests.values():
        text = (await house.client.get(url)).text
        assert "v1" in text
        assert "v2" not in text


async def test_head_says_what_get_would(house: House) -> None:
    base = await house.media(await house.playable())
    for name in ("master.m3u8", "v1/1.m4s"):
        got, head = await house.client.get(base + name), await house.client.head(base + name)
        assert head.status_code == 200
        assert head.content == b""
        for header in ("content-length", "etag", "content-type", "accept-ranges"):
            assert head.headers[header] == got.headers[header]
        assert int(head.headers["content-length"]) == len(got.content)


async def test_ranges_of_a_segment(house: House) -> None:
    url = await house.media(await house.playable()) + "v1/1.m4s"
    part = await house.client.get(url, headers={"range": "bytes=5-9"})
    assert (part.status_code, part.content) == (206, SEGMENT[5:10])
    assert part.headers["content-range"] == f"bytes 5-9/{len(SEGMENT)}"
    tail = await house.client.get(url, headers={"range": "bytes=-7"})
    assert (tail.status_code, tail.content) == (206, SEGMENT[-7:])
    whole = await house.client.get(url, headers={"range": "bytes=0-"})
    assert (whole.status_code, whole.content) == (206, SEGMENT)
    past = await house.client.get(url, headers={"range": f"bytes={len(SEGMENT)}-"})
    assert (past.status_code, past.headers["content-range"]) == (416, f"bytes */{len(SEGMENT)}")
    several = await house.client.get(url, headers={"range": "bytes=0-1,4-5"})
    assert (several.status_code, several.content) == (200, SEGMENT)
    head = await house.client.head(url, headers={"range": "bytes=5-9"})
    assert (head.status_code, head.headers["content-length"], head.content) == (206, "5", b"")


async def test_a_known_tag_saves_the_bytes_and_guards_a_range(house: House) -> None:
    base = await house.media(await house.playable())
    for name in ("v1/1.m4s", "master.m3u8"):
        tag = (await house.client.get(base + name)).headers["etag"]
        assert tag.startswith('"')
        known = await house.client.get(base + name, headers={"if-none-match": tag})
        assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", tag)
        assert "cache-control" in known.headers
        other = await house.client.get(base + name, headers={"if-none-match": '"other"'})
        assert other.status_code == 200
        resumed = await house.client.get(base + name, headers={"range": "bytes=1-2", "if-range": tag})
        assert resumed.status_code == 206
        changed = await house.client.get(base + name, headers={"range": "bytes=1-2", "if-range": '"old"'})
        assert changed.status_code == 200


async def test_the_answer_is_the_same_under_every_ticket(house: House) -> None:
    video = await house.playable()
    one, other = await house.media(video), await house.media(video)
    assert one != other
    tags = {(await house.client.get(base + "v1/1.m4s")).headers["etag"] for base in (one, other)}
    assert len(tags) == 1
    assert (await house.client.get(one + "master.m3u8")).text == (await house.client.get(other + "master.m3u8")).text


async def test_preflight_and_other_methods(house: House) -> None:
    base = await house.media(await house.playable())
    asked = {"origin": "https://other.example", "access-control-request-headers": "range, authorization"}
    allowed = await house.client.options(base + "v1/1.m4s", headers=asked)
    assert allowed.status_code == 204
    assert allowed.headers["access-control-allow-headers"] == "range, authorization"
    assert "GET" in allowed.headers["access-control-allow-methods"]
    refused = await house.client.post(base + "master.m3u8")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize(
    "name",
    [
        "", "v1", "v1/", "v1/3.m4s", "v1/0.m4s", "v1/01.m4s", "v1/-1.m4s", "v9/1.m4s", "v1/1.mp4", "v1/playlist.mpd",
        "t1/1.m4s", "t2.vtt", "v1.vtt", "other.m3u8", "v1/init.mp4/x", "../master.m3u8", "v1/../../../../secret",
        "v1/%2e%2e/%2e%2e/1.m4s", "%2e%2e%2f%2e%2e%2fsources", "v1/1.m4s%00", "v1%2f1.m4s%2f..", "//etc/passwd",
        "v1/99999999999999999999.m4s", "v1/\u0661.m4s", "v1/1.m4s~meta",
    ],
)  # fmt: skip
async def test_names_that_the_presentation_does_not_have(house: House, name: str) -> None:
    base = await house.media(await house.playable())
    answer = await house.client.get(base + name)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "no-store"


async def test_a_ticket_opens_only_its_own_video(house: House) -> None:
    own, other = await house.playable(), await house.playable()
    ticket = (await house.media(own)).split("/")[2]
    path = (await house.media(other)).split("/", 3)[3]
    answer = await house.client.get(f"/media/{ticket}/{path}master.m3u8")
    assert answer.status_code == 404
    # Nor another video's output under its own id.
    video_hex, output_hex = (await house.media(other)).split("/")[3:5]
    assert video_hex != hex_of(own)
    mixed = await house.client.get(f"/media/{ticket}/{hex_of(own)}/{output_hex}/master.m3u8")
    assert mixed.status_code == 404


async def test_forged_tickets_are_unknown_paths(house: House) -> None:
    base = await house.media(await house.playable())
    _, _, ticket, video_hex, output_hex, _ = base.split("/")
    forgeries = ["x", "A" * 52, ticket[:-1], ticket + "A", ticket[:8] + ("A" if ticket[8] != "A" else "B") + ticket[9:]]
    for forged in forgeries:
        answer = await house.client.get(f"/media/{forged}/{video_hex}/{output_hex}/master.m3u8")
        assert answer.status_code == 404, forged
    for path in (f"{ticket}/{video_hex}/zz/master.m3u8", f"{ticket}/{to_hex(VideoId(1))}/{output_hex}/v1/1.m4s"):
        assert (await house.client.get(f"/media/{path}")).status_code == 404


async def test_an_expired_ticket_says_so_and_the_configuration_gives_a_new_one(house: House) -> None:
    video = await house.playable()
    base = await house.media(video)
    house.advance(hours=6, seconds=-1)
    assert (await house.client.get(base + "v1/1.m4s")).status_code == 200
    house.advance(seconds=1)
    answer = await house.client.get(base + "v1/1.m4s")
    assert (answer.status_code, answer.json()["error"]) == (403, "ticket_expired")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "no-store"
    assert (await house.client.get(await house.media(video) + "v1/1.m4s")).status_code == 200


async def test_stricter_access_bites_within_five_seconds_and_without_a_query_before(house: House) -> None:
    video = await house.playable()
    base = await house.media(video)
    assert (await house.client.get(base + "master.m3u8")).status_code == 200
    await house.change(video, privacy=Privacy.LOGIN)
    house.advance(seconds=4.9)
    assert (await house.client.get(base + "v1/1.m4s")).status_code == 200
    house.advance(seconds=0.1)
    answer = await house.client.get(base + "v1/1.m4s")
    assert (answer.status_code, answer.json()["error"]) == (403, "ticket_revoked")


async def test_a_ticket_issued_after_a_change_is_good_at_once(house: House) -> None:
    video = await house.playable()
    old = await house.media(video)
    assert (await house.client.get(old + "master.m3u8")).status_code == 200
    await house.change(video, prefers_embed_password=True)
    new = await house.media(video)
    assert (await house.client.get(new + "master.m3u8")).status_code == 200
    assert (await house.client.get(old + "master.m3u8")).status_code == 403  # and the old one ends at that moment


async def test_no_request_for_media_touches_the_database_while_the_generation_is_fresh(house: House) -> None:
    base = await house.media(await house.playable())
    assert (await house.client.get(base + "master.m3u8")).status_code == 200
    await house.library.database.close()
    house.library.database.read = None  # type: ignore[method-assign]  # whoever opens a transaction now fails loudly
    for name in ("master.m3u8", "manifest.mpd", "v1/playlist.m3u8", "v1/1.m4s", "a1/2.m4s"):
        assert (await house.client.get(base + name)).status_code == 200
    house.advance(seconds=30)  # the database does not answer: who watches already goes on
    assert (await house.client.get(base + "v1/2.m4s")).status_code == 200


async def test_a_deleted_video_is_gone_within_five_seconds(house: House) -> None:
    video = await house.playable()
    base = await house.media(video)
    await delete_video(house.library, house.owner, video.id)
    house.advance(seconds=5)
    assert (await house.client.get(base + "master.m3u8")).status_code == 404
    assert (await house.client.get(embed_path(video))).status_code == 404


async def test_a_ticket_does_not_outlive_its_video(house: House) -> None:
    video = await house.playable()
    video = await house.change(video, expires_at=house.clock.now() + timedelta(minutes=10))
    base = await house.media(video)
    house.advance(minutes=10)
    assert (await house.client.get(base + "v1/1.m4s")).status_code == 403


async def test_a_described_segment_whose_bytes_are_missing_is_not_found(house: House) -> None:
    video = await house.video()
    files = {"v1/init.mp4": b"init"}
    await house.record(video, OutputKind.PRESENTATION, LADDER, files, ladder_document(ladder()))
    base = await house.media(await house.mark_playable(video))
    assert (await house.client.get(base + "v1/init.mp4")).status_code == 200
    assert (await house.client.get(base + "v1/1.m4s")).status_code == 404


async def test_a_damaged_description_is_an_error_without_a_traceback(house: House) -> None:
    video = await house.video()
    await house.record(video, OutputKind.PRESENTATION, LADDER, {"x": b"x"}, {"v": 1})
    base = await house.media(await house.mark_playable(video))
    answer = await house.client.get(base + "master.m3u8")
    assert answer.status_code == 400
    assert "Traceback" not in answer.text

"""Access grants on SQLite and on PostgreSQL: what is stored, for whom, and what goes with what."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from framehouse import library, playback
from framehouse.kernel import GrantId, InvalidInput, LoginId, NotFound, VideoId
from framehouse.library import DownloadQuality
from framehouse.playback import GrantChanges, NewGrant
from tests.contracts.playback_house import PlaybackHouse

HOUR = timedelta(hours=1)
SD, HD, ORIGINAL = DownloadQuality.SD, DownloadQuality.HD, DownloadQuality.ORIGINAL


@pytest.fixture
def house(playback_house: PlaybackHouse) -> PlaybackHouse:
    return playback_house


async def test_a_grant_comes_back_as_it_went_in(house: PlaybackHouse) -> None:
    login, video = await house.login(), await house.video()
    now = house.clock.now()
    terms = {"starts_at": now, "ends_at": now + HOUR, "allowed_plays": 3, "downloads": (SD, ORIGINAL, SD)}
    grant = await house.grant(login, video, **terms)
    assert (grant.login_id, grant.video_id, grant.play_count, grant.allowed_plays) == (login.id, video.id, 0, 3)
    assert (grant.starts_at, grant.ends_at, grant.created_at) == (now, now + HOUR, now)
    assert grant.downloads == (ORIGINAL, SD)
    assert await house.fresh(grant) == grant
    plain = await house.grant(login, video)
    assert (plain.starts_at, plain.ends_at, plain.allowed_plays, plain.downloads) == (None, None, 0, ())


@pytest.mark.parametrize(
    ("terms", "field"),
    [({"allowed_plays": -1}, "allowed_plays"), ({"allowed_plays": 2**31}, "allowed_plays")],
)
async def test_what_is_refused(house: PlaybackHouse, terms: dict[str, Any], field: str) -> None:
    login, video = await house.login(), await house.video()
    with pytest.raises(InvalidInput) as refused:
        await house.grant(login, video, **terms)
    assert list(refused.value.fields) == [field]


async def test_access_ends_after_it_starts(house: PlaybackHouse) -> None:
    login, video, now = await house.login(), await house.video(), house.clock.now()
    with pytest.raises(InvalidInput, match="end after it starts"):
        await house.grant(login, video, starts_at=now, ends_at=now)
    grant = await house.grant(login, video, starts_at=now)
    with pytest.raises(InvalidInput, match="end after it starts"):
        await playback.change_grant(house.context, house.owner, grant.id, GrantChanges(ends_at=now))


async def test_logins_and_videos_of_strangers_do_not_exist(house: PlaybackHouse) -> None:
    login, video = await house.login(), await house.video()
    theirs, their_video = await house.login(house.stranger), await house.video(house.stranger)
    gone = await house.video()
    await library.delete_video(house.context, house.owner, gone.id)
    for login_id, video_id, what in (
        (theirs.id, video.id, "login"),
        (LoginId(1), video.id, "login"),
        (login.id, their_video.id, "video"),
        (login.id, VideoId(1), "video"),
        (login.id, gone.id, "video"),
    ):
        with pytest.raises(NotFound, match=f"no such {what}") as missing:
            await playback.create_grant(house.context, house.owner, NewGrant(login_id, video_id))
        assert list(missing.value.fields) == [f"{what}_id"]


async def test_a_stranger_reaches_no_grant(house: PlaybackHouse) -> None:
    login, video = await house.login(), await house.video()
    grant = await house.grant(login, video)
    for attempt in (
        playback.get_grant(house.context, house.stranger, grant.id),
        playback.change_grant(house.context, house.stranger, grant.id, GrantChanges(allowed_plays=1)),
        playback.delete_grant(house.context, house.stranger, grant.id),
        playback.get_grant(house.context, house.owner, GrantId(1)),
    ):
        with pytest.raises(NotFound, match="no such access grant"):
            await attempt
    assert (await playback.list_grants(house.context, house.stranger)).items == ()
    assert await playback.grant_ids_of_logins(house.context, house.stranger, [login.id]) == {login.id: []}
    assert await house.fresh(grant) == grant


async def test_many_are_made_at_once_or_none(house: PlaybackHouse) -> None:
    login, video = await house.login(), await house.video()
    wanted = [NewGrant(login.id, video.id, allowed_plays=n) for n in range(3)]
    with pytest.raises(NotFound):
        await playback.create_grants(house.context, house.owner, [*wanted, NewGrant(LoginId(1), video.id)])
    with pytest.raises(InvalidInput):
        await playback.create_grants(house.context, house.owner, [*wanted, replace(wanted[0], allowed_plays=-1)])
    assert await house.count("access_grants") == 0
    made = await playback.create_grants(house.context, house.owner, wanted)
    assert [grant.allowed_plays for grant in made] == [0, 1, 2]
    assert await house.count("access_grants") == 3
    assert await playback.create_grants(house.context, house.owner, []) == ()


async def test_lists_are_newest_first_and_can_be_of_one_login_or_video(house: PlaybackHouse) -> None:
    (ada, bob), (film, talk) = [await house.login() for _ in range(2)], [await house.video() for _ in range(2)]
    made = [await house.grant(*pair) for pair in ((ada, film), (bob, film), (ada, talk), (ada, film))]

    async def listed(**query: Any) -> tuple[list[int], int]:
        page = await playback.list_grants(house.context, house.owner, **query)
        return [made.index(grant) for grant in page.items], page.total

    assert await listed() == ([3, 2, 1, 0], 4)
    assert await listed(offset=1, limit=2) == ([2, 1], 4)
    assert await listed(login_id=ada.id) == ([3, 2, 0], 3)
    assert await listed(video_id=film.id) == ([3, 1, 0], 3)
    assert await listed(login_id=bob.id, video_id=talk.id) == ([], 0)
    ids = await playback.grant_ids_of_logins(house.context, house.owner, [ada.id, bob.id])
    assert ids == {ada.id: [made[0].id, made[2].id, made[3].id], bob.id: [made[1].id]}


async def test_a_grant_is_changed_field_by_field(house: PlaybackHouse) -> None:
    grant = await house.grant(await house.login(), await house.video(), ends_at=house.clock.now() + HOUR)
    changes = GrantChanges(ends_at=None, allowed_plays=2, downloads=(HD,))
    changed = await playback.change_grant(house.context, house.owner, grant.id, changes)
    expected = replace(grant, ends_at=None, allowed_plays=2, downloads=(HD,), updated_at=house.clock.now())
    assert changed == expected
    assert await house.fresh(grant) == expected
    house.clock.advance(HOUR)
    later = await playback.change_grant(house.context, house.owner, grant.id, GrantChanges(starts_at=grant.created_at))
    assert later == replace(expected, starts_at=grant.created_at, updated_at=house.clock.now())

"""The owner's question whether somebody would be let in; the full table is in test_matrix."""

from datetime import timedelta
from typing import Any

import pytest

from framehouse.identity import TenantChanges
from framehouse.kernel import LoginId, NotFound
from framehouse.library import DownloadQuality, Privacy, Video
from framehouse.playback import AccessAnswer, AccessQuestion, Place, check_access, find_published, get_grant
from tests.edge.house import House
from tests.edge.visiting import grant_for, login_for


async def ask(house: House, video: Video, place: Place = Place.EMBED, **question: Any) -> AccessAnswer:
    published = await find_published(house.playback, video.id)
    assert published is not None
    return await check_access(house.library, published, AccessQuestion(place, **question))


async def reason(house: House, video: Video, place: Place = Place.EMBED, **question: Any) -> str | None:
    answer = await ask(house, video, place, **question)
    assert answer.allowed is (answer.reason is None)
    return answer.reason.value if answer.reason else None


async def test_an_answer_is_for_the_owner(house: House) -> None:
    video = await house.playable(allowed_domains=("a.example",))
    refused = await ask(house, video)
    assert (refused.allowed, refused.reason) == (False, "domain_unknown")
    assert "referrerpolicy" in refused.explanation
    allowed = await ask(house, video, domain="A.example")
    assert (allowed.allowed, allowed.reason) == (True, None)
    assert allowed.explanation


async def test_networks_addresses_and_signatures_can_be_tried(house: House) -> None:
    video = await house.playable(allowed_networks=("192.0.2.0/24",), signed_embeds_only=True)
    assert await reason(house, video) == "network_not_allowed"
    assert await reason(house, video, address="192.0.2.7") == "signature_missing"
    assert await reason(house, video, address="192.0.2.7", signed=False) == "signature_missing"
    assert await reason(house, video, address="192.0.2.7", signed=True) is None


async def test_another_time_can_be_tried(house: House) -> None:
    video, now = await house.playable(privacy=Privacy.LOGIN), house.clock.now()
    login = await login_for(house)
    await grant_for(house, login, video, starts_at=now + timedelta(days=1), ends_at=now + timedelta(days=2))
    for days, expected in ((0, "grant_not_started"), (1, None), (2, "grant_ended")):
        assert await reason(house, video, login_id=login.id, at=now + timedelta(days=days)) == expected
    await house.change(video, expires_at=now + timedelta(days=1))
    assert await reason(house, video, login_id=login.id, at=now + timedelta(days=1)) == "expired"


async def test_asking_costs_no_play_and_no_try(house: House) -> None:
    video, login = await house.playable(privacy=Privacy.LOGIN), await login_for(house)
    grant = await grant_for(house, login, video, allowed_plays=1, downloads=(DownloadQuality.ORIGINAL,))
    for _ in range(3):
        answer = await ask(house, video, login_id=login.id)
        assert (answer.allowed, answer.downloads) == (True, (DownloadQuality.ORIGINAL,))
    assert (await get_grant(house.library, house.owner, grant.id)).play_count == 0
    guarded = await house.playable(privacy=Privacy.PASSWORD, password="open")
    for _ in range(20):
        assert await reason(house, guarded, Place.PAGE, password="ajar") == "password_wrong"
    assert await reason(house, guarded, Place.PAGE, password="open") is None


async def test_what_a_viewer_would_be_asked_for_is_told(house: House) -> None:
    assert await reason(house, await house.playable(asks_email=True)) == "contact_required"
    assert await reason(house, await house.video()) == "not_playable_yet"
    await house.identity.update_tenant(house.owner.tenant_id, TenantChanges(active=False))
    assert await reason(house, await house.playable()) == "tenant_inactive"


async def test_logins_of_others_are_unknown(house: House) -> None:
    video = await house.playable(privacy=Privacy.LOGIN)
    other = await house.identity.create_tenant("other", "Other")
    theirs = await house.identity.create_login(other.id, "ada@example.com", "x")
    for login_id in (theirs.id, LoginId(1)):
        with pytest.raises(NotFound, match="no such login"):
            await ask(house, video, login_id=login_id)

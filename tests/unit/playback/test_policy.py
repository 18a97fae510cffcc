"""Who may watch: every rule, who passes it, and which objection counts first."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from framehouse.kernel import GrantId, LoginId, VideoId, new_tenant_id
from framehouse.library import Privacy, Video, VideoKind, VideoState
from framehouse.playback import AccessFacts, Allowed, DenialReason, Denied, Grant, Place, SignatureState, decide
from framehouse.playback.explanations import EXPLANATIONS
from framehouse.playback.model import Play

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
EMBED, PAGE = Place.EMBED, Place.PAGE


PLAIN = Video(
    id=VideoId(7),
    tenant_id=new_tenant_id(),
    kind=VideoKind.VOD,
    title="A film",
    description=None,
    state=VideoState.COMPLETE,
    media_state=VideoState.COMPLETE,
    state_reason=None,
    progress_percent=100,
    privacy=Privacy.PUBLIC,
    password_sealed=None,
    prefers_embed_password=False,
    protected=False,
    embed_token="abc",
    ticket_generation=1,
    expires_at=None,
    signed_embeds_only=False,
    allowed_domains=(),
    allowed_networks=(),
    viewer_downloads=None,
    asks_email=False,
    asks_name=False,
    project_id=None,
    folder_id=None,
    source_id=None,
    replacement_source_id=None,
    source_md5=None,
    original_file_name="a.mp4",
    source_size_bytes=1,
    preset="dash_hls_720p",
    wants_download=False,
    duration_ms=1000,
    width=16,
    height=9,
    poster_number=0,
    notification_url=None,
    settings={},
    created_at=NOW,
    updated_at=NOW,
    received_at=NOW,
    playable_at=NOW,
    complete_at=NOW,
)


def video(**changes: object) -> Video:
    return replace(PLAIN, **changes)  # type: ignore[arg-type]  # names are checked by the dataclass itself


def grant(number: int = 1, **changes: object) -> Grant:
    plain = Grant(GrantId(number), new_tenant_id(), LoginId(5), VideoId(7), None, None, 0, 0, (), NOW, NOW)
    return replace(plain, **changes)  # type: ignore[arg-type]  # as above


def reason(of: Video, place: Place, **facts: Any) -> DenialReason | None:
    given = {"has_presentation": True, **facts}
    decision = decide(AccessFacts(of, place, NOW, **given))
    return decision.reason if isinstance(decision, Denied) else None


@pytest.mark.parametrize(
    ("privacy", "prefers", "place", "expected"),
    [
        (Privacy.PUBLIC, False, EMBED, None),
        (Privacy.PUBLIC, False, PAGE, None),
        (Privacy.PRIVATE, False, EMBED, None),
        (Privacy.PRIVATE, False, PAGE, DenialReason.OWNER_ONLY),
        (Privacy.PASSWORD, False, EMBED, None),
        (Privacy.PASSWORD, True, EMBED, DenialReason.PASSWORD_REQUIRED),
        (Privacy.PASSWORD, False, PAGE, DenialReason.PASSWORD_REQUIRED),
        (Privacy.PASSWORD, True, PAGE, DenialReason.PASSWORD_REQUIRED),
        (Privacy.LOGIN, False, EMBED, DenialReason.LOGIN_REQUIRED),
        (Privacy.LOGIN, False, PAGE, DenialReason.LOGIN_REQUIRED),
    ],
)
def test_privacy(privacy: Privacy, prefers: bool, place: Place, expected: DenialReason | None) -> None:
    watched = video(privacy=privacy, prefers_embed_password=prefers, password_sealed="sealed")
    assert reason(watched, place) is expected
    assert reason(watched, place, is_owner=True) is None


def test_a_proven_password_opens_both_places() -> None:
    watched = video(privacy=Privacy.PASSWORD, prefers_embed_password=True)
    assert reason(watched, EMBED, password_proven=True) is None
    assert reason(watched, PAGE, password_proven=True) is None


def test_a_password_does_not_open_what_needs_a_login() -> None:
    assert reason(video(privacy=Privacy.LOGIN), EMBED, password_proven=True) is DenialReason.LOGIN_REQUIRED


def test_expiry_counts_from_its_instant_for_everybody_but_the_owner() -> None:
    assert reason(video(expires_at=NOW), EMBED) is DenialReason.EXPIRED
    assert reason(video(expires_at=NOW + timedelta(microseconds=1)), EMBED) is None
    assert reason(video(expires_at=NOW), PAGE, is_owner=True) is None


def test_what_is_not_there_is_not_played_even_by_its_owner() -> None:
    waiting = video(state=VideoState.PROCESSING, playable_at=None)
    assert reason(waiting, EMBED) is DenialReason.NOT_PLAYABLE_YET
    assert reason(waiting, EMBED, is_owner=True) is DenialReason.NOT_PLAYABLE_YET
    assert reason(video(), EMBED, has_presentation=False) is DenialReason.NOT_PLAYABLE_YET
    failed = video(state=VideoState.FAILED, playable_at=None)
    assert reason(failed, EMBED) is DenialReason.FAILED


def test_a_later_failure_does_not_take_away_what_plays() -> None:
    assert reason(video(state=VideoState.FAILED), EMBED) is None


def test_access_is_refused_before_the_state_is_told() -> None:
    hidden = video(privacy=Privacy.PASSWORD, prefers_embed_password=True, state=VideoState.FAILED, playable_at=None)
    assert reason(hidden, EMBED) is DenialReason.PASSWORD_REQUIRED
    assert reason(replace(hidden, expires_at=NOW), EMBED) is DenialReason.EXPIRED


def test_a_denial_says_what_to_do() -> None:
    decision = decide(AccessFacts(video(privacy=Privacy.PRIVATE), PAGE, NOW, has_presentation=True))
    assert decision == Denied(DenialReason.OWNER_ONLY, "This video is private.")
    assert decide(AccessFacts(video(), PAGE, NOW, has_presentation=True)) == Allowed()


@pytest.mark.parametrize("place", [EMBED, PAGE])
def test_an_inactive_tenants_videos_are_nobodys(place: Place) -> None:
    assert reason(video(), place, tenant_active=False) is DenialReason.TENANT_INACTIVE
    assert reason(video(expires_at=NOW), place, tenant_active=False) is DenialReason.TENANT_INACTIVE


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.7", None),
        ("::ffff:192.0.2.7", None),
        ("2001:db8::5", None),
        ("192.0.3.7", DenialReason.NETWORK_NOT_ALLOWED),
        ("", DenialReason.NETWORK_NOT_ALLOWED),
        ("a socket file", DenialReason.NETWORK_NOT_ALLOWED),
    ],
)
def test_networks_count_on_the_page_and_in_embeds(address: str, expected: DenialReason | None) -> None:
    limited = video(allowed_networks=("192.0.2.0/24", "2001:db8::/32"))
    assert reason(limited, EMBED, address=address) is expected
    assert reason(limited, PAGE, address=address) is expected
    assert reason(limited, PAGE, address=address, is_owner=True) is None


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("example.com", None),
        ("EXAMPLE.com", None),
        ("www.example.com", DenialReason.DOMAIN_NOT_ALLOWED),
        ("a.example.org", None),
        ("a.b.example.org", None),
        ("example.org", DenialReason.DOMAIN_NOT_ALLOWED),
        ("evilexample.org", DenialReason.DOMAIN_NOT_ALLOWED),
        ("example.com.evil.net", DenialReason.DOMAIN_NOT_ALLOWED),
        (None, DenialReason.DOMAIN_UNKNOWN),
    ],
)
def test_domains_count_in_embeds_that_our_own_page_does_not_show(
    host: str | None, expected: DenialReason | None
) -> None:
    limited = video(allowed_domains=("example.com", "*.example.org"))
    assert reason(limited, EMBED, host=host) is expected
    assert reason(limited, EMBED, host=host, from_page=True) is None
    assert reason(limited, PAGE, host=host) is None
    assert reason(limited, EMBED, host=host, is_owner=True) is None
    assert reason(video(), EMBED, host=host) is None


@pytest.mark.parametrize(
    ("signature", "expected"),
    [
        (SignatureState.VALID, None),
        (SignatureState.MISSING, DenialReason.SIGNATURE_MISSING),
        (SignatureState.WRONG, DenialReason.SIGNATURE_WRONG),
        (SignatureState.EXPIRED, DenialReason.SIGNATURE_EXPIRED),
    ],
)
def test_signatures_count_in_embeds_that_want_them(signature: SignatureState, expected: DenialReason | None) -> None:
    signed = video(signed_embeds_only=True)
    assert reason(signed, EMBED, signature=signature) is expected
    assert reason(signed, EMBED, signature=signature, from_page=True) is None
    assert reason(signed, PAGE, signature=signature) is None
    assert reason(video(), EMBED, signature=signature) is None


@pytest.mark.parametrize(
    ("grants", "expected"),
    [
        (None, DenialReason.LOGIN_REQUIRED),
        ((), DenialReason.GRANT_MISSING),
        ((grant(),), None),
        ((grant(starts_at=NOW, ends_at=NOW + timedelta(microseconds=1)),), None),
        ((grant(starts_at=NOW + timedelta(microseconds=1)),), DenialReason.GRANT_NOT_STARTED),
        ((grant(ends_at=NOW),), DenialReason.GRANT_ENDED),
        ((grant(allowed_plays=2, play_count=1),), None),
        ((grant(allowed_plays=2, play_count=2),), DenialReason.PLAYS_USED_UP),
        ((grant(allowed_plays=1, play_count=2),), DenialReason.PLAYS_USED_UP),  # fewer are allowed than were taken
        ((grant(ends_at=NOW), grant(2)), None),  # one that allows is enough
        # of several that do not, the one that is nearest to a yes
        ((grant(ends_at=NOW), grant(2, allowed_plays=1, play_count=1)), DenialReason.PLAYS_USED_UP),
        ((grant(ends_at=NOW), grant(2, starts_at=NOW + timedelta(days=1))), DenialReason.GRANT_NOT_STARTED),
    ],
)
@pytest.mark.parametrize("place", [EMBED, PAGE])
def test_grants(place: Place, grants: tuple[Grant, ...] | None, expected: DenialReason | None) -> None:
    protected = video(privacy=Privacy.LOGIN)
    assert reason(protected, place, grants=grants) is expected
    assert reason(protected, place, grants=grants, is_owner=True) is None
    assert reason(video(), place, grants=grants) is None


def test_the_last_play_goes_on_but_not_beyond_its_grants_dates() -> None:
    protected, used_up = video(privacy=Privacy.LOGIN), grant(1, allowed_plays=1, play_count=1)
    play = Play(9, used_up.tenant_id, used_up.id, NOW, NOW + timedelta(hours=6))
    assert reason(protected, EMBED, grants=(used_up,), play=play) is None
    ended = replace(used_up, ends_at=NOW)
    assert reason(protected, EMBED, grants=(ended,), play=play) is DenialReason.GRANT_ENDED
    others = replace(play, grant_id=GrantId(2))
    assert reason(protected, EMBED, grants=(used_up,), play=others) is DenialReason.PLAYS_USED_UP


@pytest.mark.parametrize("asks", [{"asks_email": True}, {"asks_name": True}, {"asks_email": True, "asks_name": True}])
def test_the_contact_gate_is_the_last_thing_asked(asks: dict[str, bool]) -> None:
    gated = video(**asks)
    assert reason(gated, EMBED) is DenialReason.CONTACT_REQUIRED
    assert reason(gated, EMBED, contact_given=True) is None
    assert reason(gated, EMBED, is_owner=True) is None
    assert reason(replace(gated, privacy=Privacy.LOGIN), EMBED, contact_given=True) is DenialReason.LOGIN_REQUIRED
    assert reason(replace(gated, playable_at=None), EMBED) is DenialReason.CONTACT_REQUIRED


# What is mended in turn, and what comes up then.
MENDED: tuple[tuple[dict[str, Any], DenialReason | None], ...] = (
    ({"tenant_active": True}, DenialReason.EXPIRED),
    ({"expires_at": None}, DenialReason.NETWORK_NOT_ALLOWED),
    ({"address": "192.0.2.1"}, DenialReason.DOMAIN_UNKNOWN),
    ({"host": "example.com"}, DenialReason.SIGNATURE_MISSING),
    ({"signature": SignatureState.VALID}, DenialReason.LOGIN_REQUIRED),
    ({"grants": ()}, DenialReason.GRANT_MISSING),
    ({"grants": (grant(),)}, DenialReason.CONTACT_REQUIRED),
    ({"contact_given": True}, DenialReason.NOT_PLAYABLE_YET),
    ({"playable_at": NOW}, None),
)


def test_the_first_objection_counts() -> None:
    strict = video(
        privacy=Privacy.LOGIN,
        expires_at=NOW,
        allowed_networks=("192.0.2.0/24",),
        allowed_domains=("example.com",),
        signed_embeds_only=True,
        asks_email=True,
        playable_at=None,
    )
    facts: dict[str, Any] = {"tenant_active": False}
    assert reason(strict, EMBED, **facts) is DenialReason.TENANT_INACTIVE
    for mended, next_objection in MENDED:
        for name, value in mended.items():
            if hasattr(strict, name):
                strict = replace(strict, **{name: value})
            else:
                facts[name] = value
        assert reason(strict, EMBED, **facts) is next_objection, mended


def test_every_reason_has_a_sentence_for_the_owner() -> None:
    assert set(EXPLANATIONS) == set(DenialReason)
    assert len(set(EXPLANATIONS.values())) == len(EXPLANATIONS)

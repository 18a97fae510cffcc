"""Who may watch: every rule, who passes it, and which objection counts first."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from framehouse.kernel import VideoId, new_tenant_id
from framehouse.library import Privacy, Video, VideoKind, VideoState
from framehouse.playback import AccessFacts, Allowed, DenialReason, Denied, Place, decide

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
EMBED, PAGE = Place.EMBED, Place.PAGE


def video(**changes: object) -> Video:
    plain = Video(
        id=VideoId(7),
        tenant_id=new_tenant_id(),
        kind=VideoKind.VOD,
        title="A film",
        description=None,
        state=VideoState.COMPLETE,
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
    return replace(plain, **changes)  # type: ignore[arg-type]  # names are checked by the dataclass itself


def reason(of: Video, place: Place, **facts: bool) -> DenialReason | None:
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

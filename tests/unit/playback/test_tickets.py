"""Tickets, asset signatures and proofs of having signed in: what is ours opens, every alteration of it does not."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framehouse.infra.secretbox import SecretBox
from framehouse.kernel import LoginId, RateLimited, VideoId
from framehouse.playback import (
    AssetKind,
    AssetSigner,
    LoginProofs,
    SignedIn,
    TicketExpired,
    TicketInvalid,
    TicketSigner,
)
from framehouse.playback.throttle import Throttle
from framehouse.playback.tickets import TICKET_LENGTH, ticket_expiry
from tests.unit.playback.test_policy import video

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
BOX = SecretBox(bytes(range(32)))
SIGNER = TicketSigner(BOX.derive("ticket"))
VIDEO = VideoId(0xFEDC_BA98_7654)


def test_a_ticket_says_what_was_put_in() -> None:
    text = SIGNER.issue(VIDEO, 4_000_000_000, NOW + HOUR, flags=5)
    ticket = SIGNER.verify(text, NOW)
    assert (ticket.video_id, ticket.generation, ticket.flags) == (VIDEO, 4_000_000_000, 5)
    assert ticket.expires_at == NOW + HOUR
    assert len(text) == TICKET_LENGTH
    assert text.replace("-", "").replace("_", "").isalnum(), "a ticket is one path segment as it is"


def test_every_ticket_is_a_session_of_its_own() -> None:
    sessions = {SIGNER.verify(SIGNER.issue(VIDEO, 1, NOW + HOUR), NOW).session for _ in range(50)}
    assert len(sessions) == 50


def test_a_play_that_goes_on_keeps_its_session() -> None:
    for session in (1, 0x0123_4567_89AB, 2**48 - 1):
        ticket = SIGNER.verify(SIGNER.issue(VIDEO, 2, NOW + HOUR, session=session), NOW)
        assert (int(ticket.session, 16), len(ticket.session)) == (session, 12)


def test_a_ticket_ends_at_its_second() -> None:
    text = SIGNER.issue(VIDEO, 1, NOW + HOUR)
    SIGNER.verify(text, NOW + HOUR - timedelta(seconds=1))
    with pytest.raises(TicketExpired):
        SIGNER.verify(text, NOW + HOUR)


@given(st.integers(0, TICKET_LENGTH - 1), st.sampled_from("ABCabc019-_=+/. \x00é"))
def test_no_changed_character_is_accepted(place: int, character: str) -> None:
    text = SIGNER.issue(VIDEO, 1, NOW + HOUR)
    changed = text[:place] + character + text[place + 1 :]
    if changed != text:
        with pytest.raises(TicketInvalid):
            SIGNER.verify(changed, NOW)


@given(st.integers(0, 38 * 8 - 1))
def test_no_flipped_bit_is_accepted(bit: int) -> None:
    data = bytearray(urlsafe_b64decode(SIGNER.issue(VIDEO, 1, NOW + HOUR)))
    data[bit // 8] ^= 1 << bit % 8
    with pytest.raises(TicketInvalid):
        SIGNER.verify(urlsafe_b64encode(data).decode(), NOW)


@given(st.text(max_size=80))
def test_no_text_is_a_ticket(text: str) -> None:
    with pytest.raises(TicketInvalid):
        SIGNER.verify(text, NOW)


def test_another_installations_ticket_and_another_purposes_key_open_nothing() -> None:
    for secret in (SecretBox(bytes(32)).derive("ticket"), BOX.derive("asset")):
        with pytest.raises(TicketInvalid):
            SIGNER.verify(TicketSigner(secret).issue(VIDEO, 1, NOW + HOUR), NOW)


def test_a_ticket_lives_twice_the_duration_but_six_hours_at_least_and_no_longer_than_the_video() -> None:
    hour_ms = 3_600_000
    assert ticket_expiry(NOW, duration_ms=4 * hour_ms, minimum_s=21600) == NOW + 8 * HOUR
    assert ticket_expiry(NOW, duration_ms=1000, minimum_s=21600) == NOW + 6 * HOUR
    assert ticket_expiry(NOW, duration_ms=None, minimum_s=60) == NOW + timedelta(minutes=1)
    assert ticket_expiry(NOW, duration_ms=hour_ms, minimum_s=60, not_after=NOW + HOUR) == NOW + HOUR


def test_asset_signatures_are_stable_and_belong_to_one_video_and_kind() -> None:
    signer, watched = AssetSigner(BOX), video()
    poster = signer.signature(watched, AssetKind.POSTER)
    assert poster == AssetSigner(BOX).signature(watched, AssetKind.POSTER)
    assert len(poster) == 16
    assert signer.verify(watched, AssetKind.POSTER, poster)
    assert not signer.verify(watched, AssetKind.SOURCE, poster)
    assert not signer.verify(video(id=VideoId(8)), AssetKind.POSTER, poster)
    assert not signer.verify(watched, AssetKind.POSTER, poster[:-1])
    assert not signer.verify(watched, AssetKind.POSTER, "é" + poster)


def test_a_proof_of_having_signed_in_is_one_login_of_one_generation() -> None:
    proofs, signed_in = LoginProofs(BOX), SignedIn(LoginId(2**48 - 1), 3)
    proof = proofs.issue(signed_in, NOW + HOUR)
    assert proofs.verify(proof, NOW) == signed_in
    assert proofs.verify(proof, NOW + HOUR) is None
    assert LoginProofs(SecretBox(bytes(32))).verify(proof, NOW) is None
    for forged in ("", "é", "AAAA", proof[:-1], "B" + proof[1:], proof[:10] + "B" + proof[11:]):
        assert proofs.verify(forged, NOW) is None


def test_guessing_is_slowed_down_and_forgotten_after_the_window() -> None:
    throttle = Throttle(limit=3, window=timedelta(minutes=5), keys_max=2)
    for _ in range(3):
        throttle.check("a", NOW)
        throttle.failed("a", NOW)
    with pytest.raises(RateLimited) as limited:
        throttle.check("a", NOW + timedelta(minutes=4))
    assert limited.value.retry_after_s == 60
    throttle.check("b", NOW)
    throttle.check("a", NOW + timedelta(minutes=5))


def test_a_right_password_clears_the_count_and_memory_is_bounded() -> None:
    throttle = Throttle(limit=1, keys_max=2)
    for key in ("a", "b", "c"):
        throttle.failed(key, NOW)
    throttle.check("a", NOW)  # forgotten for the sake of the newer ones
    throttle.succeeded("c")
    throttle.check("c", NOW)
    with pytest.raises(RateLimited):
        throttle.check("b", NOW)

"""Embed passes: what was shown comes back, for one video, until its end, and no alteration of it does."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framehouse.infra.secretbox import SecretBox
from framehouse.kernel import LoginId, VideoId
from framehouse.library import Privacy
from framehouse.playback import PassSigner, Proofs, SignedIn
from tests.unit.playback.test_policy import video

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
END = NOW + timedelta(hours=12)
BOX = SecretBox(bytes(range(32)))
SIGNER = PassSigner(BOX.derive("embed-pass"))
VIDEO = video()
EVERYTHING = Proofs("www.example.com", True, True, True, True, SignedIn(LoginId(2**48 - 1), 7), 2**48 - 2)
TEXT = SIGNER.issue(VIDEO, EVERYTHING, END)

proofs = st.builds(
    Proofs,
    host=st.none() | st.from_regex(r"[a-z0-9][a-z0-9.-]{0,200}", fullmatch=True),
    from_page=st.booleans(),
    signed=st.booleans(),
    password=st.booleans(),
    contact=st.booleans(),
    login=st.none() | st.builds(SignedIn, st.integers(1, 2**48 - 1).map(LoginId), st.integers(1, 2**31)),
    session=st.none() | st.integers(1, 2**48 - 1),
)


@given(proofs)
def test_a_pass_says_what_was_shown(shown: Proofs) -> None:
    text = SIGNER.issue(VIDEO, shown, END)
    found = SIGNER.verify(text, VIDEO, NOW)
    assert found is not None
    assert (found.proofs, found.ends_at) == (shown, END)
    assert text.replace("-", "").replace("_", "").isalnum(), "a query takes it as it is"


def test_a_pass_ends_at_its_second() -> None:
    assert SIGNER.verify(TEXT, VIDEO, END - timedelta(seconds=1)) is not None
    assert SIGNER.verify(TEXT, VIDEO, END) is None


def test_a_pass_is_for_one_video_of_one_installation() -> None:
    assert SIGNER.verify(TEXT, replace(VIDEO, id=VideoId(8)), NOW) is None
    assert PassSigner(SecretBox(bytes(32)).derive("embed-pass")).verify(TEXT, VIDEO, NOW) is None
    assert PassSigner(BOX.derive("ticket")).verify(TEXT, VIDEO, NOW) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"privacy": Privacy.PASSWORD},
        {"password_sealed": "another"},
        {"prefers_embed_password": True},
        {"signed_embeds_only": True},
        {"allowed_domains": ("example.com",)},
        {"embed_token": "another"},
    ],
)
def test_after_a_change_of_the_rules_only_facts_remain(changes: dict[str, object]) -> None:
    """Who is signed in, where the player stands, a contact: the rules of today look at these anew."""
    found = SIGNER.verify(TEXT, replace(VIDEO, **changes), NOW)  # type: ignore[arg-type]
    assert found is not None
    assert found.proofs == replace(EVERYTHING, from_page=False, signed=False, password=False)


def test_somebody_elses_end_and_a_new_title_change_nothing() -> None:
    changed = replace(VIDEO, ticket_generation=99, title="Another", expires_at=END)
    found = SIGNER.verify(TEXT, changed, NOW)
    assert found is not None
    assert found.proofs == EVERYTHING


@given(st.integers(0, len(TEXT) - 1), st.sampled_from("ABCabc019-_=+/. \x00é"))
def test_no_changed_character_is_accepted(place: int, character: str) -> None:
    changed = TEXT[:place] + character + TEXT[place + 1 :]
    if changed != TEXT:
        assert SIGNER.verify(changed, VIDEO, NOW) is None


@given(st.integers(0, len(urlsafe_b64decode(TEXT + "==")) * 8 - 1))
def test_no_flipped_bit_is_accepted(bit: int) -> None:
    data = bytearray(urlsafe_b64decode(TEXT + "=="))
    data[bit // 8] ^= 1 << bit % 8
    assert SIGNER.verify(urlsafe_b64encode(data).decode().rstrip("="), VIDEO, NOW) is None


@given(st.text(max_size=80) | st.integers(900, 3000).map(lambda length: "A" * length))
def test_no_text_is_a_pass(text: str) -> None:
    assert SIGNER.verify(text, VIDEO, NOW) is None


@pytest.mark.parametrize("cut", [1, 4, 16, 40, len(TEXT)])
def test_no_part_of_a_pass_is_a_pass(cut: int) -> None:
    assert SIGNER.verify(TEXT[:-cut], VIDEO, NOW) is None
    assert SIGNER.verify(TEXT[cut:], VIDEO, NOW) is None
    assert SIGNER.verify(TEXT + TEXT[:cut], VIDEO, NOW) is None


def test_a_host_that_is_too_long_to_be_one_is_left_out() -> None:
    found = SIGNER.verify(SIGNER.issue(VIDEO, Proofs("a" * 254), END), VIDEO, NOW)
    assert found is not None
    assert found.proofs == Proofs()

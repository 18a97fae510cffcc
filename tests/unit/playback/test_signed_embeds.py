"""Signed embed addresses: the vendor's vector, and everything that must not count as signed."""

from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode

import pytest

from framehouse.playback import EmbedAddress, SignatureState, embed_signature
from framehouse.playback.signed_embeds import check_signature

# Of a public client library of the SproutVideo API.
VECTOR = "8u1AaXnej+Y17tJ3P/2PifJOchI="
KEY, HOST, PATH, EXPIRES_S = "k", "videos.sproutvideo.com", "/embed/abc123/def456", 1368127991
IN_TIME, TOO_LATE = datetime.fromtimestamp(EXPIRES_S - 1, UTC), datetime.fromtimestamp(EXPIRES_S, UTC)
SIGNED = (("type", "hd"), ("u", "a b"), ("expires", str(EXPIRES_S)))


def address(*parameters: tuple[str, str], hosts: tuple[str, ...] = (HOST,), path: str = PATH) -> EmbedAddress:
    return EmbedAddress(path, parameters, hosts)


def check(*parameters: tuple[str, str], keys: tuple[str, ...] = (KEY,), now: datetime = IN_TIME) -> SignatureState:
    return check_signature(address(*parameters), keys, now)


def test_the_vendors_vector() -> None:
    assert embed_signature(KEY, HOST, PATH, SIGNED) == VECTOR
    assert check(("signature", VECTOR), *SIGNED) is SignatureState.VALID


def test_as_it_travels_in_a_url() -> None:
    query = f"signature={urlencode({'': VECTOR})[1:]}&" + urlencode(dict(SIGNED))
    assert check(*parse_qsl(query)) is SignatureState.VALID
    unescaped = f"signature={VECTOR}&" + urlencode(dict(SIGNED))  # its `+` arrives as a space
    assert " " in dict(parse_qsl(unescaped))["signature"]
    assert check(*parse_qsl(unescaped)) is SignatureState.VALID


def test_the_order_of_parameters_and_our_own_pass_do_not_count() -> None:
    assert check(*reversed(SIGNED), ("pass", "xyz"), ("signature", VECTOR)) is SignatureState.VALID


@pytest.mark.parametrize(
    "parameters",
    [
        (("type", "sd"), *SIGNED[1:]),
        (*SIGNED[:2], ("expires", str(EXPIRES_S + 1))),
        SIGNED[:2],
        (*SIGNED, ("autoplay", "1")),
        SIGNED[1:],
        (*SIGNED, ("expires", str(EXPIRES_S + 1))),
    ],
)
def test_nothing_can_be_added_dropped_or_changed(parameters: tuple[tuple[str, str], ...]) -> None:
    assert check(("signature", VECTOR), *parameters) is SignatureState.WRONG


@pytest.mark.parametrize("signature", [VECTOR[:-1], "A" + VECTOR[1:], VECTOR.lower(), "é", "\ud800", "x" * 10_000])
def test_forged_signatures(signature: str) -> None:
    assert check(("signature", signature), *SIGNED) is SignatureState.WRONG


def test_an_address_without_a_signature_is_not_signed() -> None:
    assert check(*SIGNED) is SignatureState.MISSING
    assert check(("signature", ""), *SIGNED) is SignatureState.MISSING
    assert check() is SignatureState.MISSING


def test_any_key_and_any_host_of_the_owner_will_do_and_nobody_elses() -> None:
    signed = (("signature", VECTOR), *SIGNED)
    assert check(*signed, keys=("other", KEY)) is SignatureState.VALID
    assert check(*signed, keys=("other",)) is SignatureState.WRONG
    assert check(*signed, keys=()) is SignatureState.WRONG
    own = check_signature(address(*signed, hosts=("films.example", HOST)), (KEY,), IN_TIME)
    assert own is SignatureState.VALID
    elsewhere = check_signature(address(*signed, hosts=("films.example",)), (KEY,), IN_TIME)
    assert elsewhere is SignatureState.WRONG
    other_video = check_signature(address(*signed, path="/embed/abc124/def456"), (KEY,), IN_TIME)
    assert other_video is SignatureState.WRONG


def test_a_signature_ends_with_its_second() -> None:
    signed = (("signature", VECTOR), *SIGNED)
    assert check(*signed, now=IN_TIME) is SignatureState.VALID
    assert check(*signed, now=TOO_LATE) is SignatureState.EXPIRED
    assert check(*signed, keys=("other",), now=TOO_LATE) is SignatureState.WRONG, "a forger learns no time"


@pytest.mark.parametrize("expires", [None, "", "soon", "-1", "1e20", "9" * 5000, "\u0661"])
def test_a_right_signature_without_a_time_is_none(expires: str | None) -> None:
    parameters = [("type", "hd"), *([("expires", expires)] if expires is not None else [])]
    signature = embed_signature(KEY, HOST, PATH, parameters)
    assert check(("signature", signature), *parameters) is SignatureState.WRONG

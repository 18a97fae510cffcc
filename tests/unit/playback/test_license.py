"""The licence endpoint's answers: right key for the right id, nothing for anything else."""

import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from fractions import Fraction

import pytest

from framehouse.infra.secretbox import SecretBox
from framehouse.kernel import InvalidInput, NotFound, VideoId
from framehouse.library import Output, OutputId, OutputKind
from framehouse.media.presentation import Presentation, Protection, SegmentTimeline, VideoTrack
from framehouse.playback.documents import ladder_document
from framehouse.playback.license import answer_license_request, content_key
from framehouse.playback.publication import Publication, open_publication

KEY_ID, KEY = bytes(range(16)), bytes(range(16, 32))
SECRETS = SecretBox(bytes(32))


def publication(*, protected: bool) -> Publication:
    track = VideoTrack(
        id="v720p",
        codec="avc1.64001f",
        timescale=30,
        segments=SegmentTimeline.of([120]),
        bandwidth_bps=1,
        average_bps=1,
        width=1280,
        height=720,
        frame_rate=Fraction(30),
    )
    protection = Protection(key_id=KEY_ID.hex(), license_url="license") if protected else None
    document = ladder_document(Presentation(4000, (track,), protection=protection))
    if protected:
        document["sealed_key"] = SECRETS.encrypt(KEY.hex())
    now = datetime(2026, 1, 1, tzinfo=UTC)
    output = Output(
        OutputId(1), VideoId(2), OutputKind.PRESENTATION, "ladder", "x/", 1, None, None, None, document, now
    )
    return open_publication(output)


def request_for(*key_ids: bytes) -> bytes:
    return json.dumps({"kids": [urlsafe_b64encode(k).decode().rstrip("=") for k in key_ids]}).encode()


def test_the_key_is_answered_for_its_id() -> None:
    answer = json.loads(answer_license_request(request_for(KEY_ID), publication(protected=True), SECRETS))
    assert answer["type"] == "temporary"
    assert answer["keys"] == [{"kty": "oct", "kid": "AAECAwQFBgcICQoLDA0ODw", "k": "EBESExQVFhcYGRobHB0eHw"}]


def test_another_key_id_gets_nothing() -> None:
    with pytest.raises(NotFound):
        answer_license_request(request_for(b"\xff" * 16), publication(protected=True), SECRETS)


def test_a_clear_video_has_no_key() -> None:
    with pytest.raises(NotFound):
        content_key(publication(protected=False), SECRETS)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"kids": 3}', b'{"kids": ["!"]}', b"\xff\xfe"])
def test_a_request_that_is_none_is_told_so(body: bytes) -> None:
    with pytest.raises((InvalidInput, NotFound)):
        answer_license_request(body, publication(protected=True), SECRETS)


def test_a_key_sealed_elsewhere_does_not_open() -> None:
    with pytest.raises(ValueError, match="another installation"):
        content_key(publication(protected=True), SecretBox(b"1" * 32))

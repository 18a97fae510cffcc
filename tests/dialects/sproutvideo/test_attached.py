"""Subtitles and calls to action of a video over HTTP."""

from typing import Any

import httpx
import pytest

from tests.dialects.house import assert_shape, facts
from tests.dialects.sproutvideo.uploading import make, pages_of, upload

FACTS = facts("sproutvideo")
SRT = "1\r\n00:00:01,000 --> 00:00:02,500\r\nHello.\r\n"
VTT = "WEBVTT\n\n00:01.000 --> 00:02.500\nHello.\n"
LINK = {"text": "Book", "url": "https://example.com/?a=1&b=2", "start_time": 1, "end_time": 2.5}


async def test_subtitles(sprout: httpx.AsyncClient) -> None:
    base = f"/videos/{(await upload(sprout))['id']}/subtitles"
    made = await make(sprout, base, language="en", content=SRT)
    assert_shape(made, FACTS["subtitle"])
    assert (made["language"], made["video_id"]) == ("en", base.split("/")[2])
    assert made["content"].startswith("WEBVTT")
    assert "Hello." in made["content"]
    assert (await sprout.get(f"{base}/{made['id']}")).json() == made
    renamed = (await sprout.put(f"{base}/{made['id']}", json={"language": "pt-BR"})).json()
    assert (renamed["language"], renamed["content"]) == ("pt-BR", made["content"])
    changed = (await sprout.put(f"{base}/{made['id']}", json={"content": VTT.replace("Hello", "Bye")})).json()
    assert (changed["language"], "Bye." in changed["content"]) == ("pt-BR", True)
    await make(sprout, base, language="fr", content=VTT)
    languages = [each["language"] for each in await pages_of(sprout, base, "subtitles")]
    assert sorted(languages) == ["fr", "pt-BR"]
    assert (await sprout.delete(f"{base}/{made['id']}")).json() == changed
    assert (await sprout.get(f"{base}/{made['id']}")).status_code == 404
    assert (await sprout.get(base)).json()["total"] == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"content": VTT}, "language"),
        ({"language": "en"}, "content"),
        ({"language": "en", "content": "no cues"}, "content"),
        ({"language": "not a language", "content": VTT}, "language"),
    ],
)
async def test_refused_subtitles(sprout: httpx.AsyncClient, body: dict[str, str], field: str) -> None:
    base = f"/videos/{(await upload(sprout))['id']}/subtitles"
    answer = await sprout.post(base, json=body)
    assert answer.status_code == 422, answer.text
    assert field in answer.json()["errors"]
    assert (await sprout.get(base)).json()["total"] == 0


async def test_calls_to_action(sprout: httpx.AsyncClient) -> None:
    base = f"/videos/{(await upload(sprout))['id']}/calls_to_action"
    made = await make(sprout, base, **LINK)
    assert_shape(made, FACTS["call_to_action"])
    assert {name: made[name] for name in LINK} == LINK
    assert type(made["start_time"]) is int
    assert (await sprout.get(f"{base}/{made['id']}")).json() == made
    changed = (await sprout.put(f"{base}/{made['id']}", json={"text": "Go", "end_time": None})).json()
    assert (changed["text"], changed["end_time"], changed["start_time"], changed["url"]) == ("Go", None, 1, LINK["url"])
    open_ended = await make(sprout, base, text="Always", url="http://example.com")
    assert (open_ended["start_time"], open_ended["end_time"]) == (0, None)
    assert [each["text"] for each in await pages_of(sprout, base, "calls_to_action")] == ["Always", "Go"]
    assert (await sprout.delete(f"{base}/{made['id']}")).json() == changed
    assert (await sprout.get(f"{base}/{made['id']}")).status_code == 404


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"text": " "}, "text"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": None}, "url"),
        ({"start_time": -1}, "start_time"),
        ({"start_time": 5}, "end_time"),
        ({"end_time": "x"}, "end_time"),
        ({"start_time": 1e300}, "start_time"),
    ],
)
async def test_refused_calls_to_action(sprout: httpx.AsyncClient, fields: dict[str, Any], field: str) -> None:
    base = f"/videos/{(await upload(sprout))['id']}/calls_to_action"
    answer = await sprout.post(base, json={**LINK, **fields})
    assert answer.status_code == 422, answer.text
    assert field in answer.json()["errors"]
    assert (await sprout.get(base)).json()["total"] == 0


@pytest.mark.parametrize(
    ("kind", "body"), [("subtitles", {"language": "en", "content": VTT}), ("calls_to_action", LINK)]
)
async def test_they_are_found_under_their_own_video_only(
    sprout: httpx.AsyncClient, kind: str, body: dict[str, Any]
) -> None:
    first, second = [(await upload(sprout))["id"] for _ in range(2)]
    made = await make(sprout, f"/videos/{first}/{kind}", **body)
    for base in (f"/videos/{second}/{kind}", f"/videos/ffffffffffff/{kind}", f"/videos/?/{kind}".replace("?", "x")):
        for method, content in (("GET", None), ("PUT", {}), ("DELETE", None)):
            answer = await sprout.request(method, f"{base}/{made['id']}", json=content)
            assert (answer.status_code, set(answer.json())) == (404, {"error"}), (method, base)
    assert (await sprout.get(f"/videos/ffffffffffff/{kind}")).status_code == 404
    assert (await sprout.post(f"/videos/ffffffffffff/{kind}", json=body)).status_code == 404
    assert (await sprout.get(f"/videos/{first}/{kind}")).json()["total"] == 1

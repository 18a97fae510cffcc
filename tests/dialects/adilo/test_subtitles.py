"""Adilo's subtitles and translations over HTTP, as far as no engine is needed; with engines they are in the end-to-end
tests."""

from typing import Any

import httpx
import pytest

from framehouse import library
from framehouse.library import CaptionOrigin
from framehouse.speech import LANGUAGES
from tests.dialects.adilo.test_files import Uploader, number
from tests.dialects.house import House

VTT = b"WEBVTT\n\n00:00.000 --> 00:01.000\nHello.\n"
SRT = "1\r\n00:00:00,000 --> 00:00:01,000\r\nGrüße.\r\n"
ASS = b"""[Script Info]
[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,{\\i1}Hello{\\i0}
"""


@pytest.fixture
async def file(house: House, adilo: httpx.AsyncClient) -> dict[str, Any]:
    uploader = Uploader(house, adilo)
    return await uploader.upload(await uploader.project())


async def upload(adilo: httpx.AsyncClient, file_id: str, content: bytes, language: str = "English") -> httpx.Response:
    files = {"file": ("subtitle.vtt", content)}
    return await adilo.post("/files/subtitle/upload", data={"file_id": file_id, "language": language}, files=files)


async def text_of(house: House, answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    fetched = await house.client.get(answer.json()["payload"]["url"])
    assert fetched.status_code == 200
    return fetched.text


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (VTT, "Hello."), (ASS, "Hello"),
        (SRT.encode(), "Grüße."), (SRT.encode("utf-16"), "Grüße."), (SRT.encode("cp1252"), "Grüße."),
    ],
)  # fmt: skip
async def test_formats_and_encodings(
    house: House, adilo: httpx.AsyncClient, file: dict[str, Any], content: bytes, word: str
) -> None:
    sent = await upload(adilo, file["id"], content, "german" if "Gr" in word else "en")
    assert word in await text_of(house, sent)
    told = await text_of(house, await adilo.get(f"/files/{file['id']}/subtitle/download"))
    assert told.startswith("WEBVTT")
    assert word in told


async def test_a_language_has_one_uploaded_subtitle(
    house: House, adilo: httpx.AsyncClient, file: dict[str, Any]
) -> None:
    await upload(adilo, file["id"], VTT)
    await upload(adilo, file["id"], VTT.replace(b"Hello", b"Good day"))
    await upload(adilo, file["id"], SRT.encode(), "German")
    meta = (await adilo.get(f"/files/{file['id']}/meta")).json()["payload"]
    known = sorted((each["language"], each["status"]) for each in meta["subtitles"])
    assert known == [("English", "done"), ("German", "done")]
    english = await adilo.get(f"/files/{file['id']}/subtitle/download", params={"language": "en"})
    assert "Good day" in await text_of(house, english)


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.tag)
async def test_every_language_by_name_and_by_code(
    adilo: httpx.AsyncClient, file: dict[str, Any], language: Any
) -> None:
    for spelled in (language.name, language.name.upper(), language.tag):
        answer = (await upload(adilo, file["id"], VTT, spelled)).json()["payload"]
        assert (answer["language"], answer["language_code"]) == (language.name, language.tag)


async def test_what_cannot_be_taken(adilo: httpx.AsyncClient, file: dict[str, Any]) -> None:
    id_ = file["id"]
    wrong = [
        await upload(adilo, id_, b"no subtitle at all"),
        await upload(adilo, id_, b""),
        await upload(adilo, id_, bytes(range(256)) * 50),
        await upload(adilo, id_, VTT + b"x" * (6 * 1024 * 1024)),
        await upload(adilo, id_, VTT, "Klingon"),
        await adilo.post("/files/subtitle/upload", data={"file_id": id_, "language": "en"}),
        await adilo.post("/files/subtitle/upload", json={"file_id": id_, "language": "en"}),
        await adilo.post("/files/subtitle/upload", data={"file_id": id_}, files={"file": ("a.vtt", VTT)}),
        await adilo.post("/files/subtitle/generate", json={"file_id": id_}),
        await adilo.post("/files/subtitle/generate", json={"file_id": id_, "language": "Klingon"}),
        await adilo.post("/files/subtitle/generate", json={"file_id": id_, "language": "Irish"}),
        await adilo.post("/files/translation/generate", data={"file_id": id_, "language": "Klingon"}),
        await adilo.get(f"/files/{id_}/translation/download"),
        await adilo.get(f"/files/{id_}/translation/download", params={"language": "Klingon"}),
    ]
    for place, answer in enumerate(wrong):
        assert (answer.status_code, answer.json()["status"]) == (422, "error"), (place, answer.text)
    assert "Spanish" in wrong[4].json()["message"]
    foreign = [
        await upload(adilo, "BBBBBBBB", VTT),
        await adilo.post("/files/subtitle/generate", json={"file_id": "BBBBBBBB", "language": "en"}),
        await adilo.post("/files/translation/generate", json={"file_id": "BBBBBBBB", "language": "es"}),
        await adilo.get("/files/BBBBBBBB/subtitle/download"),
        await adilo.get("/files/BBBBBBBB/translation/download", params={"language": "es"}),
    ]
    assert [answer.status_code for answer in foreign] == [403] * len(foreign)


async def test_what_is_not_there_is_404(adilo: httpx.AsyncClient, file: dict[str, Any]) -> None:
    none = await adilo.get(f"/files/{file['id']}/subtitle/download")
    assert (none.status_code, none.json()["message"]) == (404, "No subtitle found for this file")
    untranslatable = await adilo.post("/files/translation/generate", json={"file_id": file["id"], "language": "es"})
    assert untranslatable.status_code == 404
    assert untranslatable.json()["message"].startswith("No translation found for this language: ")
    await upload(adilo, file["id"], VTT)
    pair = await adilo.post("/files/translation/generate", json={"file_id": file["id"], "language": "Korean"})
    assert pair.status_code == 404
    assert "FRAMEHOUSE_TRANSLATION_MODEL" in pair.json()["message"]
    same = await adilo.post("/files/translation/generate", json={"file_id": file["id"], "language": "English"})
    assert same.status_code == 422
    missing = await adilo.get(f"/files/{file['id']}/translation/download", params={"language": "es"})
    assert (missing.status_code, missing.json()["message"]) == (404, "No translation found for this language")


async def test_work_under_way_is_told(adilo: httpx.AsyncClient, file: dict[str, Any]) -> None:
    body = {"file_id": file["id"], "language": "English"}
    first = (await adilo.post("/files/subtitle/generate", data=body)).json()
    assert (first["message"], first["payload"]["status"]) == ("The subtitle is generating", "waiting")
    assert (await adilo.post("/files/subtitle/generate", json=body)).json() == first
    meta = (await adilo.get(f"/files/{file['id']}/meta")).json()["payload"]
    assert [each["status"] for each in meta["subtitles"]] == ["waiting"]
    answer = await adilo.get(f"/files/{file['id']}/subtitle/download")
    assert answer.status_code == 404
    assert "waiting, 0 percent" in answer.json()["message"]


async def test_a_translation_is_downloaded(house: House, adilo: httpx.AsyncClient, file: dict[str, Any]) -> None:
    made = {"content": VTT.replace(b"Hello", b"Hola"), "origin": CaptionOrigin.TRANSLATED}
    await library.add_caption(house.library, house.owner, number(file), language="es", **made)
    told = await adilo.get(f"/files/{file['id']}/translation/download", params={"language": "spanish"})
    assert "Hola" in await text_of(house, told)
    assert (await adilo.get(f"/files/{file['id']}/subtitle/download")).status_code == 404

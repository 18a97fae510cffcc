"""The newer fields of a video: each can be set at the upload and later, is answered, and reaches the library."""

from typing import Any

import httpx
import pytest

from framehouse.library import DownloadQuality
from tests.dialects.house import FORM, House, form
from tests.dialects.sproutvideo.uploading import make, upload

OFF = {
    "embedded_url": None, "requires_signed_embeds": False, "download_sd": None, "download_hd": None,
    "download_source": None, "allowed_domains": None, "allowed_ips": None, "player_social_sharing": False,
    "player_embed_sharing": False, "require_email": False, "require_name": False, "hide_on_site": False,
}  # fmt: skip
ON = {
    "embedded_url": "https://example.com/film", "requires_signed_embeds": True, "download_sd": True,
    "download_hd": False, "download_source": True, "allowed_domains": "example.com,*.example.org",
    "allowed_ips": "192.0.2.0/24,2001:db8::7/128", "player_social_sharing": True, "player_embed_sharing": True,
    "require_email": True, "require_name": True, "hide_on_site": True,
}  # fmt: skip


def settings_of(video: dict[str, Any]) -> dict[str, Any]:
    return {name: video[name] for name in OFF}


async def test_they_are_off_unless_asked_for(sprout: httpx.AsyncClient) -> None:
    assert settings_of(await upload(sprout)) == OFF


async def test_set_later(sprout: httpx.AsyncClient, house: House) -> None:
    video = await upload(sprout)
    edited = await sprout.put(f"/videos/{video['id']}", json=ON)
    assert settings_of(edited.json()) == ON
    stored = await house.stored(video["id"])
    assert (stored.signed_embeds_only, stored.asks_email, stored.asks_name) == (True, True, True)
    assert (stored.shows_sharing, stored.shows_embed_code, stored.unlisted) == (True, True, True)
    assert stored.allowed_networks == ("192.0.2.0/24", "2001:db8::7/128")
    assert stored.viewer_downloads == (DownloadQuality.ORIGINAL, DownloadQuality.SD)
    kept = await sprout.put(f"/videos/{video['id']}", json={"title": "x"})
    assert settings_of(kept.json()) == ON
    off = await sprout.put(f"/videos/{video['id']}", json=OFF)
    assert settings_of(off.json()) == OFF
    assert (await house.stored(video["id"])).settings == {}


async def test_set_at_the_upload(sprout: httpx.AsyncClient) -> None:
    fields = {name: str(value).lower() if isinstance(value, bool) else value for name, value in ON.items()}
    assert settings_of(await upload(sprout, **fields)) == ON


@pytest.mark.parametrize(
    "given",
    [
        ["a.example", "b.example"],
        "a.example,b.example",
        "a.example, b.example",
        "a.example\nb.example\r\n",
        "A.example b.example",
        "https://a.example/x b.example:8080",
    ],
)
async def test_lists_in_every_shape(sprout: httpx.AsyncClient, given: Any) -> None:
    video = await upload(sprout)
    edited = await sprout.put(f"/videos/{video['id']}", json={"allowed_domains": given})
    assert edited.json()["allowed_domains"] == "a.example,b.example"
    for nothing in (None, "", []):
        await sprout.put(f"/videos/{video['id']}", json={"allowed_domains": given})
        cleared = await sprout.put(f"/videos/{video['id']}", json={"allowed_domains": nothing})
        assert cleared.json()["allowed_domains"] is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("allowed_domains", "not a_domain!"),
        ("allowed_ips", "192.0.2.300"),
        ("allowed_ips", "example.com"),
        ("embedded_url", "x"),
        ("download_sd", "perhaps"),
        ("notification_url", "ftp://example.com"),
    ],
)
async def test_wrong_values_are_told_by_the_clients_names(sprout: httpx.AsyncClient, field: str, value: str) -> None:
    video = await upload(sprout)
    answer = await sprout.put(f"/videos/{video['id']}", json={field: value, "title": "x"})
    assert (answer.status_code, set(answer.json()["errors"])) == (422, {field})
    assert field in answer.json()["error"]
    assert (await sprout.get(f"/videos/{video['id']}")).json() == video


async def test_one_download_at_a_time(sprout: httpx.AsyncClient) -> None:
    """Each changes its own quality of what viewers may download now, by the video's own word or the account's."""
    await sprout.put("/account", json={"download_sd": True})
    address = f"/videos/{(await upload(sprout))['id']}"

    async def after(**fields: bool | None) -> list[bool | None]:
        video = (await sprout.put(address, json=fields)).json()
        return [video[f"download_{quality}"] for quality in ("sd", "hd", "source")]

    assert await after() == [None, None, None]
    assert await after(download_hd=True) == [True, True, False]
    assert await after(download_sd=False) == [False, True, False]
    assert await after(download_source=True, download_hd=None) == [False, True, True]
    assert await after(download_hd=False, download_source=False) == [False, False, False]
    assert await after(download_sd=None, download_hd=None, download_source=None) == [None, None, None]


async def test_notification_urls(sprout: httpx.AsyncClient, house: House) -> None:
    video = await upload(sprout, notification_url="https://example.com/a")
    assert (await house.stored(video["id"])).notification_url == "https://example.com/a"
    await sprout.put(f"/videos/{video['id']}", json={"notification_url": "https://example.com/b"})
    assert (await house.stored(video["id"])).notification_url == "https://example.com/b"
    await sprout.put(f"/videos/{video['id']}", json={"title": "x"})
    assert (await house.stored(video["id"])).notification_url == "https://example.com/b"
    await sprout.put(f"/videos/{video['id']}", json={"notification_url": ""})
    assert (await house.stored(video["id"])).notification_url is None


PICTURE = ("custom_poster_frame", b"\xff\xd8\xff\xe0 jpeg", "poster.jpg")


@pytest.mark.parametrize(
    ("method", "query", "parts"),
    [
        ("PUT", "", [PICTURE]),
        ("PUT", "", [("title", "New"), PICTURE, ("description", "After")]),
        ("POST", "?_method=put", [PICTURE]),
        ("POST", "", [("_method", "put"), PICTURE]),
    ],
)
async def test_a_custom_poster_frame(
    sprout: httpx.AsyncClient, house: House, method: str, query: str, parts: list[Any]
) -> None:
    video = await upload(sprout)
    before = len(house.files())
    answer = await sprout.request(method, f"/videos/{video['id']}{query}", content=form(*parts), headers=FORM)
    assert answer.status_code == 200, answer.text
    edited = answer.json()
    fields = {name: value for name, value, *_ in parts if name in ("title", "description")}
    assert {name: edited[name] for name in fields} == fields
    assert len(house.files()) == before + 1
    assert [work.name for work in house.work if "poster" in work.name]


@pytest.mark.parametrize("parts", [[("privacy", "9"), PICTURE], [PICTURE, ("privacy", "1")], [PICTURE, PICTURE]])
async def test_a_wrong_field_beside_the_poster_leaves_nothing(
    sprout: httpx.AsyncClient, house: House, parts: list[Any]
) -> None:
    video = await upload(sprout)
    before = house.files()
    answer = await sprout.put(f"/videos/{video['id']}", content=form(*parts), headers=FORM)
    assert answer.status_code == 422, answer.text
    assert (await sprout.get(f"/videos/{video['id']}")).json() == video
    assert house.files() == before


async def test_lists_answer_what_is(sprout: httpx.AsyncClient) -> None:
    """Parts of lists are kept; a change of the video, its tags or anything in it shows at once."""
    video = await upload(sprout)

    async def listed() -> dict[str, Any]:
        return (await sprout.get("/videos")).json()["videos"][0]

    assert await listed() == await listed() == video
    tag = (await make(sprout, "/tags", name="a"))["id"]
    for edit in (
        {"title": "x"},
        {"tags": [tag]},
        {"download_sd": True},
        {"password": "p"},
        {"allowed_ips": "192.0.2.1"},
    ):
        edited = (await sprout.put(f"/videos/{video['id']}", json=edit)).json()
        assert await listed() == edited, edit
    await sprout.delete(f"/tags/{tag}")
    assert (await listed())["tags"] == []

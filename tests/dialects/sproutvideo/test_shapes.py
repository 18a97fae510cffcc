"""What real clients put on the wire: for each shape one client, which does the same things and gets the same result.

The shapes are those of the public client libraries: JSON that says it is a form, arrays in four spellings, slashes at
the end, PUT and DELETE as POST, empty bodies that are `null` or `[]`, ids repeated in query and body.
"""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from tests.dialects.house import FORM, House, form

Request = dict[str, Any]
Shape = Callable[[str, str, dict[str, Any]], Request]
FILE = ("source_video", b"the bytes", "film.mp4")
FORM_TYPE = {"content-type": "application/x-www-form-urlencoded"}


def plain(method: str, path: str, fields: dict[str, Any]) -> Request:
    return {"method": method, "url": path, "json": fields}


def json_typed_as_form(method: str, path: str, fields: dict[str, Any]) -> Request:
    return {"method": method, "url": path, "content": json.dumps(fields).encode(), "headers": FORM_TYPE}


def json_without_a_type(method: str, path: str, fields: dict[str, Any]) -> Request:
    return {"method": method, "url": path, "content": b"\n" + json.dumps(fields).encode()}


def texts(fields: dict[str, Any], name_of: Callable[[str, int], str]) -> list[tuple[str, str]]:
    """Pairs of a form; a boolean is 1 or 0 there, and nothing is a blank."""
    pairs: list[tuple[str, str]] = []
    for name, value in fields.items():
        if isinstance(value, list):
            pairs += [(name_of(name, index), each) for index, each in enumerate(value)]
        else:
            pairs.append((name, "" if value is None else str(int(value)) if isinstance(value, bool) else str(value)))
    return pairs


def with_brackets(method: str, path: str, fields: dict[str, Any]) -> Request:
    body = urlencode(texts(fields, lambda name, _: f"{name}[]")).encode()
    return {"method": method, "url": path, "content": body, "headers": FORM_TYPE}


def with_indexes(method: str, path: str, fields: dict[str, Any]) -> Request:
    body = urlencode(texts(fields, lambda name, index: f"{name}[{index}]")).encode()
    return {"method": method, "url": path, "content": body, "headers": FORM_TYPE}


def with_plain_names(method: str, path: str, fields: dict[str, Any]) -> Request:
    body = urlencode(texts(fields, lambda name, _: name)).encode()
    return {"method": method, "url": path, "content": body, "headers": FORM_TYPE}


def multipart(method: str, path: str, fields: dict[str, Any]) -> Request:
    body = form(*texts(fields, lambda name, index: f"{name}[{index}]"))
    return {"method": method, "url": path, "content": body, "headers": FORM}


def with_a_slash(method: str, path: str, fields: dict[str, Any]) -> Request:
    before, mark, query = path.partition("?")
    return {"method": method, "url": f"{before}/{mark or '?'}{query}", "json": fields}


def overridden_in_the_query(method: str, path: str, fields: dict[str, Any]) -> Request:
    if method not in ("PUT", "DELETE"):
        return plain(method, path, fields)
    return plain("POST", f"{path}{'&' if '?' in path else '?'}_method={method.lower()}", fields)


def overridden_in_the_body(method: str, path: str, fields: dict[str, Any]) -> Request:
    if method not in ("PUT", "DELETE"):
        return plain(method, path, fields)
    return plain("POST", path, {**fields, "_method": method.lower()})


def overridden_in_a_form(method: str, path: str, fields: dict[str, Any]) -> Request:
    if method not in ("PUT", "DELETE"):
        return with_brackets(method, path, fields)
    return with_brackets("POST", path, {**fields, "_method": method})


def with_ids_repeated(method: str, path: str, fields: dict[str, Any]) -> Request:
    """In query and body, as libraries do that hand all their options to both."""
    parts = path.partition("?")[0].strip("/").split("/")
    names = ["video_id", "id"] if len(parts) == 4 else ["id"] if len(parts) == 2 else []
    ids = dict(zip(names, parts[1::2], strict=False))
    url = f"{path}{'&' if '?' in path else '?'}{urlencode(ids)}"
    return {"method": method, "url": url, "json": {**ids, **fields}}


def empty_as_null(method: str, path: str, fields: dict[str, Any]) -> Request:
    return plain(method, path, fields) if fields else {"method": method, "url": path, "content": b"null"}


def empty_as_array(method: str, path: str, fields: dict[str, Any]) -> Request:
    if fields:
        return json_typed_as_form(method, path, fields)
    return {"method": method, "url": path, "content": b"[]", "headers": FORM_TYPE}


SHAPES: list[Shape] = [
    plain,
    json_typed_as_form,
    json_without_a_type,
    with_brackets,
    with_indexes,
    with_plain_names,
    multipart,
    with_a_slash,
    overridden_in_the_query,
    overridden_in_the_body,
    overridden_in_a_form,
    with_ids_repeated,
    empty_as_null,
    empty_as_array,
]


LISTS = ("videos", "playlists", "logins", "access_grants", "tags", "folders")


class Client:
    """One of the libraries: it sends everything in its one shape."""

    def __init__(self, sprout: httpx.AsyncClient, shape: Shape) -> None:
        self._sprout = sprout
        self._shape = shape

    async def send(self, method: str, path: str, **fields: Any) -> dict[str, Any]:
        answer = await self._sprout.request(**self._shape(method, path, fields))
        assert answer.status_code == 200, (method, path, answer.text)
        return answer.json()

    async def totals(self, *paths: str) -> list[int]:
        """Of lists, called as the libraries always do."""
        found: list[int] = []
        for path in paths:
            answer = await self._sprout.get(f"/{path}/", params={"page": 1, "per_page": 25})
            assert answer.status_code == 200, answer.text
            found.append(answer.json()["total"])
        return found


class Names:
    """Ids and tokens differ from run to run: each becomes the name that it was given first."""

    def __init__(self) -> None:
        self._of: dict[str, str] = {}

    def learn(self, thing: dict[str, Any], name: str) -> str:
        self._of[thing["id"]] = name
        if "security_token" in thing:
            self._of[thing["security_token"]] = f"token of {name}"
        return thing["id"]

    def without_ids(self, value: Any) -> Any:
        text = json.dumps(value)
        for id_, name in self._of.items():
            text = text.replace(id_, name)
        return json.loads(text)


async def session(sprout: httpx.AsyncClient, shape: Shape) -> list[Any]:
    """A bit of everything; all answers with their ids named."""
    client, names, seen = Client(sprout, shape), Names(), list[Any]()
    video = (await sprout.post("/videos", files={"source_video": ("film.mp4", b"bytes")})).json()
    film = names.learn(video, "film")
    seen.append(await client.send("PUT", f"/videos/{film}"))
    tags = [names.learn(await client.send("POST", "/tags", name=name), f"tag {name}") for name in ("a", "b")]
    folder = names.learn(await client.send("POST", "/folders", name="2026"), "folder")
    inner = names.learn(await client.send("POST", "/folders", name="May", parent_id=folder), "inner")
    edit = {
        "title": "Ä film", "privacy": 1, "password": "x y", "prefers_embed_password": True, "tags": tags,
        "folder_id": inner, "allowed_domains": ["a.example", "b.example"], "download_sd": True, "hide_on_site": False,
    }  # fmt: skip
    edited = await client.send("PUT", f"/videos/{film}", **edit)
    assert (sorted(edited["tags"]), edited["allowed_domains"]) == (sorted(tags), "a.example,b.example")
    seen.append({**edited, "tags": sorted(edited["tags"], key=tags.index)})
    playlist = names.learn(await client.send("POST", "/playlists", title="x", videos=[film, film]), "playlist")
    seen.append(await client.send("PUT", f"/playlists/{playlist}", title="y"))
    login = names.learn(await client.send("POST", "/logins", email="ada@example.com", password="love"), "login")
    seen.append(await client.send("PUT", f"/logins/{login}", password="lace"))
    new = {"login_id": login, "video_id": film, "download_permissions": ["hd", "sd"], "access_ends_at": "2030-01-01"}
    grant = names.learn(await client.send("POST", "/access_grants", **new), "grant")
    seen.append(await client.send("PUT", f"/access_grants/{grant}", allowed_plays=3, access_ends_at=None))
    link = {"text": "More", "url": "https://example.com/?a=1&b=2", "start_time": 1.5, "end_time": 3}
    action = await client.send("POST", f"/videos/{film}/calls_to_action", **link)
    names.learn(action, "action")
    seen.append(await client.send("PUT", f"/videos/{film}/calls_to_action/{action['id']}", end_time=None))
    seen.append(await client.send("PUT", "/account", company="Böats", download_hd=True))
    seen += await client.totals(*LISTS, f"videos/{film}/calls_to_action")
    seen.append(await client.send("DELETE", f"/videos/{film}/calls_to_action/{action['id']}"))
    gone = (f"access_grants/{grant}", f"logins/{login}", f"playlists/{playlist}", *(f"tags/{tag}" for tag in tags))
    for path in gone:
        await client.send("DELETE", f"/{path}")
    seen.append(await client.send("DELETE", f"/folders/{folder}?delete_all=1"))
    seen += await client.totals(*LISTS)
    return names.without_ids(seen)


@pytest.mark.parametrize("shape", SHAPES[1:], ids=lambda shape: shape.__name__)
async def test_every_shape_gives_the_same_result(house: House, shape: Shape) -> None:
    async with house.api("sproutvideo") as sprout, house.api("sproutvideo", house.stranger) as other:
        wanted = await session(sprout, plain)
        assert len(wanted) > 15
        assert without_assets(await session(other, shape)) == without_assets(wanted)


def without_assets(seen: list[Any]) -> list[Any]:
    """The signatures in asset addresses differ from video to video."""
    return [{**each, "assets": None} if isinstance(each, dict) else each for each in seen]


@pytest.mark.parametrize(
    "parts",
    [
        [("tags[]", "{a}"), ("tags[]", "{b}")],
        [("tags[0]", "{a}"), ("tags[1]", "{b}")],
        [("tags", "{a}"), ("tags", "{b}")],
        [("tags", "{a},{b}")],
        [("tag_names[]", "a"), ("tag_names[]", "b")],
        [("tag_names[0]", "a"), ("tag_names[1]", "b")],
        [("tags", "{a}"), ("tag_names", "b")],
    ],
)
async def test_arrays_in_upload_forms(sprout: httpx.AsyncClient, parts: list[tuple[str, str]]) -> None:
    ids = {name: (await sprout.post("/tags", json={"name": name})).json()["id"] for name in ("a", "b")}
    fields = [(name, value.format(**ids)) for name, value in parts]
    for order in ([*fields, FILE], [FILE, *fields]):
        answer = await sprout.post("/videos/", content=form(*order), headers=FORM)
        assert sorted(answer.json()["tags"]) == sorted(ids.values()), answer.text


BULK: list[Callable[[list[dict[str, str]]], Request]] = [
    lambda grants: {"json": grants},
    lambda grants: {"content": json.dumps(grants).encode(), "headers": FORM_TYPE},
    lambda grants: {"content": json.dumps(grants).encode()},
    lambda grants: {"json": {"access_grants": grants}},
]


@pytest.mark.parametrize("body", BULK)
async def test_bare_arrays(sprout: httpx.AsyncClient, body: Callable[[list[dict[str, str]]], Request]) -> None:
    video = (await sprout.post("/videos", files={"source_video": ("film.mp4", b"bytes")})).json()["id"]
    login = (await sprout.post("/logins", json={"email": "a@example.com", "password": "x"})).json()["id"]
    answer = await sprout.post("/access_grants/bulk/", **body([{"video_id": video, "login_id": login}] * 2))
    assert answer.status_code == 200, answer.text
    assert [(each["video_id"], each["login_id"]) for each in answer.json()] == [(video, login)] * 2

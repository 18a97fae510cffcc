"""One of each kind of thing in an account, and a valid request for every operation of every dialect."""

import itertools
import re
from collections.abc import Mapping
from typing import Any

import httpx

from framehouse import library
from framehouse.kernel import VideoId, from_base64url, to_integer
from framehouse.library import CaptionOrigin
from tests.dialects.house import FORM, House, facts, form

UNKNOWN = {"sproutvideo": "ffffffffffff", "adilo": "BBBBBBBB"}
_fresh = itertools.count()


class Things:
    """Ids by the name that paths give them, or else by the part of the path before them."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.ids: dict[str, str] = {}

    async def fill(self) -> dict[str, str]:
        async with self.house.api("sproutvideo") as sprout, self.house.api("adilo") as adilo:
            await self._fill_sprout(sprout)
            await self._fill_adilo(adilo)
        return self.ids

    async def _fill_sprout(self, sprout: httpx.AsyncClient) -> None:
        video = await made(sprout.post("/videos", files={"source_video": ("a.mp4", b"x")}))
        login = await made(sprout.post("/logins", json={"email": "own@example.com", "password": "secret"}))
        grant = await made(sprout.post("/access_grants", json={"login_id": login["id"], "video_id": video["id"]}))
        folder = await made(sprout.post("/folders", json={"name": "own"}))
        tag = await made(sprout.post("/tags", json={"name": "own"}))
        playlist = await made(sprout.post("/playlists", json={"title": "own", "videos": [video["id"]]}))
        subtitle = await made(sprout.post(f"/videos/{video['id']}/subtitles", json=SUBTITLE))
        action = await made(sprout.post(f"/videos/{video['id']}/calls_to_action", json=CALL_TO_ACTION))
        found = {
            "videos": video, "logins": login, "access_grants": grant, "folders": folder, "tags": tag,
            "playlists": playlist, "subtitles": subtitle, "calls_to_action": action, "video_id": video,
        }  # fmt: skip
        self.ids |= {name: thing["id"] for name, thing in found.items()}

    async def _fill_adilo(self, adilo: httpx.AsyncClient) -> None:
        project = (await made(adilo.post("/projects", json={"title": "x"})))["payload"]["id"]
        user = (await made(adilo.post("/users", json={**USER, "email": "own-user@example.com"})))["payload"]["id"]
        start = {**facts("adilo")["upload_start"], "project_id": project}
        uploads = [(await made(adilo.post("/files/upload/start", json=start)))["payload"] for _ in range(2)]
        signed = f"/files/upload/get-signed-url/{uploads[1]['uploadId']}/1?key={uploads[1]['key']}"
        url = (await adilo.get(signed)).json()["payload"]["url"]
        path = "/storage/" + url.partition("/storage/")[2]
        etag = (await self.house.client.put(path, content=b"ten bytes.")).headers["etag"]
        body = {**uploads[1], "parts": [{"PartNumber": 1, "ETag": etag}]}
        file = (await adilo.post("/files/upload/complete", json=body)).json()["payload"]["id"]
        folder = (await made(adilo.post("/folders", json={"name": "x", "project_id": project})))["payload"]["id"]
        video_id = from_base64url(file)
        assert video_id is not None
        video = await library.get_video(self.house.library, self.house.owner, VideoId(video_id))
        contact = await library.record_contact(
            self.house.library, video, email="viewer@example.com", name="Viewer", consent=True
        )
        hello = {"content": SUBTITLE["content"], "origin": CaptionOrigin.UPLOADED}
        await library.add_caption(self.house.library, self.house.owner, video.id, language="en", **hello)
        hello["origin"] = CaptionOrigin.TRANSLATED
        await library.add_caption(self.house.library, self.house.owner, video.id, language="es", **hello)
        self.ids |= {"folder_id": folder, "contact_id": str(to_integer(contact.id)), "string": "x"}
        self.ids |= {"project_id": project, "user_id": str(user), "file_id": file, **uploads[0], "partNumber": "1"}


USER = {"name": "Ann", "password": "correct horse", "permissions": ["Upload Video"]}
SUBTITLE = {"language": "en", "content": "WEBVTT\n\n00:00.000 --> 00:01.000\nHello.\n"}
CALL_TO_ACTION = {"text": "More", "url": "https://example.com/more", "start_time": 1, "end_time": 2}


async def made(request: Any) -> dict[str, Any]:
    answer = await request
    assert answer.status_code == 200, answer.text
    return answer.json()


def unknown_ids(vendor: str, ids: Mapping[str, str]) -> dict[str, str]:
    """Of nothing, as far as they are ids."""
    return dict.fromkeys(ids, UNKNOWN[vendor]) | {
        "user_id": "1",
        "contact_id": "1",
        "partNumber": "1",
        "key": ids["key"],
    }


def path_values(path: str, ids: Mapping[str, str]) -> dict[str, str]:
    """The ids for a path's placeholders."""
    parts = path.split("/")
    places = {part[1:-1]: parts[index - 1] for index, part in enumerate(parts) if part.startswith("{")}
    return {name: ids.get(name) or ids[before] for name, before in places.items()}


def names_things(path: str) -> bool:
    """Whether the request names a thing of the account, in its path or its body."""
    named = "{" in path and not path.endswith("{string}")
    return named or path.startswith(("/v1/files/", "/v1/access_grants/bulk"))


def request_of(vendor: str, method: str, path: str, ids: Mapping[str, str]) -> dict[str, Any]:
    """A valid request of the operation, but for the ids."""
    values = path_values(path, ids)
    url = f"/{vendor}" + re.sub(r"{(\w+)}", lambda found: values[found.group(1)], path)
    return {"method": method, "url": url, **_body_of(f"{method} {path}", ids)}


def _body_of(operation: str, ids: Mapping[str, str]) -> dict[str, Any]:
    if operation.endswith("{partNumber}"):
        return {"params": {"key": ids["key"]}}
    if operation in ("POST /v1/videos", "POST /v1/videos/{id}/replace"):
        return {"content": form(("source_video", b"x", "a.mp4")), "headers": FORM}
    if operation.endswith("get-signed-url"):
        return {"params": {**facts("adilo")["upload_start"], "drm_protection": "false"}}
    if operation.endswith("translation/download"):
        return {"params": {"language": "Spanish"}}
    if operation == "POST /v1/files/subtitle/upload":
        fields = (("file_id", ids["file_id"]), ("language", "English"))
        return {"content": form(*fields, ("file", SUBTITLE["content"].encode(), "a.vtt")), "headers": FORM}
    body = _bodies(ids).get(operation)
    return {} if body is None else {"json": body}


def _bodies(ids: Mapping[str, str]) -> dict[str, Any]:
    number = next(_fresh)
    email = f"somebody{number}@example.com"
    grant = {"login_id": ids["logins"], "video_id": ids["videos"]}
    upload = {"key": ids["key"], "uploadId": ids["uploadId"], "parts": [{"PartNumber": 1, "ETag": "0" * 32}]}
    return {
        "PUT /v1/videos/{id}": {"title": "changed"},
        "POST /v1/playlists": {"title": "x"},
        "PUT /v1/playlists/{id}": {"title": "changed"},
        "POST /v1/logins": {"email": email, "password": "secret"},
        "PUT /v1/logins/{id}": {"password": "changed"},
        "POST /v1/access_grants": grant,
        "POST /v1/access_grants/bulk": [grant],
        "PUT /v1/access_grants/{id}": {"allowed_plays": 7},
        "PUT /v1/account": {"company": "changed"},
        "POST /v1/tags": {"name": f"tag {number}"},
        "PUT /v1/tags/{id}": {"name": f"changed {number}"},
        "POST /v1/folders": {"name": "x", "project_id": ids["project_id"]},
        "PUT /v1/folders/{id}": {"name": "changed"},
        "POST /v1/videos/{video_id}/subtitles": SUBTITLE,
        "PUT /v1/videos/{video_id}/subtitles/{id}": {"language": "fr"},
        "POST /v1/videos/{video_id}/calls_to_action": CALL_TO_ACTION,
        "PUT /v1/videos/{video_id}/calls_to_action/{id}": {"text": "changed"},
        "POST /v1/projects": {"title": "x"},
        "POST /v1/files/upload/start": {**facts("adilo")["upload_start"], "project_id": ids["project_id"]},
        "POST /v1/files/upload/complete": upload,
        "PUT /v1/projects/{project_id}": {"Title": "changed"},
        "PUT /v1/folders/{folder_id}": {"Name": "changed"},
        "POST /v1/files/subtitle/generate": {"file_id": ids["file_id"], "language": "English"},
        "POST /v1/files/translation/generate": {"file_id": ids["file_id"], "language": "Spanish"},
        "POST /v1/users": {**USER, "email": email},
        "PUT /v1/users/{user_id}": {"name": "changed"},
    }


async def everything(house: House) -> list[Any]:
    """All that the account's lists answer."""
    async with house.api("sproutvideo") as sprout, house.api("adilo") as adilo:
        paths = ["/videos", "/playlists", "/logins", "/access_grants", "/tags", "/folders", "/account"]
        video = (await sprout.get("/videos")).json()["videos"][0]["id"]
        paths += [f"/videos/{video}/subtitles", f"/videos/{video}/calls_to_action"]
        found = [(await sprout.get(path)).json() for path in paths]
        return [*found, *[(await adilo.get(path)).json() for path in ("/projects", "/users", "/contacts")]]

"""An upload in parts as Adilo's clients do it: start, a signed URL for each part, PUT, complete."""

from collections.abc import Iterable

import httpx

from tests.e2e.platform import Platform


class PartUpload:
    """One upload into a project of its own."""

    def __init__(self, platform: Platform, size_bytes: int, file_name: str = "parts.mkv") -> None:
        self._platform = platform
        project = self._ok("POST", "/projects", {"title": "Parts"})["id"]
        self.started_with = {
            "filename": file_name, "filesize": size_bytes, "duration_seconds": 1, "duration_string": "00:00:01",
            "mime_type": "video/x-matroska", "project_id": project, "drm_protection": False,
        }  # fmt: skip
        started = self._ok("POST", "/files/upload/start", self.started_with)
        self.id, self.key = started["uploadId"], started["key"]
        self.etags: dict[int, str] = {}

    def sign(self, number: int) -> httpx.Response:
        return self._platform.call("GET", f"/adilo/v1/files/upload/get-signed-url/{self.id}/{number}?key={self.key}")

    def url(self, number: int) -> str:
        answer = self.sign(number)
        assert answer.status_code == 200, answer.text
        return answer.json()["payload"]["url"]

    def put(self, number: int, data: bytes | Iterable[bytes], size_bytes: int) -> None:
        headers = {"Content-Length": str(size_bytes)}
        answer = httpx.put(self.url(number), content=data, headers=headers, timeout=300)
        assert answer.status_code == 200, answer.text
        self.etags[number] = answer.headers["etag"]

    def complete(self, parts: list[tuple[int, str]] | None = None) -> httpx.Response:
        chosen = sorted(self.etags.items()) if parts is None else parts
        listed = [{"PartNumber": number, "ETag": etag} for number, etag in chosen]
        body = {"key": self.key, "uploadId": self.id, "parts": listed}
        return self._platform.call("POST", "/adilo/v1/files/upload/complete", json=body)

    def completed(self) -> str:
        """As `complete`, which must succeed; the video's id in hexadecimal."""
        answer = self.complete()
        assert answer.status_code == 200, answer.text
        return answer.json()["payload"]["embed_url"].split("/embed/")[1].split("/")[0]

    def _ok(self, method: str, path: str, body: object = None) -> dict[str, str]:
        answer = self._platform.call(method, f"/adilo/v1{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()["payload"]

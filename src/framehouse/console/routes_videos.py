"""Videos of the session's tenant: list, search, one, change, delete, and the work on them. `/api/videos`."""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from framehouse import library, transcoding
from framehouse.console.answers import json_answer, no_content
from framehouse.console.bodies import VideoBody, read_body, read_number
from framehouse.console.context import ConsoleContext
from framehouse.console.sessions import library_owner, reads, writes
from framehouse.console.video_json import video_json, videos_json
from framehouse.identity import Permission, Session
from framehouse.kernel import Conflict, NotFound, VideoId, from_hex
from framehouse.library import Video, VideoChanges, VideoQuery, VideoState
from framehouse.transcoding import JobReport

PAGE_MAX = 100
OFFSET_MAX = 10_000_000
SOME_WORKER = "a worker"


class VideoRoutes:
    def __init__(self, context: ConsoleContext) -> None:
        self._context = context

    def routes(self) -> list[Route]:
        identity, one = self._context.identity, "/api/videos/{id}"
        return [
            Route("/api/videos", reads(identity, self.videos), methods=["GET"]),
            Route(one, reads(identity, self.video), methods=["GET"]),
            Route(one, writes(identity, self.change, permission=Permission.CUSTOMIZE_VIDEO), methods=["PATCH"]),
            Route(one, writes(identity, self.delete, permission=Permission.DELETE_VIDEO), methods=["DELETE"]),
            Route(f"{one}/work", reads(identity, self.work), methods=["GET"]),
            Route(f"{one}/cancel", writes(identity, self.cancel, permission=Permission.UPLOAD_VIDEO), methods=["POST"]),
            Route(
                f"{one}/run-again",
                writes(identity, self.run_again, permission=Permission.UPLOAD_VIDEO),
                methods=["POST"],
            ),
        ]

    async def videos(self, request: Request, session: Session) -> Response:
        """Newest first; with `search`, best match first."""
        owner, context = library_owner(session), self._context.library
        offset = read_number(request, "offset", 0, OFFSET_MAX)
        limit = max(1, read_number(request, "limit", 24, PAGE_MAX))
        search = request.query_params.get("search", "").replace("\0", "").strip()
        if search:
            page = await library.search_videos(context, owner, search, offset=offset, limit=limit)
        else:
            page = await library.list_videos(context, owner, VideoQuery(offset=offset, limit=limit))
        described = await videos_json(self._context, request, page.items)
        return json_answer({"videos": described, "total": page.total})

    async def video(self, request: Request, session: Session) -> Response:
        return json_answer(await video_json(self._context, request, await self._video(request, session)))

    async def change(self, request: Request, session: Session) -> Response:
        """What is not sent stays; a stricter privacy level revokes the tickets that are out."""
        video_id = _video_id(request)
        body = await read_body(request, VideoBody)
        changes = VideoChanges(**{name: getattr(body, name) for name in body.model_fields_set})
        owner = library_owner(session)
        changed = await library.change_video(self._context.library, owner, video_id, changes)
        return json_answer(await video_json(self._context, request, changed))

    async def delete(self, request: Request, session: Session) -> Response:
        """Gone for everybody at once; its work is stopped and its bytes are removed in the background."""
        await library.delete_video(self._context.library, library_owner(session), _video_id(request))
        return no_content()

    async def work(self, request: Request, session: Session) -> Response:
        """What the work on the video has done, does and waits for, in lines for people."""
        video = await self._video(request, session)
        context = self._context
        reports = await transcoding.explain_jobs(context.library, context.work, library_owner(session), video)
        lines = [line for report in reports for line in transcoding.tell(_for_owner(report))]
        if not reports and video.state is VideoState.RECEIVED:
            lines.append("Its inspection has not ended yet.")
        return json_answer({"lines": lines})

    async def cancel(self, request: Request, session: Session) -> Response:
        video = await self._video(request, session)
        owner = library_owner(session)
        if not await transcoding.cancel_encode(self._context.library, self._context.work, owner, video):
            raise Conflict("No encode of this video is under way.")
        return await self.video(request, session)

    async def run_again(self, request: Request, session: Session) -> Response:
        video = await self._video(request, session)
        await transcoding.rerun_encode(self._context.library, library_owner(session), video)
        return await self.video(request, session)

    async def _video(self, request: Request, session: Session) -> Video:
        """NotFound for another tenant's id and an unknown one alike."""
        return await library.get_video(self._context.library, library_owner(session), _video_id(request))


def _video_id(request: Request) -> VideoId:
    video_id = from_hex(request.path_params["id"])
    if video_id is None:
        raise NotFound("there is no such video")
    return VideoId(video_id)


def _for_owner(report: JobReport) -> JobReport:
    """Without the names of machines and the texts of unexpected errors, which are the operator's."""
    pieces = [replace(piece, executor_id=SOME_WORKER) for piece in report.pieces]
    work = [replace(status, executor_id=SOME_WORKER, error="") for status in report.work]
    return replace(report, pieces=pieces, work=work)

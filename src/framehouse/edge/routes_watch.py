"""A video's own page, `/watch/{id}`: the player in a frame, what sharing needs, the password prompt."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from framehouse.edge.addresses import path_prefix, public_base
from framehouse.edge.answers import status_of
from framehouse.edge.context import EdgeContext
from framehouse.edge.pages import Page, missing_page, page_answer
from framehouse.edge.viewers import address_of, form_field, keep_proof, viewing_for
from framehouse.kernel import RateLimited, VideoId, from_base64url, to_hex
from framehouse.library import Privacy, PublishedVideo, Video
from framehouse.playback import (
    AssetKind,
    DenialReason,
    Denied,
    Place,
    Viewing,
    asset_path,
    embed_path,
    find_published,
    prove_password,
    watch_path,
)

# Reasons that the player in the page explains itself, or that pass by waiting.
_SHOWN_WITH_PLAYER = frozenset({DenialReason.NOT_PLAYABLE_YET, DenialReason.FAILED})


class WatchRoutes:
    def __init__(self, context: EdgeContext) -> None:
        self._context = context

    def routes(self) -> list[Route]:
        return [
            Route("/watch/{id}", self.page, methods=["GET"]),
            Route("/watch/{id}", self.password, methods=["POST"]),
        ]

    async def page(self, request: Request) -> Response:
        published = await self._published(request)
        if published is None:
            return missing_page()
        viewing = await viewing_for(self._context, request, published, Place.PAGE)
        return self._page(request, viewing)

    async def password(self, request: Request) -> Response:
        """A right password sets its proof for this page and for the player in it, then shows the page."""
        published = await self._published(request)
        if published is None or published.video.privacy is not Privacy.PASSWORD:
            return missing_page()
        video = published.video
        try:
            given = await form_field(request, "password")
            proven = prove_password(self._context.playback, video, given, address_of(request))
        except RateLimited as error:
            answer = page_answer(_prompt(wrong=error.message), status_of(error))
            answer.headers["retry-after"] = str(error.retry_after_s)
            return answer
        if proven is None:
            return page_answer(_prompt(wrong="That is not the password. Try again."), 403)
        prefix = path_prefix(request)
        answer = RedirectResponse(prefix + watch_path(video.id), 303)
        for path in (watch_path(video.id), f"/embed/{to_hex(video.id)}"):
            keep_proof(self._context, request, answer, prefix + path, *proven)
        return answer

    async def _published(self, request: Request) -> PublishedVideo | None:
        video_id = from_base64url(request.path_params["id"])
        return await find_published(self._context.playback, VideoId(video_id)) if video_id else None

    def _page(self, request: Request, viewing: Viewing) -> Response:
        decision, video = viewing.decision, viewing.video
        if isinstance(decision, Denied) and decision.reason is DenialReason.OWNER_ONLY:
            return missing_page()
        if isinstance(decision, Denied) and decision.reason is DenialReason.PASSWORD_REQUIRED:
            return page_answer(_prompt())
        if isinstance(decision, Denied) and decision.reason not in _SHOWN_WITH_PLAYER:
            return page_answer(Page("This video cannot be watched", decision.message), 403)
        share = self._share(request, video) if video.privacy is Privacy.PUBLIC else ()
        frame_url = path_prefix(request) + embed_path(video)
        return page_answer(Page(video.title or "Video", video.description, frame_url, share))

    def _share(self, request: Request, video: Video) -> tuple[tuple[str, str], ...]:
        base = public_base(request, self._context.settings)
        poster = asset_path(self._context.playback.assets, video, AssetKind.POSTER, f"{video.poster_number}.jpg")
        found: list[tuple[str, str]] = [
            ("og:type", "video.other"),
            ("og:title", video.title),
            ("og:url", base + watch_path(video.id)),
            ("og:image", base + poster),
            ("og:video", base + embed_path(video)),
            ("og:video:type", "text/html"),
            ("og:video:width", str(video.width or 1280)),
            ("og:video:height", str(video.height or 720)),
        ]
        if video.description:
            found.insert(2, ("og:description", video.description[:300]))
        return tuple(found)


def _prompt(wrong: str | None = None) -> Page:
    return Page("This video is protected", "Enter its password to watch it.", asks_password=True, wrong=wrong)

"""A video's own page, `/watch/{id}`: the player in a frame, what sharing needs, the prompts before it."""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from framehouse.edge.addresses import path_prefix, public_base
from framehouse.edge.context import EdgeContext
from framehouse.edge.endpoints import asgi_route
from framehouse.edge.pages import Page, missing_page, page_answer
from framehouse.edge.share import (
    Shared,
    asks_first,
    asks_password,
    meta_tags,
    oembed_links,
    shows_freely,
    shows_picture,
)
from framehouse.edge.viewer_downloads import download_answer
from framehouse.edge.viewers import (
    PASS,
    STATE_REASONS,
    denial_headers,
    denial_status,
    drop_login,
    form_field,
    form_fields,
    keep_login,
    keep_password,
    tell_denial,
    viewer_of,
)
from framehouse.kernel import NotFound, VideoId, from_base64url, to_hex
from framehouse.library import Privacy, PublishedVideo, Video
from framehouse.playback import (
    LOGIN_REASONS,
    PASSWORD_PROMPTS,
    AssetKind,
    DenialReason,
    Denied,
    Place,
    Viewing,
    asset_path,
    embed_path,
    enter_password,
    find_published,
    page_pass,
    sign_in,
    view,
    watch_path,
)

_PAGE = "/watch/{id}"
# Reasons that the player in the page explains itself, or asks about, or that pass by waiting.
_SHOWN_WITH_PLAYER = STATE_REASONS | {DenialReason.CONTACT_REQUIRED}
_PASSWORD_REASONS = PASSWORD_PROMPTS | {DenialReason.PASSWORD_WRONG}
_HIDDEN = frozenset({DenialReason.OWNER_ONLY, DenialReason.PROJECT_PRIVATE})


class WatchRoutes:
    def __init__(self, context: EdgeContext) -> None:
        self._context = context
        self._playback = context.playback

    def routes(self) -> list[Route]:
        return [
            Route(_PAGE, self.page, methods=["GET"]),
            Route(_PAGE, self.password, methods=["POST"]),
            Route(f"{_PAGE}/login", self.login, methods=["POST"]),
            Route(f"{_PAGE}/sign-out", self.sign_out, methods=["POST"]),
            asgi_route(f"{_PAGE}/download/{{quality}}", self.download, methods=["GET", "HEAD"]),
        ]

    async def page(self, request: Request) -> Response:
        published = await self._published(request)
        return self._page(request, await self._viewing(request, published)) if published is not None else missing_page()

    async def password(self, request: Request) -> Response:
        """A right password sets its proof for this page and for the player in it, then shows the page."""
        published = await self._published(request)
        if published is None or not asks_password(published.video):
            return missing_page()
        given = await form_field(request, "password")
        viewer = await viewer_of(self._context, request, published)
        viewing = await enter_password(self._playback, published, Place.PAGE, viewer, given)
        if not (viewing.viewer.proofs.password or viewing.viewer.proofs.project):
            return self._page(request, viewing)
        answer = self._to_page(request, published.video)
        for path in (watch_path(published.video.id), f"/embed/{to_hex(published.video.id)}"):
            keep_password(self._context, request, answer, viewing, path_prefix(request) + path)
        return answer

    async def login(self, request: Request) -> Response:
        """Signs in for all videos of the tenant, then shows the page or why this login may not see it."""
        published = await self._published(request, Privacy.LOGIN)
        if published is None:
            return missing_page()
        fields = await form_fields(request)
        viewer = await viewer_of(self._context, request, published)
        given = (fields.get("email", ""), fields.get("password", ""))
        viewing = await sign_in(self._playback, self._context.identity, published, Place.PAGE, viewer, *given)
        signed_in = viewing.viewer.proofs.login
        if signed_in is None or signed_in == viewer.proofs.login:
            return self._page(request, viewing)
        answer = self._to_page(request, published.video)
        keep_login(self._context, request, answer, published.video, signed_in)
        return answer

    async def sign_out(self, request: Request) -> Response:
        published = await self._published(request, Privacy.LOGIN)
        if published is None:
            return missing_page()
        answer = self._to_page(request, published.video)
        drop_login(self._context, request, answer, published.video)
        return answer

    async def download(self, request: Request) -> ASGIApp:
        published = await self._published(request)
        if published is None:
            raise NotFound("Not found.")
        viewing = await self._viewing(request, published)
        return await download_answer(self._context, viewing, request.path_params["quality"])

    async def _published(self, request: Request, privacy: Privacy | None = None) -> PublishedVideo | None:
        """None for what is not there, and for a prompt that the video does not have."""
        video_id = from_base64url(request.path_params["id"])
        found = await find_published(self._playback, VideoId(video_id)) if video_id else None
        return found if found is not None and privacy in (None, found.video.privacy) else None

    async def _viewing(self, request: Request, published: PublishedVideo) -> Viewing:
        return await view(self._playback, published, Place.PAGE, await viewer_of(self._context, request, published))

    def _to_page(self, request: Request, video: Video) -> RedirectResponse:
        return RedirectResponse(path_prefix(request) + watch_path(video.id), 303)

    def _page(self, request: Request, viewing: Viewing) -> Response:
        tell_denial(viewing)
        decision, video = viewing.decision, viewing.video
        if isinstance(decision, Denied) and decision.reason in _HIDDEN:
            return missing_page()
        if isinstance(decision, Denied) and decision.reason not in _SHOWN_WITH_PLAYER:
            answer = page_answer(self._refusal(request, viewing, decision), denial_status(viewing))
            answer.headers.update(denial_headers(viewing))
            return answer
        carried = page_pass(self._playback, video, viewing.viewer.proofs)
        frame_url = f"{path_prefix(request)}{embed_path(video)}?{PASS}={carried}"
        page = Page(video.title or "Video", video.description, frame_url, sign_out_url=self._sign_out(request, viewing))
        is_shared = video.privacy is Privacy.PUBLIC and not asks_first(video) and not video.unlisted
        return page_answer(self._shared(request, page, video) if is_shared else page)

    def _refusal(self, request: Request, viewing: Viewing, decision: Denied) -> Page:
        """A prompt, if there is one; what was wrong with the last answer to it."""
        reason = decision.reason
        tried = reason is DenialReason.TOO_MANY_TRIES
        if reason in _PASSWORD_REASONS or (tried and asks_password(viewing.video)):
            wrong = decision.message if reason not in PASSWORD_PROMPTS else None
            return Page("This video is protected", "Enter its password to watch it.", asks_password=True, wrong=wrong)
        if reason in LOGIN_REASONS or tried:
            wrong = decision.message if reason is not DenialReason.LOGIN_REQUIRED else None
            login_url = f"{path_prefix(request)}{watch_path(viewing.video.id)}/login"
            return Page(
                "Sign in to watch this video",
                login_url=login_url,
                wrong=wrong,
                sign_out_url=self._sign_out(request, viewing),
            )
        return Page("This video cannot be watched", decision.message)

    def _sign_out(self, request: Request, viewing: Viewing) -> str | None:
        """For who is signed in, where that counts."""
        if viewing.facts.grants is None:
            return None
        return f"{path_prefix(request)}{watch_path(viewing.video.id)}/sign-out"

    def _shared(self, request: Request, page: Page, video: Video) -> Page:
        """With what other sites may show and where they find the rest."""
        base = public_base(request, self._context.settings)
        page_url = base + watch_path(video.id)
        poster = asset_path(self._context.playback.assets, video, AssetKind.POSTER, f"{video.poster_number}.jpg")
        shared = Shared(
            page.title,
            page_url,
            (video.width or 1280, video.height or 720),
            video.description,
            base + poster if shows_picture(video) else None,
            base + embed_path(video) if shows_freely(video) else None,
        )
        return replace(page, share=meta_tags(shared), links=oembed_links(base, page_url))

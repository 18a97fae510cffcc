"""The embed page, its configuration as JSON, what its player asks for next: `/embed/{video}/{token}`.

Who may watch is decided in `playback`; each answer is the same configuration, whatever was asked.
"""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from framehouse.edge.addresses import path_prefix, public_base
from framehouse.edge.answers import NO_STORE
from framehouse.edge.context import EdgeContext
from framehouse.edge.embed_config import EmbedOptions, embed_config
from framehouse.edge.embed_extras import EmbedLinks, find_extras
from framehouse.edge.embed_page import (
    EmbedConfig,
    EmbedState,
    content_security_policy,
    load_player_assets,
    render_embed,
)
from framehouse.edge.endpoints import asgi_route
from framehouse.edge.pages import missing_page
from framehouse.edge.reporting import report_of
from framehouse.edge.viewer_downloads import download_answer
from framehouse.edge.viewers import (
    denial_headers,
    denial_status,
    form_field,
    form_fields,
    keep_contact,
    keep_login,
    keep_password,
    tell_denial,
    viewer_of,
)
from framehouse.kernel import NotFound, VideoId, from_hex, to_hex
from framehouse.library import Privacy, PublishedVideo
from framehouse.playback import (
    Place,
    Viewing,
    embed_path,
    enter_password,
    find_by_embed_address,
    leave_contact,
    pass_of,
    sign_in,
    start_play,
    view,
)

POLL_S = 2
_BASE = "/embed/{video}/{token}"
_PAGE_HEADERS = {**NO_STORE, "x-content-type-options": "nosniff", "referrer-policy": "strict-origin-when-cross-origin"}
# A frame may only use what its page lets it; these are what the player needs (Permissions Policy).
_PERMISSIONS = {"permissions-policy": "autoplay=*, fullscreen=*, picture-in-picture=*, encrypted-media=*"}
_TRUE = frozenset({"1", "true", "on", "yes"})


class EmbedRoutes:
    def __init__(self, context: EdgeContext) -> None:
        self._context = context
        self._playback = context.playback

    def routes(self) -> list[Route]:
        return [
            Route(_BASE, self.page, methods=["GET"]),  # HEAD comes with GET
            Route(f"{_BASE}/config", self.config, methods=["GET"]),
            Route(f"{_BASE}/password", self.password, methods=["POST"]),
            Route(f"{_BASE}/login", self.login, methods=["POST"]),
            Route(f"{_BASE}/contact", self.contact, methods=["POST"]),
            Route(f"{_BASE}/start", self.start, methods=["POST"]),
            asgi_route(f"{_BASE}/download/{{quality}}", self.download, methods=["GET", "HEAD"]),
        ]

    async def page(self, request: Request) -> Response:
        try:
            published = await self._published(request)
        except NotFound:
            return missing_page()
        viewer = await viewer_of(self._context, request, published, is_page_load=True)
        viewing = await view(self._playback, published, Place.EMBED, viewer)
        config = await self._config(request, viewing)
        assets = load_player_assets(self._context.player_dir, path_prefix(request) + "/player")
        policy = {"content-security-policy": content_security_policy(config)}
        status = denial_status(viewing)
        return HTMLResponse(render_embed(config, assets), status, {**_PAGE_HEADERS, **_PERMISSIONS, **policy})

    async def config(self, request: Request) -> Response:
        """Always 200: the player asks what there is."""
        published = await self._published(request)
        viewer = await viewer_of(self._context, request, published)
        config = await self._config(request, await view(self._playback, published, Place.EMBED, viewer))
        headers = dict(NO_STORE)
        if config.state is EmbedState.PROCESSING:
            headers["retry-after"] = str(POLL_S)
        return JSONResponse(config.to_json(), headers=headers)

    async def password(self, request: Request) -> Response:
        """403 with the configuration that asks again for a wrong password, 429 after too many."""
        published = await self._published(request)
        given = await form_field(request, "password")
        viewer = await viewer_of(self._context, request, published)
        viewing = await enter_password(self._playback, published, Place.EMBED, viewer, given)
        answer = await self._answer(request, viewing)
        if viewing.viewer.proofs.password or viewing.viewer.proofs.project:
            keep_password(self._context, request, answer, viewing, self._cookie_path(request, published))
        return answer

    async def login(self, request: Request) -> Response:
        """As `password`; 403 as well for a login that may not watch this video."""
        published = await self._published(request, Privacy.LOGIN)
        fields = await form_fields(request)
        viewer = await viewer_of(self._context, request, published)
        given = (fields.get("email", ""), fields.get("password", ""))
        viewing = await sign_in(self._playback, self._context.identity, published, Place.EMBED, viewer, *given)
        answer = await self._answer(request, viewing)
        signed_in = viewing.viewer.proofs.login
        if signed_in is not None and signed_in != viewer.proofs.login:
            keep_login(self._context, request, answer, published.video, signed_in)
        return answer

    async def contact(self, request: Request) -> Response:
        """422 with the configuration that asks again for what cannot be taken."""
        published = await self._published(request)
        fields = await form_fields(request)
        viewing = await leave_contact(
            self._playback,
            published,
            Place.EMBED,
            await viewer_of(self._context, request, published),
            email=fields.get("email", ""),
            name=fields.get("name", ""),
            consent=fields.get("consent", "").lower() in _TRUE,
        )
        answer = await self._answer(request, viewing)
        if viewing.viewer.proofs.contact:
            keep_contact(self._context, request, answer, viewing, self._cookie_path(request, published))
        return answer

    async def start(self, request: Request) -> Response:
        """Counts a play. Only for who carries a pass: a form on another site, which the browser would send with the
        viewer's cookies, must not use up plays."""
        published = await self._published(request)
        previous = await form_field(request, "previous")
        viewer = await viewer_of(self._context, request, published, with_login_cookie=False)
        return await self._answer(request, await start_play(self._playback, published, Place.EMBED, viewer, previous))

    async def download(self, request: Request) -> ASGIApp:
        published = await self._published(request)
        viewer = await viewer_of(self._context, request, published)
        viewing = await view(self._playback, published, Place.EMBED, viewer)
        return await download_answer(self._context, viewing, request.path_params["quality"])

    async def _published(self, request: Request, privacy: Privacy | None = None) -> PublishedVideo:
        """NotFound for an unknown video, a wrong token and a prompt that the video does not have alike."""
        video_id = from_hex(request.path_params["video"])
        token = request.path_params["token"]
        found = await find_by_embed_address(self._playback, VideoId(video_id), token) if video_id else None
        if found is None or privacy not in (None, found.video.privacy):
            raise NotFound("Not found.")
        return found

    async def _answer(self, request: Request, viewing: Viewing) -> JSONResponse:
        config = await self._config(request, viewing)
        headers = {**NO_STORE, **denial_headers(viewing)}
        return JSONResponse(config.to_json(), denial_status(viewing), headers)

    async def _config(self, request: Request, viewing: Viewing) -> EmbedConfig:
        tell_denial(viewing)
        options = EmbedOptions.of(request.query_params, request.url.query)
        links = EmbedLinks(
            assets=self._playback.assets,
            prefix=path_prefix(request),
            base=public_base(request, self._context.settings),
            own_path=embed_path(viewing.video),
            query=options.query,
            pass_text=pass_of(self._playback, viewing),
        )
        config = embed_config(viewing, await find_extras(self._context.library, viewing), links, options)
        return replace(config, report=await report_of(self._context, request, viewing))

    def _cookie_path(self, request: Request, published: PublishedVideo) -> str:
        return f"{path_prefix(request)}/embed/{to_hex(published.video.id)}"

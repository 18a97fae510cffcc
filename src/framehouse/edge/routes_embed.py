"""The embed page, its configuration as JSON, and its password: `/embed/{video}/{token}`."""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from framehouse.edge.addresses import path_prefix
from framehouse.edge.answers import NO_STORE, status_of
from framehouse.edge.context import EdgeContext
from framehouse.edge.embed_config import EmbedOptions, embed_config
from framehouse.edge.embed_page import (
    EmbedConfig,
    EmbedState,
    content_security_policy,
    load_player_assets,
    render_embed,
)
from framehouse.edge.pages import missing_page
from framehouse.edge.viewers import address_of, form_field, keep_proof, viewing_for
from framehouse.kernel import NotFound, RateLimited, VideoId, from_hex, to_hex
from framehouse.library import PublishedVideo
from framehouse.playback import Place, find_by_embed_address, prove_password

POLL_S = 2
_BASE = "/embed/{video}/{token}"
_PAGE_HEADERS = {**NO_STORE, "x-content-type-options": "nosniff", "referrer-policy": "strict-origin-when-cross-origin"}
# A frame may only use what its page lets it; these are what the player needs (Permissions Policy).
_PERMISSIONS = {"permissions-policy": "autoplay=*, fullscreen=*, picture-in-picture=*, encrypted-media=*"}


class EmbedRoutes:
    def __init__(self, context: EdgeContext) -> None:
        self._context = context

    def routes(self) -> list[Route]:
        return [
            Route(_BASE, self.page, methods=["GET"]),  # HEAD comes with GET
            Route(f"{_BASE}/config", self.config, methods=["GET"]),
            Route(f"{_BASE}/password", self.password, methods=["POST"]),
        ]

    async def page(self, request: Request) -> Response:
        try:
            published = await self._published(request)
        except NotFound:
            return missing_page()
        config = await self._config(request, published)
        assets = load_player_assets(self._context.player_dir, path_prefix(request) + "/player")
        policy = {"content-security-policy": content_security_policy(config)}
        status = 403 if config.state is EmbedState.DENIED else 200
        return HTMLResponse(render_embed(config, assets), status, {**_PAGE_HEADERS, **_PERMISSIONS, **policy})

    async def config(self, request: Request) -> Response:
        config = await self._config(request, await self._published(request))
        headers = dict(NO_STORE)
        if config.state is EmbedState.PROCESSING:
            headers["retry-after"] = str(POLL_S)
        return JSONResponse(config.to_json(), headers=headers)

    async def password(self, request: Request) -> Response:
        """403 with the configuration that asks again for a wrong password, 429 after too many."""
        published = await self._published(request)
        given = await form_field(request, "password")
        try:
            proven = prove_password(self._context.playback, published.video, given, address_of(request))
        except RateLimited as error:
            config = replace(await self._config(request, published), message=error.message)
            headers = {**NO_STORE, "retry-after": str(error.retry_after_s)}
            return JSONResponse(config.to_json(), status_of(error), headers)
        if proven is None:
            config = await self._config(request, published)
            wrong = replace(config, message="That is not the password. Try again.")
            return JSONResponse((wrong if config.state is EmbedState.PASSWORD else config).to_json(), 403, NO_STORE)
        proof, expires_at = proven
        config = await self._config(request, published, proof=proof)
        response = JSONResponse(config.to_json(), headers=NO_STORE)
        path = f"{path_prefix(request)}/embed/{to_hex(published.video.id)}"
        keep_proof(self._context, request, response, path, proof, expires_at)
        return response

    async def _published(self, request: Request) -> PublishedVideo:
        """NotFound for an unknown video and a wrong token alike."""
        video_id = from_hex(request.path_params["video"])
        token = request.path_params["token"]
        found = await find_by_embed_address(self._context.playback, VideoId(video_id), token) if video_id else None
        if found is None:
            raise NotFound("Not found.")
        return found

    async def _config(self, request: Request, published: PublishedVideo, *, proof: str | None = None) -> EmbedConfig:
        viewing = await viewing_for(self._context, request, published, Place.EMBED, proof=proof)
        options = EmbedOptions.of(request.query_params, request.url.query)
        return embed_config(viewing, self._context.playback.assets, path_prefix(request), options)

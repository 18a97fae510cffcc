"""oEmbed: how to show one of our pages on another site: `/oembed.json`, `/oembed.xml` and `/web/oembed`.

Told is only what its address alone gives away: where a password, a login or the owner's session stands before a
video, neither its picture nor its description, and never an embed address that asks nothing.
"""

from datetime import datetime
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from framehouse.edge.addresses import path_prefix, public_base
from framehouse.edge.answers import NO_STORE, READ_CORS
from framehouse.edge.context import EdgeContext
from framehouse.edge.oembed import (
    CACHE_AGE_S,
    Limits,
    OEmbed,
    Target,
    TargetKind,
    Thumbnail,
    fit_playlist,
    fit_video,
    host_of,
    read_address,
)
from framehouse.edge.share import OEMBED_JSON, OEMBED_XML, asks_first, cover_of, shows_freely
from framehouse.infra.settings import Settings
from framehouse.kernel import AccessDenied, NotFound, PlaylistId, TenantId, VideoId, to_hex
from framehouse.library import OutputKind, Privacy, PublishedVideo, Video
from framehouse.playback import (
    AssetKind,
    asset_path,
    embed_path,
    find_by_embed_address,
    find_playlist,
    find_playlist_by_embed_address,
    find_published,
    playlist_embed_path,
    tenant_is_active,
)

HEADERS = {**READ_CORS, "cache-control": f"public, max-age={CACHE_AGE_S}"}


class OEmbedRoutes:
    def __init__(self, context: EdgeContext) -> None:
        self._context = context

    def routes(self) -> list[Route]:
        return [
            Route(OEMBED_JSON, self.json, methods=["GET"]),
            Route(OEMBED_XML, self.xml, methods=["GET"]),
            Route("/web/oembed", self.either, methods=["GET"]),
        ]

    async def json(self, request: Request) -> Response:
        return await self._answer(request, "json")

    async def xml(self, request: Request) -> Response:
        return await self._answer(request, "xml")

    async def either(self, request: Request) -> Response:
        return await self._answer(request, request.query_params.get("format", "json").lower())

    async def _answer(self, request: Request, form: str) -> Response:
        """Statuses as oembed.com has them, section 2.3.3."""
        if form not in ("json", "xml"):
            return _refused("The format is json or xml.", 501)
        url = request.query_params.get("url")
        if not url:
            return _refused("The parameter url is missing: the address of a video's or playlist's page.", 400)
        try:
            document = await self._document(request, url)
        except NotFound as error:
            return _refused(error.message, 404)
        except AccessDenied as error:
            return _refused(error.message, 401)
        if form == "xml":
            return Response(document.to_xml(), 200, HEADERS, media_type="text/xml")
        return Response(document.to_json(), 200, HEADERS, media_type="application/json")

    async def _document(self, request: Request, url: str) -> OEmbed:
        settings = self._context.settings
        target = read_address(url, _hosts(request, settings), _prefixes(request, settings))
        if target is None:
            raise NotFound("This is not the address of a video or playlist here.")
        base, limits = public_base(request, settings), _limits(request)
        if target.kind is TargetKind.PLAYLIST:
            return await self._playlist(base, target, limits)
        return await self._video(base, target, limits)

    async def _video(self, base: str, target: Target, limits: Limits) -> OEmbed:
        playback, video_id = self._context.playback, VideoId(target.id)
        if target.token is None:
            published = await find_published(playback, video_id)
        else:
            published = await find_by_embed_address(playback, video_id, target.token)
        if published is None or _is_over(published.video, self._context.clock.now()):
            raise NotFound("There is no such video.")
        video = published.video
        await self._check_active(video.tenant_id)
        _check_told(video, target)
        free = shows_freely(video)
        return OEmbed(
            title=video.title or "Video",
            provider_url=base,
            frame_url=base + embed_path(video) + target.query,
            size=fit_video(video.width, video.height, limits),
            description=video.description if free else None,
            duration_s=round(video.duration_ms / 1000) if video.duration_ms is not None else None,
            thumbnail=self._thumbnail(base, published) if free else None,
            video_id=to_hex(video.id),
        )

    async def _playlist(self, base: str, target: Target, limits: Limits) -> OEmbed:
        playback, playlist_id = self._context.playback, PlaylistId(target.id)
        if target.token is None:
            published = await find_playlist(playback, playlist_id)
        else:
            published = await find_playlist_by_embed_address(playback, playlist_id, target.token)
        if published is None:
            raise NotFound("There is no such playlist.")
        playlist = published.playlist
        await self._check_active(playlist.tenant_id)
        if playlist.privacy is Privacy.PRIVATE and target.token is None:
            raise AccessDenied("This playlist is private.")
        pictured = cover_of(published.videos) if playlist.privacy is not Privacy.PASSWORD else None
        cover = await find_published(playback, pictured.id) if pictured is not None else None
        return OEmbed(
            title=playlist.title or "Playlist",
            provider_url=base,
            frame_url=base + playlist_embed_path(playlist.id, playlist.embed_token) + target.query,
            size=fit_playlist(limits),
            thumbnail=self._thumbnail(base, cover) if cover is not None else None,
        )

    async def _check_active(self, tenant_id: TenantId) -> None:
        if not await tenant_is_active(self._context.playback, tenant_id):
            raise NotFound("This is not available at the moment.")

    def _thumbnail(self, base: str, published: PublishedVideo) -> Thumbnail | None:
        """None until the poster is made, since its size belongs into the answer."""
        video = published.video
        posters = published.of_kind(OutputKind.POSTER)
        poster = next((each for each in posters if each.name == str(video.poster_number)), None)
        if poster is None or not poster.width or not poster.height:
            return None
        path = asset_path(self._context.playback.assets, video, AssetKind.POSTER, f"{poster.name}.jpg")
        return Thumbnail(base + path, poster.width, poster.height)


def _is_over(video: Video, now: datetime) -> bool:
    return video.expires_at is not None and now >= video.expires_at


def _check_told(video: Video, target: Target) -> None:
    """AccessDenied where the answer's embed address would give away more than the address that was asked about."""
    if video.project_private:
        raise AccessDenied("This video is private.")
    if target.token is None and video.privacy is not Privacy.PUBLIC and not asks_first(video):
        raise AccessDenied("This video is private, or its password is asked for on its own page only.")
    if video.signed_embeds_only and not target.signed:
        raise AccessDenied("This video is embedded with signed addresses only.")


def _hosts(request: Request, settings: Settings) -> frozenset[str]:
    """Host names under which our pages are opened."""
    vendors = f"{settings.adilo_hosts},{settings.sproutvideo_hosts},{settings.signed_embed_hosts}".split(",")
    own = (public_base(request, settings), f"//{request.headers.get('host', '')}")
    return frozenset(filter(None, (*map(host_of, own), *(name.strip().lower() for name in vendors))))


def _prefixes(request: Request, settings: Settings) -> tuple[str, ...]:
    return path_prefix(request), urlsplit(settings.public_url or "").path.rstrip("/"), ""


def _limits(request: Request) -> Limits:
    """What is not a number counts as no limit."""

    def number(name: str) -> int | None:
        text = request.query_params.get(name, "")
        return int(text) or None if text.isascii() and text.isdigit() and len(text) < 6 else None

    return Limits(number("maxwidth"), number("maxheight"))


def _refused(message: str, status: int) -> Response:
    return Response(message + "\n", status, {**READ_CORS, **NO_STORE}, media_type="text/plain")

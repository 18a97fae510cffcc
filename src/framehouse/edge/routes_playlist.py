"""Playlists as viewers open them: the embed `/playlist/{id}/{token}` and its own page `/watch/playlist/{id}`."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

import structlog
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from framehouse.edge.addresses import path_prefix, public_base
from framehouse.edge.answers import NO_STORE
from framehouse.edge.context import EdgeContext
from framehouse.edge.embed_config import EmbedOptions
from framehouse.edge.oembed import PLAYLIST_PX
from framehouse.edge.pages import Page, page_answer
from framehouse.edge.playlist_page import PlaylistItem, PlaylistPage, content_security_policy, render_playlist
from framehouse.edge.rendering import built_assets
from framehouse.edge.share import Shared, cover_of, meta_tags, oembed_links, shows_picture
from framehouse.edge.viewers import PASS, PROOF_COOKIE, address_of, embedding_host, form_field, keep_proof
from framehouse.kernel import PlaylistId, RateLimited, from_base64url, from_hex, to_hex
from framehouse.library import Playlist, Privacy, PublishedPlaylist, Video
from framehouse.playback import (
    PASS_LIFE,
    PASSWORD_LIFE,
    AssetKind,
    DenialReason,
    Denied,
    Place,
    PlaylistProofs,
    Proofs,
    asset_path,
    embed_path,
    find_playlist,
    find_playlist_by_embed_address,
    is_playlist_password,
    may_see_playlist,
    playlist_embed_path,
    playlist_page_path,
    playlist_pass,
    proofs_in_pass,
)

_FOR_EACH_VIDEO = ("type", "color", "muted")  # options of the player that the page's query sets for all its videos
_EMBED, _PAGE = "/playlist/{id}/{token}", "/watch/playlist/{id}"
_HEADERS = {**NO_STORE, "x-content-type-options": "nosniff", "referrer-policy": "strict-origin-when-cross-origin"}
_MISSING = Page("This playlist is not here", "The address may be wrong, or the playlist was removed.")
_PASSWORD_STATUS = {DenialReason.PASSWORD_WRONG: 403, DenialReason.TOO_MANY_TRIES: 429}
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Visit:
    """One request for a playlist that is there."""

    request: Request
    published: PublishedPlaylist
    place: Place
    proofs: PlaylistProofs

    @property
    def playlist(self) -> Playlist:
        return self.published.playlist


class PlaylistRoutes:
    def __init__(self, context: EdgeContext) -> None:
        self._context, self._playback = context, context.playback

    def routes(self) -> list[Route]:
        return [
            Route(_EMBED, self.embed, methods=["GET", "POST"]),
            Route(_PAGE, self.page, methods=["GET", "POST"]),
        ]

    async def embed(self, request: Request) -> Response:
        playlist_id, token = from_hex(request.path_params["id"]), request.path_params["token"]
        if playlist_id is None:
            return _missing()
        published = await find_playlist_by_embed_address(self._playback, PlaylistId(playlist_id), token)
        return await self._answer(request, published, Place.EMBED)

    async def page(self, request: Request) -> Response:
        playlist_id = from_base64url(request.path_params["id"])
        if playlist_id is None:
            return _missing()
        return await self._answer(request, await find_playlist(self._playback, PlaylistId(playlist_id)), Place.PAGE)

    async def _answer(self, request: Request, published: PublishedPlaylist | None, place: Place) -> Response:
        if published is None:
            return _missing()
        visit = _Visit(request, published, place, self._proofs(request, published.playlist))
        if request.method == "POST":
            return await self._enter_password(visit)
        owner, proven = await self._context.owner_of(request), visit.proofs.password
        decision = await may_see_playlist(self._playback, visit.playlist, place, owner=owner, password_proven=proven)
        if isinstance(decision, Denied):
            return self._denied(visit, decision)
        page = self._page(visit)
        assets = built_assets(self._context.player_dir, path_prefix(request) + "/player")
        headers = {**_HEADERS, "content-security-policy": content_security_policy(page)}
        return HTMLResponse(render_playlist(page, assets), 200, headers)

    def _proofs(self, request: Request, playlist: Playlist) -> PlaylistProofs:
        passed = proofs_in_pass(self._playback, playlist, request.query_params.get(PASS, ""))
        kept = proofs_in_pass(self._playback, playlist, request.cookies.get(PROOF_COOKIE, ""))
        return PlaylistProofs(passed.password or kept.password, embedding_host(self._context, request, passed.host))

    async def _enter_password(self, visit: _Visit) -> Response:
        """A right one leads back to the page, which then opens by a cookie, or in a frame by the pass in its query."""
        request, playlist = visit.request, visit.playlist
        if playlist.privacy is not Privacy.PASSWORD:
            return _missing()
        given = await form_field(request, "password")
        try:
            right = is_playlist_password(self._playback, playlist, given, address_of(request))
        except RateLimited as error:
            return self._denied(visit, Denied(DenialReason.TOO_MANY_TRIES, error.message, error.retry_after_s))
        if not right:
            return self._denied(visit, Denied(DenialReason.PASSWORD_WRONG, "That is not the password. Try again."))
        proven = replace(visit, proofs=replace(visit.proofs, password=True))
        answer = RedirectResponse(self._address(proven), 303)
        ends_at = self._context.clock.now() + PASSWORD_LIFE
        kept = playlist_pass(self._playback, playlist, PlaylistProofs(password=True), ends_at)
        keep_proof(self._context, request, answer, path_prefix(request) + _path(visit), kept, ends_at)
        return answer

    def _denied(self, visit: _Visit, denied: Denied) -> Response:
        reason, framable = denied.reason, visit.place is Place.EMBED
        log.info("access.denied", playlist=to_hex(visit.playlist.id), place=visit.place.value, reason=reason.value)
        if reason is DenialReason.OWNER_ONLY:
            return _missing()
        if reason is DenialReason.TENANT_INACTIVE:
            return page_answer(Page("This playlist cannot be shown", denied.message), 403, framable=framable)
        prompt = Page(
            "This playlist is protected",
            "Enter its password to see it.",
            asks_password=True,
            password_url=self._address(visit),
            wrong=denied.message if reason in _PASSWORD_STATUS else None,
        )
        answer = page_answer(prompt, _PASSWORD_STATUS.get(reason, 200), framable=framable)
        if denied.retry_after_s is not None:
            answer.headers["retry-after"] = str(denied.retry_after_s)
        return answer

    def _address(self, visit: _Visit) -> str:
        """The same page again. In a frame its query carries what was shown so far; in a browser's address bar it would
        be passed on with the address."""
        query = [(name, value) for name, value in visit.request.query_params.multi_items() if name != PASS]
        if visit.place is Place.EMBED:
            ends_at = self._context.clock.now() + PASS_LIFE
            query.append((PASS, playlist_pass(self._playback, visit.playlist, visit.proofs, ends_at)))
        return path_prefix(visit.request) + _path(visit) + (f"?{urlencode(query)}" if query else "")

    def _page(self, visit: _Visit) -> PlaylistPage:
        playlist, items = visit.playlist, self._items(visit)
        first = items[0].embed_url if items else None
        if first is not None and EmbedOptions.of(visit.request.query_params, "").autoplay:
            first += "&autoplay=1"
        page = PlaylistPage(to_hex(playlist.id), playlist.title, items, visit.place is Place.EMBED, first)
        shared = visit.place is Place.PAGE and playlist.privacy is Privacy.PUBLIC
        return self._shared(visit.request, page, visit.published) if shared else page

    def _items(self, visit: _Visit) -> list[PlaylistItem]:
        """Titles are shown whatever a video asks its viewers: whoever may see the list may know what is in it."""
        prefix, parameters = path_prefix(visit.request), visit.request.query_params.multi_items()
        options = [(name, value) for name, value in parameters if name.lower() in _FOR_EACH_VIDEO]
        # On our own page the rules about where an embed may stand count as met; around a framed list stands its site.
        proofs = Proofs(from_page=True) if visit.place is Place.PAGE else Proofs(host=visit.proofs.host)
        ends_at = self._context.clock.now() + PASS_LIFE

        def item(video: Video) -> PlaylistItem:
            query = urlencode([*options, (PASS, self._playback.passes.issue(video, proofs, ends_at))])
            return PlaylistItem(
                to_hex(video.id),
                video.title,
                video.duration_ms,
                prefix + self._poster(video) if video.playable and shows_picture(video) else None,
                f"{prefix}{embed_path(video)}?{query}",
            )

        return [item(video) for video in visit.published.videos]

    def _poster(self, video: Video) -> str:
        return asset_path(self._playback.assets, video, AssetKind.POSTER, f"{video.poster_number}.jpg")

    def _shared(self, request: Request, page: PlaylistPage, published: PublishedPlaylist) -> PlaylistPage:
        base, playlist = public_base(request, self._context.settings), published.playlist
        page_url, cover = base + playlist_page_path(playlist.id), cover_of(published.videos)
        shared = Shared(
            playlist.title or "Playlist",
            page_url,
            PLAYLIST_PX,
            image_url=base + self._poster(cover) if cover is not None else None,
            frame_url=base + playlist_embed_path(playlist.id, playlist.embed_token),
        )
        return replace(page, meta=meta_tags(shared), links=oembed_links(base, page_url))


def _path(visit: _Visit) -> str:
    if visit.place is Place.PAGE:
        return playlist_page_path(visit.playlist.id)
    return playlist_embed_path(visit.playlist.id, visit.playlist.embed_token)


def _missing() -> Response:
    """The same page for what is not there, not for this viewer, or not guessed right."""
    return page_answer(_MISSING, 404, framable=True)

"""Playback: who may watch, tickets, manifests, and segments that are cut when they are first asked for.

Names are imported when they are used (PEP 562): the confined cutter runs as a module of this room and must not load
the database and storage that the rest of the room needs.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from framehouse.playback.addresses import (
        DASH_NAME,
        HLS_NAME,
        asset_path,
        embed_path,
        media_path,
        playlist_embed_path,
        playlist_page_path,
        watch_path,
    )
    from framehouse.playback.assets import FRAME_KINDS, Asset, find_asset, published_with_signature
    from framehouse.playback.context import PlaybackContext, open_playback
    from framehouse.playback.cutting import CutterPool
    from framehouse.playback.documents import cut_document, ladder_document, read_document
    from framehouse.playback.downloads import (
        DOWNLOAD_NOT_ALLOWED,
        download_asset,
        hd_download,
        offered_downloads,
        permitted_downloads,
        sd_download,
    )
    from framehouse.playback.dry_run import AccessAnswer, AccessQuestion, check_access
    from framehouse.playback.errors import (
        MediaRefusal,
        NetworkNotAllowed,
        TenantInactive,
        TicketExpired,
        TicketInvalid,
        TicketRevoked,
    )
    from framehouse.playback.grants import (
        change_grant,
        create_grant,
        create_grants,
        delete_grant,
        end_login,
        forget_video,
        get_grant,
        grant_ids_of_logins,
        list_grants,
    )
    from framehouse.playback.local_sources import LocalSources
    from framehouse.playback.model import (
        AccessFacts,
        Allowed,
        Decision,
        DenialReason,
        Denied,
        EmbedAddress,
        Grant,
        GrantChanges,
        NewGrant,
        Place,
        Proofs,
        SignatureState,
        SignedIn,
        Ticket,
        Viewer,
    )
    from framehouse.playback.passes import PASS_LIFE, PassSigner
    from framehouse.playback.playlists import (
        PlaylistProofs,
        find_playlist,
        find_playlist_by_embed_address,
        is_playlist_password,
        may_see_playlist,
        playlist_pass,
        proofs_in_pass,
        tenant_is_active,
    )
    from framehouse.playback.plays import forget_plays, start_play
    from framehouse.playback.policy import decide
    from framehouse.playback.prompts import (
        CONTACT_LIFE,
        LOGIN_LIFE,
        LOGIN_REASONS,
        PASSWORD_LIFE,
        PASSWORD_PROMPTS,
        enter_password,
        leave_contact,
        sign_in,
    )
    from framehouse.playback.publication import Manifest, MediaFile, Publication
    from framehouse.playback.publish_cut import PUBLISH_CUT, CutPublisher
    from framehouse.playback.segments import LocalFile
    from framehouse.playback.signatures import AssetKind, AssetSigner, LoginProofs, embed_token
    from framehouse.playback.signed_embeds import embed_signature
    from framehouse.playback.tickets import TicketSigner
    from framehouse.playback.watch import (
        Viewing,
        find_by_embed_address,
        find_published,
        page_pass,
        pass_of,
        streamable,
        view,
    )

_HOMES = {
    "addresses": (
        "DASH_NAME", "HLS_NAME", "asset_path", "embed_path", "media_path", "playlist_embed_path", "playlist_page_path",
        "watch_path",
    ),
    "assets": ("FRAME_KINDS", "Asset", "find_asset", "published_with_signature"),
    "context": ("PlaybackContext", "open_playback"),
    "cutting": ("CutterPool",),
    "documents": ("cut_document", "ladder_document", "read_document"),
    "downloads": (
        "DOWNLOAD_NOT_ALLOWED", "download_asset", "hd_download", "offered_downloads", "permitted_downloads",
        "sd_download",
    ),
    "dry_run": ("AccessAnswer", "AccessQuestion", "check_access"),
    "errors": (
        "MediaRefusal", "NetworkNotAllowed", "TenantInactive", "TicketExpired", "TicketInvalid", "TicketRevoked",
    ),
    "grants": (
        "change_grant", "create_grant", "create_grants", "delete_grant", "end_login", "forget_video", "get_grant",
        "grant_ids_of_logins", "list_grants",
    ),
    "local_sources": ("LocalSources",),
    "model": (
        "AccessFacts", "Allowed", "Decision", "DenialReason", "Denied", "EmbedAddress", "Grant", "GrantChanges",
        "NewGrant", "Place", "Proofs", "SignatureState", "SignedIn", "Ticket", "Viewer",
    ),
    "passes": ("PASS_LIFE", "PassSigner"),
    "playlists": (
        "PlaylistProofs", "find_playlist", "find_playlist_by_embed_address", "is_playlist_password", "may_see_playlist",
        "playlist_pass", "proofs_in_pass", "tenant_is_active",
    ),
    "plays": ("forget_plays", "start_play"),
    "policy": ("decide",),
    "prompts": (
        "CONTACT_LIFE", "LOGIN_LIFE", "LOGIN_REASONS", "PASSWORD_LIFE", "PASSWORD_PROMPTS", "enter_password",
        "leave_contact", "sign_in",
    ),
    "publication": ("Manifest", "MediaFile", "Publication"),
    "publish_cut": ("PUBLISH_CUT", "CutPublisher"),
    "segments": ("LocalFile",),
    "signatures": ("AssetKind", "AssetSigner", "LoginProofs", "embed_token"),
    "signed_embeds": ("embed_signature",),
    "tickets": ("TicketSigner",),
    "watch": ("Viewing", "find_by_embed_address", "find_published", "page_pass", "pass_of", "streamable", "view"),
}  # fmt: skip
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "CONTACT_LIFE",
    "DASH_NAME",
    "DOWNLOAD_NOT_ALLOWED",
    "FRAME_KINDS",
    "HLS_NAME",
    "LOGIN_LIFE",
    "LOGIN_REASONS",
    "PASSWORD_LIFE",
    "PASSWORD_PROMPTS",
    "PASS_LIFE",
    "PUBLISH_CUT",
    "AccessAnswer",
    "AccessFacts",
    "AccessQuestion",
    "Allowed",
    "Asset",
    "AssetKind",
    "AssetSigner",
    "CutPublisher",
    "CutterPool",
    "Decision",
    "DenialReason",
    "Denied",
    "EmbedAddress",
    "Grant",
    "GrantChanges",
    "LocalFile",
    "LocalSources",
    "LoginProofs",
    "Manifest",
    "MediaFile",
    "MediaRefusal",
    "NetworkNotAllowed",
    "NewGrant",
    "PassSigner",
    "Place",
    "PlaybackContext",
    "PlaylistProofs",
    "Proofs",
    "Publication",
    "SignatureState",
    "SignedIn",
    "TenantInactive",
    "Ticket",
    "TicketExpired",
    "TicketInvalid",
    "TicketRevoked",
    "TicketSigner",
    "Viewer",
    "Viewing",
    "asset_path",
    "change_grant",
    "check_access",
    "create_grant",
    "create_grants",
    "cut_document",
    "decide",
    "delete_grant",
    "download_asset",
    "embed_path",
    "embed_signature",
    "embed_token",
    "end_login",
    "enter_password",
    "find_asset",
    "find_by_embed_address",
    "find_playlist",
    "find_playlist_by_embed_address",
    "find_published",
    "forget_plays",
    "forget_video",
    "get_grant",
    "grant_ids_of_logins",
    "hd_download",
    "is_playlist_password",
    "ladder_document",
    "leave_contact",
    "list_grants",
    "may_see_playlist",
    "media_path",
    "offered_downloads",
    "open_playback",
    "page_pass",
    "pass_of",
    "permitted_downloads",
    "playlist_embed_path",
    "playlist_page_path",
    "playlist_pass",
    "proofs_in_pass",
    "published_with_signature",
    "read_document",
    "sd_download",
    "sign_in",
    "start_play",
    "streamable",
    "tenant_is_active",
    "view",
    "watch_path",
]


def __getattr__(name: str) -> Any:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)

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
        watch_path,
    )
    from framehouse.playback.assets import (
        FRAME_KINDS,
        Asset,
        find_asset,
        published_with_signature,
    )
    from framehouse.playback.context import PlaybackContext, open_playback
    from framehouse.playback.cutting import CutterPool
    from framehouse.playback.documents import cut_document, ladder_document, read_document
    from framehouse.playback.errors import TicketExpired, TicketInvalid, TicketRevoked
    from framehouse.playback.local_sources import LocalSources
    from framehouse.playback.model import AccessFacts, Allowed, Decision, DenialReason, Denied, Place, Ticket
    from framehouse.playback.policy import decide
    from framehouse.playback.publication import Manifest, MediaFile, Publication
    from framehouse.playback.publish_cut import PUBLISH_CUT, CutPublisher
    from framehouse.playback.segments import LocalFile
    from framehouse.playback.signatures import AssetKind, AssetSigner, embed_token
    from framehouse.playback.tickets import TicketSigner
    from framehouse.playback.watch import (
        Viewing,
        find_by_embed_address,
        find_published,
        prove_password,
        streamable,
        view,
    )

_HOMES = {
    "addresses": ("DASH_NAME", "HLS_NAME", "asset_path", "embed_path", "media_path", "watch_path"),
    "assets": ("FRAME_KINDS", "Asset", "find_asset", "published_with_signature"),
    "context": ("PlaybackContext", "open_playback"),
    "cutting": ("CutterPool",),
    "documents": ("cut_document", "ladder_document", "read_document"),
    "errors": ("TicketExpired", "TicketInvalid", "TicketRevoked"),
    "model": ("AccessFacts", "Allowed", "Decision", "Denied", "DenialReason", "Place", "Ticket"),
    "policy": ("decide",),
    "local_sources": ("LocalSources",),
    "publish_cut": ("PUBLISH_CUT", "CutPublisher"),
    "publication": ("Manifest", "MediaFile", "Publication"),
    "segments": ("LocalFile",),
    "signatures": ("AssetKind", "AssetSigner", "embed_token"),
    "tickets": ("TicketSigner",),
    "watch": ("Viewing", "find_by_embed_address", "find_published", "prove_password", "streamable", "view"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "DASH_NAME",
    "FRAME_KINDS",
    "HLS_NAME",
    "PUBLISH_CUT",
    "AccessFacts",
    "Allowed",
    "Asset",
    "AssetKind",
    "AssetSigner",
    "CutPublisher",
    "CutterPool",
    "Decision",
    "DenialReason",
    "Denied",
    "LocalFile",
    "LocalSources",
    "Manifest",
    "MediaFile",
    "Place",
    "PlaybackContext",
    "Publication",
    "Ticket",
    "TicketExpired",
    "TicketInvalid",
    "TicketRevoked",
    "TicketSigner",
    "Viewing",
    "asset_path",
    "cut_document",
    "decide",
    "embed_path",
    "embed_token",
    "find_asset",
    "find_by_embed_address",
    "find_published",
    "ladder_document",
    "media_path",
    "open_playback",
    "prove_password",
    "published_with_signature",
    "read_document",
    "streamable",
    "view",
    "watch_path",
]


def __getattr__(name: str) -> Any:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)

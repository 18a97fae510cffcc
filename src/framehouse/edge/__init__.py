"""What viewers and their players fetch: the embed and watch pages, manifests, segments, assets, signed storage URLs."""

from framehouse.edge.app import PATHS, create_edge
from framehouse.edge.context import EdgeContext, OwnerOf

__all__ = ["PATHS", "EdgeContext", "OwnerOf", "create_edge"]

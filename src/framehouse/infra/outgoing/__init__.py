"""Requests to addresses that tenants gave: sources to fetch, webhooks to call. Guarded, bounded, told in sentences.

Nothing else in the house may open such a URL; what goes to servers of the operator's own (storage, database) is not
sent from here.
"""

from framehouse.infra.outgoing.client import OutgoingClient
from framehouse.infra.outgoing.model import (
    Answer,
    Limits,
    OutgoingRefused,
    OutgoingTimedOut,
    check_url,
    host_of,
    shown_url,
    told_status,
)
from framehouse.infra.outgoing.networks import Network, may_reach, parse_networks

__all__ = [
    "Answer",
    "Limits",
    "Network",
    "OutgoingClient",
    "OutgoingRefused",
    "OutgoingTimedOut",
    "check_url",
    "host_of",
    "may_reach",
    "parse_networks",
    "shown_url",
    "told_status",
]

"""The audience: one log of facts that players report, and every figure as a question to it.

What each figure counts is defined in docs/reference/metrics.md.
"""

from framehouse.audience import metrics, rows, wire
from framehouse.audience.context import AudienceContext
from framehouse.audience.erase import clear_video, erase_viewer, expire
from framehouse.audience.errors import IntakeFull, ReportInvalid, ReportRefused, UnknownDimension
from framehouse.audience.figures import counts, counts_by_day, day_ms, plays_by, plays_by_day, plays_of_videos
from framehouse.audience.intake import Intake, RemoteIntake
from framehouse.audience.model import (
    AUTHENTICATED,
    ContentType,
    Counts,
    Device,
    Engagement,
    Kind,
    Location,
    PlaySession,
    Receipt,
    Refused,
    Scope,
    Sender,
    ViewerIdentity,
    ViewerKind,
    ViewSegment,
    Watching,
)
from framehouse.audience.places import Places
from framehouse.audience.report import receive_report
from framehouse.audience.series import Peak, by_property, by_time, peaks, total
from framehouse.audience.store.plays import Label
from framehouse.audience.store.series import Bucket, Measure, Property, Zone
from framehouse.audience.tickets import ReportTickets
from framehouse.audience.viewing import (
    SeenViewer,
    SessionFilter,
    WatchedSession,
    engagement,
    every_segment,
    play_sessions,
    view_segments,
    viewers,
    watched_ms,
    watched_seconds,
    watched_sessions,
)

__all__ = [
    "AUTHENTICATED", "AudienceContext", "Bucket", "ContentType", "Counts", "Device", "Engagement", "Intake",
    "IntakeFull", "Kind", "Label", "Location", "Measure", "Peak", "Places", "PlaySession", "Property", "Receipt",
    "Refused", "RemoteIntake", "ReportInvalid", "ReportRefused", "ReportTickets", "Scope", "SeenViewer", "Sender",
    "SessionFilter", "UnknownDimension", "ViewSegment", "ViewerIdentity", "ViewerKind", "WatchedSession", "Watching",
    "Zone", "by_property", "by_time", "clear_video", "counts", "counts_by_day", "day_ms", "engagement",
    "erase_viewer", "every_segment", "expire", "metrics", "peaks", "play_sessions", "plays_by", "plays_by_day",
    "plays_of_videos", "receive_report", "rows", "total", "view_segments", "viewers", "watched_ms",
    "watched_seconds", "watched_sessions", "wire",
]  # fmt: skip

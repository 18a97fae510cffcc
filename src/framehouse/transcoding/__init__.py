"""Transcoding: presets, ladders, and the durable work that makes a received source into verified renditions."""

from framehouse.transcoding.cancel import cancel_encode, end_source_work, rerun_encode, stop_jobs
from framehouse.transcoding.census import EncodeCensus, encodes_between
from framehouse.transcoding.context import TranscodingContext, clear_scratch
from framehouse.transcoding.events import SourceInspected
from framehouse.transcoding.explain import JobReport, explain_jobs, explain_poster, tell
from framehouse.transcoding.model import Preset
from framehouse.transcoding.presets import PRESETS, find_preset
from framehouse.transcoding.workflows import register
from framehouse.transcoding.works import custom_poster, inspection

__all__ = [
    "PRESETS",
    "EncodeCensus",
    "JobReport",
    "Preset",
    "SourceInspected",
    "TranscodingContext",
    "cancel_encode",
    "clear_scratch",
    "custom_poster",
    "encodes_between",
    "end_source_work",
    "explain_jobs",
    "explain_poster",
    "find_preset",
    "inspection",
    "register",
    "rerun_encode",
    "stop_jobs",
    "tell",
]

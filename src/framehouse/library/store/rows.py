"""Rows to models."""

from dataclasses import fields
from typing import Any, TypeVar

from framehouse.library.model import DownloadQuality, Output, OutputKind, Privacy, TagId, Video, VideoKind, VideoState
from framehouse.library.upload_model import Upload, UploadState

Model = TypeVar("Model")


def plain(kind: type[Model], row: Any) -> Model:
    """A model whose fields are columns of the same name."""
    mapping = row._mapping  # noqa: SLF001  (SQLAlchemy's public name for it)
    return kind(**{field.name: mapping[field.name] for field in fields(kind) if field.name in mapping})  # type: ignore[arg-type]  # every model here is a dataclass


def video(row: Any, tag_ids: tuple[TagId, ...] = ()) -> Video:
    mapping = dict(row._mapping)  # noqa: SLF001  (as above)
    mapping.pop("deleted_at", None)
    mapping |= {name: bool(mapping[name]) for name in ("project_private", "project_protected", "project_locked")}
    mapping["kind"] = VideoKind(mapping["kind"])
    mapping["state"] = mapping["media_state"] = VideoState(mapping["state"])
    percent = mapping.pop("replacement_percent")
    if mapping["replacement_source_id"] is not None:
        mapping |= {"state": VideoState.PROCESSING, "state_reason": None, "progress_percent": percent}
    mapping["privacy"] = Privacy(mapping["privacy"])
    mapping["allowed_domains"] = tuple(mapping["allowed_domains"])
    mapping["allowed_networks"] = tuple(mapping["allowed_networks"])
    downloads = mapping["viewer_downloads"]
    mapping["viewer_downloads"] = tuple(DownloadQuality(each) for each in downloads) if downloads is not None else None
    return Video(**mapping, tag_ids=tag_ids)


def output(row: Any) -> Output:
    mapping = dict(row._mapping)  # noqa: SLF001  (as above)
    mapping.pop("tenant_id", None)
    mapping["kind"] = OutputKind(mapping["kind"])
    return Output(**mapping)


def upload(row: Any) -> Upload:
    mapping = dict(row._mapping)  # noqa: SLF001  (as above)
    mapping["state"] = UploadState(mapping["state"])
    return Upload(**mapping)

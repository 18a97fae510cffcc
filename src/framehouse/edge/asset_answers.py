"""Stored files as answers: posters and captions that pages show, downloads and sources that browsers save."""

from framehouse.edge.files import FileAnswer, stored
from framehouse.infra.storage import ObjectStorage, attachment
from framehouse.playback import Asset

# Uploaded bytes never run as a page of ours, whatever they are.
_SANDBOX = {"content-security-policy": "default-src 'none'; sandbox", "x-content-type-options": "nosniff"}


async def asset_answer(storage: ObjectStorage, asset: Asset, headers: dict[str, str]) -> FileAnswer:
    """`headers` say who may keep and read it. Raises NotFound when the bytes are gone."""
    headers = {**headers, **_SANDBOX, "content-type": asset.content_type}
    if asset.download_name is not None:
        headers["content-disposition"] = attachment(asset.download_name)
    return FileAnswer(await stored(storage, asset.key), headers)

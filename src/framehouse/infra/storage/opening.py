"""From the setting to the adapter: `file:///path` or `s3://bucket/prefix?endpoint=...&region=...`."""

from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from framehouse.infra.storage.filesystem import FileSystemStorage
from framehouse.infra.storage.ports import ObjectStorage
from framehouse.infra.storage.signing import UrlSigner
from framehouse.kernel.clock import Clock
from framehouse.kernel.errors import InvalidInput


def open_storage(url: str, *, signer: UrlSigner, base_url: str, clock: Clock | None = None) -> ObjectStorage:
    """The storage a URL names; InvalidInput when it names none.

    S3 keys come from the URL (`s3://KEY:SECRET@bucket`, percent-encoded) or from AWS_ACCESS_KEY_ID,
    AWS_SECRET_ACCESS_KEY and the other usual places. Without `endpoint` it is Amazon's.
    """
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.netloc in ("", "localhost") and parts.path.startswith("/"):
        return FileSystemStorage(Path(unquote(parts.path)), signer, base_url, clock)
    if parts.scheme == "s3" and parts.hostname:
        # Imported here: aiobotocore takes 40 MB and a second, which a directory of files need not pay.
        from framehouse.infra.storage.s3 import S3Storage

        options = parse_qs(parts.query)
        return S3Storage(
            bucket=parts.netloc.rpartition("@")[2],
            endpoint=options.get("endpoint", [None])[0],
            region=options.get("region", ["us-east-1"])[0],
            access_key=unquote(parts.username) if parts.username else None,
            secret_key=unquote(parts.password) if parts.password else None,
            prefix=unquote(parts.path),
        )
    raise InvalidInput("A storage URL is file:///path or s3://bucket/prefix?endpoint=URL&region=NAME.")

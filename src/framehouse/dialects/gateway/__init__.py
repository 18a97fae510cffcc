"""What all dialects share: who calls and how often, how bodies, paging, links and errors are read and written.

One mechanism, configured per vendor; a vendor's words stay in its own room.
"""

from framehouse.dialects.gateway.application import create_application, refusals
from framehouse.dialects.gateway.call import Call, Caller
from framehouse.dialects.gateway.errors import (
    ErrorStyle,
    MalformedBody,
    Refusal,
    Unauthenticated,
    UnsupportedFileType,
)
from framehouse.dialects.gateway.file_types import SUPPORTED_EXTENSIONS, check_extension, extension_of
from framehouse.dialects.gateway.links import Links
from framehouse.dialects.gateway.openapi import takes
from framehouse.dialects.gateway.paging import PAGE_MAX, PageLinks, Window, numbered, page_links, positioned
from framehouse.dialects.gateway.upload import UploadForm
from framehouse.dialects.gateway.vendor import Vendor
from framehouse.dialects.gateway.wire import IdList, Input, NameList, Output, parse

__all__ = [
    "PAGE_MAX",
    "SUPPORTED_EXTENSIONS",
    "Call",
    "Caller",
    "ErrorStyle",
    "IdList",
    "Input",
    "Links",
    "MalformedBody",
    "NameList",
    "Output",
    "PageLinks",
    "Refusal",
    "Unauthenticated",
    "UnsupportedFileType",
    "UploadForm",
    "Vendor",
    "Window",
    "check_extension",
    "create_application",
    "extension_of",
    "numbered",
    "page_links",
    "parse",
    "positioned",
    "refusals",
    "takes",
]

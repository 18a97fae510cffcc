"""What all dialects share: who calls and how often, how bodies, paging, links and errors are read and written.

One mechanism, configured per vendor; a vendor's words stay in its own room.
"""

from framehouse.dialects.gateway.application import create_application, refusals
from framehouse.dialects.gateway.call import AnyVisitor, Call, Caller, Visitor
from framehouse.dialects.gateway.cors import from_any_origin, preflight
from framehouse.dialects.gateway.errors import (
    ErrorStyle,
    MalformedBody,
    Refusal,
    Unauthenticated,
    UnsupportedFileType,
)
from framehouse.dialects.gateway.file_types import SUPPORTED_EXTENSIONS, check_extension, extension_of
from framehouse.dialects.gateway.kept import KeptParts, list_answer
from framehouse.dialects.gateway.links import Links, links_of_installation
from framehouse.dialects.gateway.openapi import takes
from framehouse.dialects.gateway.paging import PAGE_MAX, PageLinks, Window, numbered, page_links, positioned
from framehouse.dialects.gateway.upload import UploadForm, opened_form
from framehouse.dialects.gateway.vendor import Vendor
from framehouse.dialects.gateway.wire import IdList, Input, NameList, Output, as_list, parse

__all__ = [
    "PAGE_MAX",
    "SUPPORTED_EXTENSIONS",
    "AnyVisitor",
    "Call",
    "Caller",
    "ErrorStyle",
    "IdList",
    "Input",
    "KeptParts",
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
    "Visitor",
    "Window",
    "as_list",
    "check_extension",
    "create_application",
    "extension_of",
    "from_any_origin",
    "links_of_installation",
    "list_answer",
    "numbered",
    "opened_form",
    "page_links",
    "parse",
    "positioned",
    "preflight",
    "refusals",
    "takes",
]

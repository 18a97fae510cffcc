"""The owners' pages: sign in, library, upload, one video; and the JSON API under them."""

from framehouse.console.app import create_console
from framehouse.console.context import ConsoleContext
from framehouse.console.sessions import SESSION_COOKIE, owner_of

__all__ = ["SESSION_COOKIE", "ConsoleContext", "create_console", "owner_of"]

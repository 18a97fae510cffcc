"""How the edge's pages are rendered: templates, JSON inside of HTML, where built scripts and styles are."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from framehouse.kernel import TemporarilyUnavailable

_TEMPLATES = Path(__file__).parent / "templates"


@cache
def templates() -> Environment:
    """Every value is escaped for HTML; a name that a page does not have is an error."""
    return Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined)


def script_safe_json(value: dict[str, Any]) -> Markup:
    """JSON that cannot end its <script> element or start a comment in it (HTML, script data states)."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704  escaped for a script element just above; HTML escapes would not be undone there


def built_assets(web_dir: Path, base_url: str) -> Mapping[str, str]:
    """URLs of the built scripts and styles by their logical names, from the build's manifest in `web_dir`; files are
    served under `base_url` (no slash at its end). Raises TemporarilyUnavailable while nothing is built.
    """
    try:
        names = json.loads((web_dir / "manifest.json").read_text())
    except FileNotFoundError as missing:
        raise TemporarilyUnavailable("The player is not built yet: run scripts/build-web.py.") from missing
    return {name: f"{base_url}/{file}" for name, file in names.items()}

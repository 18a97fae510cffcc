"""Writes the reference pages that are made from the code; `--check` says which are stale and writes nothing.

Now: docs/reference/settings.md from the settings class. Each page is a pure function of what it documents.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic.fields import FieldInfo

from framehouse.infra.settings import Settings

ROOT = Path(__file__).resolve().parent.parent

SETTINGS_HEAD = """# Settings

<!-- Written by `make docs` from src/framehouse/infra/settings.py; edit the descriptions there. -->

Every setting is an environment variable, or the same name in lower case and without the prefix in a TOML
file: `framehouse.toml` in the current directory, or the file that `FRAMEHOUSE_CONFIG` names. The environment
wins over the file, the file over the default.

| variable | type | default | what it does |
|---|---|---|---|
"""
BOUNDS = {Ge: ("ge", "at least"), Gt: ("gt", "above"), Le: ("le", "at most"), Lt: ("lt", "below")}


def type_name(annotation: Any) -> str:
    """A type as a person who sets an environment variable thinks of it."""
    origin = get_origin(annotation)
    if origin in (Union, UnionType):
        return " or ".join(type_name(part) for part in get_args(annotation) if part is not NoneType)
    names = {str: "text", int: "integer", float: "number", bool: "true or false", Path: "path"}
    return names.get(annotation, getattr(annotation, "__name__", str(annotation)))


def limits(field: FieldInfo) -> str:
    found = [
        f"{words} {getattr(entry, attribute)}"
        for entry in field.metadata
        for kind, (attribute, words) in BOUNDS.items()
        if isinstance(entry, kind)
    ]
    return f" ({', '.join(found)})" if found else ""


def default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=False)
    if value is None or value == "":
        return "none"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def settings_page() -> str:
    rows: list[str] = []
    for name, field in Settings.model_fields.items():
        if not field.description:
            raise SystemExit(f"Settings.{name} has no description; say what it does.")
        text = " ".join(field.description.split()).replace("|", "\\|")
        variable = f"FRAMEHOUSE_{name.upper()}"
        rows.append(f"| `{variable}` | {type_name(field.annotation)}{limits(field)} | {default(field)} | {text} |")
    return SETTINGS_HEAD + "\n".join(rows) + "\n"


PAGES: dict[str, Callable[[], str]] = {"docs/reference/settings.md": settings_page}


def main(only_check: bool) -> int:
    stale: list[str] = []
    for name, write in PAGES.items():
        path, text = ROOT / name, write()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if not only_check:
                path.write_text(text, encoding="utf-8")
    if only_check and stale:
        print(f"Stale: {', '.join(stale)}. Run `make docs`.")
        return 1
    print(f"Written: {', '.join(stale)}" if stale else "All reference pages are up to date.")
    return 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))

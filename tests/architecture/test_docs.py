"""Documentation that is wrong fails: dead links, pages nobody links to, ADRs and design pages without their parts."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, files

LINK = re.compile(r"(?<!!)\[[^\]\[]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
ADR_PARTS = ["## Context", "## Choice", "## Good, because", "## Bad, because"]


def pages() -> list[Path]:
    return [ROOT / source.path for source in files(".md")]


def prose(text: str) -> str:
    """The text without code, where brackets are not links and `#` is not a heading."""
    return re.sub(r"`[^`\n]*`", "", FENCE.sub("", text))


def links(text: str) -> Iterator[str]:
    for found in LINK.finditer(prose(text)):
        target = found.group(1) or found.group(2)
        if not re.match(r"[a-z][a-z0-9+.-]*:", target):
            yield target


def anchors(text: str) -> set[str]:
    """Anchors of the headings as GitHub and most renderers make them."""
    headings = re.findall(r"^#+ +(.+?) *$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.replace("`", "")).lower().replace(" ", "-") for heading in headings}


def dead_links(page: Path, text: str) -> list[str]:
    dead: list[str] = []
    for target in links(text):
        name, _, anchor = target.partition("#")
        goal = (page.parent / name).resolve() if name else page
        if not goal.exists() or not goal.is_relative_to(ROOT):
            dead.append(target)
        elif anchor and goal.suffix == ".md":
            goal_text = text if goal == page else goal.read_text(encoding="utf-8")
            if anchor not in anchors(goal_text):
                dead.append(target)
    return dead


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_links_are_alive(page: Path) -> None:
    assert dead_links(page, page.read_text(encoding="utf-8")) == []


def test_every_page_is_linked_from_another() -> None:
    linked = {
        (page.parent / target.partition("#")[0]).resolve()
        for page in pages()
        for target in links(page.read_text(encoding="utf-8"))
        if target.partition("#")[0]
    }
    docs = [page for page in pages() if page.is_relative_to(ROOT / "docs")]
    assert [str(page.relative_to(ROOT)) for page in docs if page not in linked] == []


def test_adrs_are_numbered_without_gaps_and_complete() -> None:
    adrs = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
    assert [path.name[:4] for path in adrs] == [f"{number:04}" for number in range(1, len(adrs) + 1)]
    incomplete = {path.name: part for path in adrs for part in ADR_PARTS if part not in path.read_text("utf-8")}
    assert not incomplete


def test_design_pages_say_what_they_do_not_want() -> None:
    design = sorted((ROOT / "docs" / "design").glob("*.md"))
    assert design
    assert [path.name for path in design if "## Not goals" not in path.read_text("utf-8")] == []


def test_the_checks_bite() -> None:
    page = ROOT / "README.md"
    text = "# One thing\n[a](LICENSE) [b](nowhere.md) [c](#one-thing) [d](#another) [e](https://example.com/x)\n"
    text += "```\n[f](nowhere.md)\n```\n`[g](nowhere.md)` [h](../outside.md)\n"
    assert dead_links(page, text) == ["nowhere.md", "#another", "../outside.md"]

"""What the architecture checks look at: the files of this checkout, and what a check says about them.

A rule is a plain function from one `Source` to its findings, so that each rule is tried on a bad sample as
well as on the real tree. Excused findings stand in `exceptions.toml`, each with its reason.
"""

import ast
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {
    ".git", ".venv", "node_modules", "dist", "build", "data", "web", "__pycache__",
    ".pytest_cache", ".ruff_cache", ".hypothesis", ".import_linter_cache",
}  # fmt: skip


@dataclass(frozen=True)
class Source:
    """One file: its path relative to the checkout and its text."""

    path: PurePosixPath
    text: str

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, filename=str(self.path))

    @property
    def room(self) -> str:
        """The room inside src/framehouse, `""` for the package's own top and for everything outside."""
        parts = self.path.parts
        return parts[2] if parts[:2] == ("src", "framehouse") and len(parts) > 3 else ""


@dataclass(frozen=True)
class Finding:
    rule: str
    where: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.where}:{self.line}: {self.message} [{self.rule}]"


Rule = Callable[[Source], Iterable[Finding]]


def sample(path: str, text: str) -> Source:
    return Source(PurePosixPath(path), text)


def files(*suffixes: str) -> Iterator[Source]:
    """Our own text files with one of the suffixes; built, installed and cached things are left out."""
    for folder, names, found in _walk(ROOT):
        names[:] = sorted(name for name in names if name not in NOT_OURS and not name.endswith(".egg-info"))
        for name in sorted(found):
            path = folder / name
            if path.suffix in suffixes and not path.is_symlink():
                yield Source(PurePosixPath(path.relative_to(ROOT).as_posix()), path.read_text(encoding="utf-8"))


def _walk(root: Path) -> Iterator[tuple[Path, list[str], list[str]]]:
    """As `Path.walk` of Python 3.12: names removed from the second list are not entered."""
    folders = [root]
    while folders:
        folder = folders.pop()
        entries = list(folder.iterdir())
        names = [entry.name for entry in entries if entry.is_dir() and not entry.is_symlink()]
        yield folder, names, [entry.name for entry in entries if entry.is_file()]
        folders += [folder / name for name in names]


def product_modules() -> Iterator[Source]:
    return (source for source in files(".py") if source.path.parts[:2] == ("src", "framehouse"))


@dataclass(frozen=True)
class Exceptions:
    """Excused findings by rule and place."""

    reasons: dict[tuple[str, str], str]

    def allow(self, finding: Finding) -> bool:
        return (finding.rule, finding.where) in self.reasons


def load_exceptions() -> Exceptions:
    path = Path(__file__).with_name("exceptions.toml")
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("exception", [])
    return Exceptions({(entry["rule"], entry["where"]): entry["reason"] for entry in entries})


def check(rule: Rule, sources: Iterable[Source]) -> list[str]:
    """What the rule finds and nobody excused, as lines for the person who has to repair it."""
    excused = load_exceptions()
    return [str(finding) for source in sources for finding in rule(source) if not excused.allow(finding)]

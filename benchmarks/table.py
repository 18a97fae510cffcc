"""What a benchmark says: one table, what was to be reached, and notes. Written as text and as Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Verdict:
    """One figure of the design beside the one that was seen."""

    what: str
    reach: str
    seen: str
    is_reached: bool

    def __str__(self) -> str:
        return f"{'reached' if self.is_reached else 'NOT reached'}: {self.what}: {self.seen} (reach: {self.reach})"


@dataclass
class Table:
    columns: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list[Sequence[str]])
    verdicts: list[Verdict] = field(default_factory=list[Verdict])
    notes: list[str] = field(default_factory=list[str])

    def add(self, *cells: str) -> None:
        self.rows.append(cells)

    def text(self) -> str:
        lines = [self.columns, *self.rows]
        widths = [max(len(line[number]) for line in lines) for number in range(len(self.columns))]
        shown = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines]
        shown.insert(1, "  ".join("-" * width for width in widths))
        return "\n".join([*(line.rstrip() for line in shown), *map(str, self.verdicts), *self.notes])

    def markdown(self) -> str:
        lines = [self.columns, ["---"] * len(self.columns), *self.rows]
        table = "\n".join("| " + " | ".join(line) + " |" for line in lines)
        told = [f"- {verdict}" for verdict in self.verdicts] + [f"- {note}" for note in self.notes]
        return table + "\n\n" + "\n".join(told) + "\n"

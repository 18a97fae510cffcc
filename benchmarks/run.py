"""What every benchmark is given: whether to hurry, a folder for its files, and the tools. Nothing is measured here."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from framehouse.infra.settings import Settings
from framehouse.infra.tools import Tools, locate_tools

LIMIT_S = 480
QUICK_LIMIT_S = 60


class NotMeasured(Exception):
    """A benchmark cannot run here; the message says what is missing."""


@dataclass(frozen=True)
class Run:
    quick: bool
    folder: Path
    limit_s: int

    @property
    def budget_s(self) -> float:
        """For the repetitions; the rest of the limit is for making media and starting things."""
        return self.limit_s * 0.6

    @cached_property
    def tools(self) -> Tools:
        return locate_tools(Settings.model_validate({}))

    def new_folder(self, name: str) -> Path:
        folder = self.folder / name
        folder.mkdir()
        return folder

"""Engines of an installation with the given settings."""

from pathlib import Path

from framehouse.infra.settings import Settings
from framehouse.speech import InstalledEngines


def configured(folder: Path, **settings: object) -> Settings:
    return Settings(**{"data_dir": folder, **settings})  # type: ignore[arg-type]  # pydantic checks them


def engines(folder: Path, **settings: object) -> InstalledEngines:
    return InstalledEngines(configured(folder, **settings))

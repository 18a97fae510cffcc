"""The dialects' small installation, and the crowd in it, for figures that several of them answer."""

from tests.audience.bench import bench
from tests.dialects.conftest import house, migrated_file

__all__ = ["bench", "house", "migrated_file"]

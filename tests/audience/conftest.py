"""The dialects' small installation, for figures that several of them answer."""

from tests.dialects.conftest import house, migrated_file

__all__ = ["house", "migrated_file"]

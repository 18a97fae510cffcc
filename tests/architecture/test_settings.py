"""A setting that nobody reads promises an effect it does not have."""

from framehouse.infra.settings import Settings
from tests.architecture.source import ROOT


def test_every_setting_is_read_somewhere() -> None:
    sources = [
        path.read_text(encoding="utf-8")
        for path in (ROOT / "src" / "framehouse").rglob("*.py")
        if path.name != "settings.py"
    ]
    own = (ROOT / "src/framehouse/infra/settings.py").read_text(encoding="utf-8")
    unread = [
        name
        for name in Settings.model_fields
        if not any(f"settings.{name}" in text or f"settings().{name}" in text for text in sources)
        and f"self.{name}" not in own
    ]
    assert not unread, f"read by nobody: {', '.join(unread)}"

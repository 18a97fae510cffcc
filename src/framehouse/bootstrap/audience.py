"""Where the audience process and the analytics engine are, and the audience room's context over them.

The audience process writes its address into the data folder when it starts; processes on other machines are told it by
a setting. Both know its key from the installation's own.
"""

import json
import os
from pathlib import Path

import msgspec

from framehouse.audience import AudienceContext, Places, RemoteIntake, ReportTickets
from framehouse.infra.analytics import ClickHouse, EngineUnavailable, Location, parse_location
from framehouse.infra.secretbox import SecretBox
from framehouse.infra.settings import Settings
from framehouse.kernel import Clock

ADDRESS_FILE = "audience.json"
FOLDER = "audience"


def audience_key(secrets: SecretBox) -> str:
    return secrets.derive("audience-process").hex()


def audience_folder(settings: Settings) -> Path:
    """The journal and the embedded engine's data."""
    return settings.data_dir.absolute() / FOLDER


def announce(settings: Settings, url: str) -> None:
    """The audience process is reached there from now on; readers see the whole file or the one before."""
    path = settings.data_dir / ADDRESS_FILE
    temporary = path.with_suffix(f".{os.getpid()}")
    temporary.write_text(json.dumps({"url": url}))
    temporary.replace(path)


class AudienceAddress:
    """Calling it gives the audience process's address. Raises EngineUnavailable before its first start."""

    def __init__(self, settings: Settings, secrets: SecretBox) -> None:
        self._given = settings.audience_url
        self._path = settings.data_dir / ADDRESS_FILE
        self._key = audience_key(secrets)
        self._found: tuple[int, Location] | None = None

    def __call__(self) -> Location:
        if self._given is not None:
            return Location(self._given.rstrip("/"), key=self._key)
        try:
            version = self._path.stat().st_mtime_ns
            if self._found is None or self._found[0] != version:
                url = msgspec.json.decode(self._path.read_bytes(), type=dict[str, str])["url"]
                self._found = (version, Location(url, key=self._key))
        except (OSError, KeyError, msgspec.MsgspecError) as error:
            raise EngineUnavailable("The audience process has not started yet.") from error
        return self._found[1]


def open_audience(settings: Settings, secrets: SecretBox, clock: Clock) -> AudienceContext:
    """Connects nothing yet. Questions go to the audience process, or straight to ClickHouse where one is set."""
    address = AudienceAddress(settings, secrets)
    given = parse_location(settings.analytics_url) if settings.analytics_url is not None else None
    return AudienceContext(
        engine=ClickHouse(address if given is None else lambda: given),
        intake=RemoteIntake(address),
        tickets=ReportTickets(secrets),
        places=Places(settings.geoip_database),
        clock=clock,
        keep_address=settings.audience_addresses,
        consent_required=settings.audience_consent == "required",
        report_every_ms=round(settings.audience_report_s * 1000),
    )

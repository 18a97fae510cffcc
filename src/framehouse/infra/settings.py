"""All settings of an installation in one typed class.

Values come from the environment (`FRAMEHOUSE_…`), then from the TOML file that `FRAMEHOUSE_CONFIG`
names (default `framehouse.toml` in the current directory), then from the defaults here.
"""

import os
from pathlib import Path
from typing import Literal, cast

from pydantic import Field, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from framehouse.infra.outgoing.networks import parse_networks

GIB = 1024**3


class Settings(BaseSettings):
    """Every field is documented in `docs/reference/settings.md`, which is generated from here."""

    model_config = SettingsConfigDict(env_prefix="FRAMEHOUSE_", extra="forbid")

    host: str = Field("127.0.0.1", description="Address that the HTTP server listens on.")
    port: int = Field(8080, ge=1, le=65535, description="Port of the HTTP server.")
    data_dir: Path = Field(
        Path("./data"), description="Folder of the database, the media, scratch files and the installation's key."
    )
    public_url: str | None = Field(
        None,
        description="Base URL under which clients and viewers reach the installation; "
        "without it the links carry the scheme and host of each request.",
    )
    database_url: str | None = Field(
        None,
        description="SQLAlchemy URL of the metadata database: `sqlite:///path` or `postgresql://…`. "
        "Default: `framehouse.sqlite` in the data folder.",
    )
    storage_url: str | None = Field(
        None,
        description="Where media bytes live: `file:///path` or `s3://bucket/prefix?endpoint=…&region=…`. "
        "Default: `media` in the data folder.",
    )
    scratch_dir: Path | None = Field(
        None, description="Working files of encodes. Default: `scratch` in the data folder."
    )
    ffmpeg: str | None = Field(None, description="Path of an ffmpeg to use instead of the bundled one.")
    ffprobe: str | None = Field(None, description="Path of an ffprobe to use instead of the bundled one.")
    packager: str | None = Field(None, description="Path of a Shaka Packager to use instead of the bundled one.")
    encode_workers: int = Field(1, ge=0, le=64, description="Worker processes that `framehouse serve` starts.")
    encodes_per_worker: int = Field(1, ge=1, le=64, description="Chunks that one worker encodes at the same time.")
    chunk_s: int = Field(
        60, ge=4, le=3600, description="Length of the chunks that long sources are encoded in, in seconds."
    )
    encode_niceness: int = Field(
        10, ge=0, le=19, description="Niceness of encodes, so that they yield to requests and live."
    )
    upload_max_bytes: int = Field(64 * GIB, ge=1, description="Largest source file that is accepted, in bytes.")
    upload_expires_s: int = Field(7 * 86400, ge=60, description="How long an unfinished upload is kept, in seconds.")
    free_space_min_bytes: int = Field(
        GIB // 2, ge=0, description="Uploads are refused when less than this is free on the storage's disk."
    )
    fetch_timeout_s: int = Field(
        6 * 3600, ge=1, le=86400, description="Time limit of one try to fetch a source from a URL, in seconds."
    )
    outgoing_private_networks: str = Field(
        "",
        description="Networks that are not public and that URLs of tenants (sources to fetch, webhooks) may still lead "
        "to: `10.0.0.0/8, fd00::/8`, or `true` for all. Default: none.",
    )
    probe_timeout_s: int = Field(60, ge=1, description="Time limit of one inspection of a source, in seconds.")
    encode_timeout_s: int = Field(6 * 3600, ge=10, description="Time limit of one chunk's encode, in seconds.")
    speech_model: Path | None = Field(
        None,
        description="Folder of a Whisper model converted for CTranslate2, by which speech is recognised. Without it "
        "only English is, by a draft engine.",
    )
    translation_model: Path | None = Field(
        None,
        description="Folder of an NLLB-200 or M2M-100 model converted for CTranslate2, with its "
        "`sentencepiece.bpe.model`, by which captions are translated. Without it Apertium does where it is installed.",
    )
    apertium: str = Field("apertium", description="Name or path of the `apertium` command; empty: it is not used.")
    speech_timeout_s: int = Field(
        12 * 3600, ge=10, description="Time limit of recognising or translating one video's captions, in seconds."
    )
    speech_memory_bytes: int = Field(
        8 * GIB, ge=GIB, description="Memory (address space) that the engine of one such job may use, in bytes."
    )
    cutter_processes: int = Field(2, ge=1, le=32, description="Confined processes that cut segments on demand.")
    publish_first: bool = Field(True, description="Publish browser-playable sources at once, before they are encoded.")
    default_preset: str = Field("dash_hls_1080p", description="Preset of uploads that name none.")
    default_downloads: bool = Field(True, description="Make MP4 downloads for uploads whose API has no preset.")
    ticket_min_s: int = Field(6 * 3600, ge=60, description="Shortest life of a playback ticket, in seconds.")
    rate_limit_per_minute: int = Field(6000, ge=1, description="API requests a minute that one tenant may make.")
    sproutvideo_rate_limit_status: int = Field(
        503, description="Status of SproutVideo's rate limit answer: 503 as documented, or 429."
    )
    adilo_hosts: str = Field("adilo-api.bigcommand.com", description="Host names that are answered as Adilo's API.")
    sproutvideo_hosts: str = Field(
        "api.sproutvideo.com", description="Host names that are answered as SproutVideo's API."
    )
    signed_embed_hosts: str = Field(
        "videos.sproutvideo.com",
        description="Host names that a signed embed's signature may name, besides those under which we are reached.",
    )
    trusted_proxies: str = Field(
        "",
        description="Addresses and networks (CIDR) of proxies in front, separated by commas: only from these do "
        "X-Forwarded-For, -Proto and -Host count.",
    )
    analytics_url: str | None = Field(
        None,
        description="ClickHouse that keeps the audience's facts: `http(s)://user:password@host:8123/database`. "
        "Default: an engine inside the audience process.",
    )
    analytics_memory_bytes: int = Field(
        2 * GIB, ge=GIB // 4, description="Memory that one question to the embedded engine may use, in bytes."
    )
    audience_host: str = Field("127.0.0.1", description="Address that the audience process listens on.")
    audience_port: int = Field(0, ge=0, le=65535, description="Its port; 0 chooses a free one.")
    audience_url: str | None = Field(
        None,
        description="Base URL of the audience process for processes on other machines. "
        "Default: what it wrote into the data folder.",
    )
    audience_journal_max_bytes: int = Field(
        GIB, ge=1 << 20, description="Reports are put off when more facts than this wait for the engine, in bytes."
    )
    audience_retention_days: int = Field(1830, ge=1, description="How long the audience's facts are kept, in days.")
    audience_report_s: float = Field(10, ge=1, le=600, description="Pause between two reports of a player, in seconds.")
    audience_consent: Literal["assumed", "required"] = Field(
        "assumed",
        description="`required`: viewers are named and recognised only where the embed's query says `consent=1`; "
        "otherwise they are counted without anything that lasts.",
    )
    audience_do_not_track: bool = Field(
        True, description="Whether a browser's `DNT: 1` or `Sec-GPC: 1` is taken for a refused consent."
    )
    audience_addresses: Literal["full", "truncated", "none"] = Field(
        "full", description="How viewers' addresses are kept: `truncated` to /24 (IPv4) or /48 (IPv6)."
    )
    geoip_database: Path | None = Field(
        None, description="A GeoIP city database (MaxMind's format) for countries, regions and cities of viewers."
    )
    ibm_hosts: str = Field(
        "analytics-api.video.ibm.com, video.ibm.com", description="Host names that are answered as IBM's API."
    )
    videokit_hosts: str = Field(
        "*.api.videokit.cloud",
        description="Host names that are answered as Cloud Video Kit's API; `*.` stands for any first label.",
    )
    sample_video: bool = Field(True, description="Publish a short generated sample on the first start.")
    worker_lease_s: int = Field(
        10, ge=2, description="A worker that did not renew its lease for this long is taken for dead, in seconds."
    )
    housekeeping_s: int = Field(
        60, ge=1, description="Pause between two rounds in which a worker removes what expired, in seconds."
    )
    finished_work_days: int = Field(14, ge=1, description="How long the records of finished work are kept, in days.")
    log_level: str = Field("INFO", description="Lowest level that is logged.")
    log_format: str = Field("auto", description="`json`, `text`, or `auto`: text on a terminal and JSON elsewhere.")

    @field_validator("outgoing_private_networks", mode="before")
    @classmethod
    def _are_networks(cls, given: object) -> str:
        """A TOML file may have `true` or a list."""
        text = ", ".join(map(str, cast("list[object]", given))) if isinstance(given, list) else str(given)
        parse_networks(text)
        return text

    @property
    def database_location(self) -> str:
        return self.database_url or f"sqlite:///{(self.data_dir / 'framehouse.sqlite').absolute()}"

    @property
    def storage_location(self) -> str:
        return self.storage_url or f"file://{(self.data_dir / 'media').absolute()}"

    @property
    def scratch_location(self) -> Path:
        return (self.scratch_dir or self.data_dir / "scratch").absolute()

    @property
    def local_url(self) -> str:
        """Base URL when no request and no public URL says better."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104  (compared, not bound)
        return (self.public_url or f"http://{host}:{self.port}").rstrip("/")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        del dotenv_settings, file_secret_settings
        file = Path(os.environ.get("FRAMEHOUSE_CONFIG", "framehouse.toml"))
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=file)

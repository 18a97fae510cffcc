"""The recipes a client can name, as data. A preset with `_drm` is the same one with encrypted segments."""

from dataclasses import replace

from framehouse.kernel.errors import InvalidInput
from framehouse.transcoding.model import OutputKind, Preset

_CLEAR = (
    Preset("dash_hls_2160p", "DASH and HLS, up to 2160p (4K)", OutputKind.ADAPTIVE, 2160, False, False),
    Preset("dash_hls_1080p", "DASH and HLS, up to 1080p", OutputKind.ADAPTIVE, 1080, False, False),
    Preset("dash_hls_720p", "DASH and HLS, up to 720p", OutputKind.ADAPTIVE, 720, False, False),
    Preset("mp4", "MP4 file for download, up to 1080p", OutputKind.DOWNLOAD, 1080, False, True),
    Preset("audio", "Sound only: HLS, DASH and an MP4 file", OutputKind.AUDIO, 0, False, True),
)


def _protected(preset: Preset) -> Preset:
    # What can be downloaded cannot be protected: the protected twin has no file.
    description = f"{preset.description}, protected"
    if preset.kind is OutputKind.DOWNLOAD:
        description = "Protected DASH and HLS with one rendition, up to 1080p"
    return replace(
        preset,
        name=f"{preset.name}_drm",
        description=description,
        is_protected=True,
        creates_download=False,
    )


PRESETS: dict[str, Preset] = {p.name: p for clear in _CLEAR for p in (clear, _protected(clear))}


def find_preset(name: str) -> Preset:
    """The preset of this name. Raises InvalidInput that lists the names there are."""
    preset = PRESETS.get(name)
    if preset is None:
        message = f"There is no preset {name!r}. Choose one of: {', '.join(sorted(PRESETS))}."
        raise InvalidInput(message, fields={"preset": "unknown"})
    return preset

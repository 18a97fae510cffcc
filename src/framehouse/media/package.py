"""Argument vectors that put encoded renditions into CMAF segments (Shaka Packager) and MP4 downloads (ffmpeg).

Manifests for players are written by `hls` and `dash`; the playlists Packager writes here only tell the segments'
durations. Keys come and go as an argument here; where they are kept is not this module's business.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from framehouse.kernel.errors import InvalidInput
from framehouse.media.encode import input_argv
from framehouse.media.language import to_iso639_2

_UNSAFE_IN_DESCRIPTOR = frozenset(",\n\r$")


@dataclass(frozen=True)
class PackagedTrack:
    """One encoded file and the folder name its segments get."""

    track_id: str
    kind: str
    """`video` or `audio`."""
    source: Path
    language: str = ""


@dataclass(frozen=True)
class ContentKey:
    """One AES-128 key for all tracks of a video (ISO/IEC 23001-7)."""

    key_id: bytes
    key: bytes

    def __post_init__(self) -> None:
        if len(self.key_id) != 16 or len(self.key) != 16:
            raise InvalidInput("A content key and its id have 16 bytes each.")

    def __repr__(self) -> str:
        return f"ContentKey(key_id={self.key_id.hex()})"


def packager_argv(
    packager: str | Path,
    tracks: Sequence[PackagedTrack],
    folder: Path,
    segment_s: Fraction,
    *,
    flag_file: Path | None = None,
) -> list[str]:
    """CMAF of every track: `{track}/init.mp4`, `{track}/1.m4s`…, `{track}/playlist.m3u8` under `folder`.

    `segment_s` is the ladder's segment duration; `flag_file` holds `key_flags` of a protected video. The track
    folders must exist. Raises InvalidInput for a path Packager's descriptors cannot spell.
    """
    argv = [str(packager), *(_descriptor(track, folder) for track in tracks)]
    argv += [
        # Just below the grid: Packager cuts at the first key frame past k times this, and k times a value
        # rounded upwards would one day miss the key frame on the grid.
        *("--segment_duration", f"{float(segment_s) - 0.0005:.6f}"),
        # One fragment per segment: players append whole segments.
        *("--fragment_duration", f"{float(segment_s) - 0.0005:.6f}"),
        # Segment templates mean a live manifest to Packager unless told otherwise.
        "--generate_static_live_mpd",
        # Index boxes in segments serve byte-range addressing, which is not used.
        "--generate_sidx_in_media_segments=false",
        *("--mpd_output", str(folder / "packager.mpd")),
        *("--hls_master_playlist_output", str(folder / "packager.m3u8")),
        "--quiet",
    ]
    if flag_file is not None:
        argv += [
            # A key in an argument list can be read by every process of the machine; in a file of mode 0600 not.
            f"--flagfile={flag_file}",
            "--enable_raw_key_encryption",
            # The one scheme that FairPlay, Widevine, PlayReady and ClearKey all decrypt.
            *("--protection_scheme", "cbcs"),
            # Protected means from the first segment on.
            *("--clear_lead", "0"),
            # The common PSSH box names the key only; vendors' boxes are added by those who have the vendor.
            *("--protection_systems", "CommonSystem"),
        ]
    return argv


def key_flags(key: ContentKey) -> str:
    """Text of the flag file that carries a key to Packager; to be written with mode 0600 and removed afterwards."""
    return f"--keys=label=:key_id={key.key_id.hex()}:key={key.key.hex()}\n"


def _descriptor(track: PackagedTrack, folder: Path) -> str:
    out = folder / track.track_id
    if _UNSAFE_IN_DESCRIPTOR & set(f"{track.source}{out}{track.language}"):
        raise InvalidInput("A path with a comma, a dollar sign or a line break cannot be packaged.")
    fields = [
        f"in={track.source}",
        f"stream={track.kind}",
        f"init_segment={out}/init.mp4",
        f"segment_template={out}/$Number$.m4s",
        f"playlist_name={track.track_id}/playlist.m3u8",
    ]
    if track.language and track.language != "und":
        fields.append(f"lang={track.language}")
    return ",".join(fields)


@dataclass(frozen=True)
class DownloadTrack:
    """One encoded file that goes into a download."""

    source: Path
    language: str = "und"
    title: str = ""
    is_default: bool = False


def download_argv(
    ffmpeg: str | Path, video: Path | None, audio: Sequence[DownloadTrack], output: Path, *, title: str = ""
) -> list[str]:
    """One MP4 from a joined rung and audio renditions, copied; its index first, so that it plays while it loads."""
    argv = [str(ffmpeg), "-nostdin", "-hide_banner", "-loglevel", "error", "-y"]
    for source in [*([video] if video else []), *(track.source for track in audio)]:
        argv += input_argv(source)
    inputs = len(audio) + (1 if video else 0)
    argv += [argument for number in range(inputs) for argument in ("-map", f"{number}:0")]
    argv += ["-c", "copy", "-map_metadata", "-1", "-map_chapters", "-1"]
    if title:
        argv += ["-metadata", f"title={title}"]
    for number, track in enumerate(audio):
        argv += [f"-metadata:s:a:{number}", f"language={to_iso639_2(track.language)}"]
        if track.title:
            argv += [f"-metadata:s:a:{number}", f"title={track.title}"]
        argv += [f"-disposition:a:{number}", "default" if track.is_default else "0"]
    # faststart moves the index to the front in a second pass over the finished file; bitexact: no encoder name.
    return [*argv, "-fflags", "+bitexact", "-movflags", "+faststart", "-f", "mp4", f"file:{output}"]

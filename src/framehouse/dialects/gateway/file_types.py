"""File name extensions that are taken for media. What a file really is, its inspection says."""

from pathlib import PurePosixPath

from framehouse.dialects.gateway.errors import UnsupportedFileType

VIDEO_EXTENSIONS = (
    "3g2", "3gp", "asf", "avi", "divx", "dv", "f4v", "flv", "gif", "h264", "hevc", "ivf", "m1v", "m2p", "m2t",
    "m2ts", "m2v", "m4v", "mjpeg", "mkv", "mov", "mp4", "mpe", "mpeg", "mpg", "mpg4", "mts", "mxf", "nut", "ogm",
    "ogv", "qt", "rm", "rmvb", "ts", "vob", "webm", "wmv", "y4m",
)  # fmt: skip
AUDIO_EXTENSIONS = (
    "aac", "ac3", "aif", "aiff", "amr", "caf", "eac3", "flac", "m4a", "m4b", "mka", "mp2", "mp3", "oga", "ogg",
    "opus", "wav", "weba", "wma",
)  # fmt: skip
SUPPORTED_EXTENSIONS = tuple(sorted(VIDEO_EXTENSIONS + AUDIO_EXTENSIONS))


def extension_of(file_name: str) -> str:
    """In lower case and without its dot; empty when there is none."""
    return PurePosixPath(file_name).suffix[1:].lower()


def check_extension(file_name: str) -> None:
    """UnsupportedFileType for an extension that is no media's; a name without one is left to the inspection."""
    extension = extension_of(file_name)
    if extension and extension not in SUPPORTED_EXTENSIONS:
        known = ", ".join(SUPPORTED_EXTENSIONS)
        raise UnsupportedFileType(
            f"files of the type .{extension[:20]} are not supported; supported are {known}", SUPPORTED_EXTENSIONS
        )

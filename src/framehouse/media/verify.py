"""Argument vector for decoding finished pieces of media and keeping nothing but the decoder's complaints."""

from collections.abc import Sequence
from pathlib import Path

from framehouse.media.encode import input_argv


def decode_argv(ffmpeg: str | Path, media: Sequence[Path], key: bytes | None = None) -> list[str]:
    """Decode every frame of each file, in one process; complaints go to standard error, frames nowhere.

    `key` opens `cbcs` and `cenc`.
    """
    argv = [str(ffmpeg), "-nostdin", "-hide_banner", "-loglevel", "error"]
    # corrupt data is an error and ends the decoding instead of being concealed
    argv += ["-xerror"]
    for file in media:
        argv += ["-err_detect", "explode"]
        if key is not None:
            argv += ["-decryption_key", key.hex()]
        argv += input_argv(file)
    for number in range(len(media)):
        argv += ["-map", str(number)]
    return [*argv, "-f", "null", "-"]

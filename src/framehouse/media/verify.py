"""Argument vector for decoding a finished piece of media and keeping nothing but the decoder's complaints."""

from pathlib import Path

from framehouse.media.encode import input_argv


def decode_argv(ffmpeg: str | Path, media: Path, key: bytes | None = None) -> list[str]:
    """Decode every frame of a file; complaints go to standard error, frames nowhere. `key` opens `cbcs` and `cenc`."""
    argv = [str(ffmpeg), "-nostdin", "-hide_banner", "-loglevel", "error"]
    # corrupt data is an error and ends the decoding instead of being concealed
    argv += ["-err_detect", "explode", "-xerror"]
    if key is not None:
        argv += ["-decryption_key", key.hex()]
    return [*argv, *input_argv(media), "-map", "0", "-f", "null", "-"]

"""Judgement of a probed file: is there anything to play, and may browsers get its streams as they are?

Key frames are not judged here: they need the index, which the segment plan reads.
"""

from framehouse.media.info import AudioTrack, MediaInfo, VideoTrack

MAX_SIDE_PX = 16384
_BROWSER_PROFILES = frozenset({"High", "Main", "Baseline", "Constrained Baseline", "Constrained High"})
_STILL_FORMATS = frozenset({"image2", "png_pipe", "jpeg_pipe", "webp_pipe", "bmp_pipe", "tiff_pipe", "svg_pipe"})


def reason_unplayable(info: MediaInfo) -> str | None:
    """A sentence for the person who uploaded the file, or None when there is something to play."""
    if info.size_bytes == 0:
        return "The file is empty (0 bytes)."
    if not info.container or "tty" in info.container:
        return "This is not a video or audio file, or its beginning or index is missing."
    if info.video is None and not info.audio:
        return "The file has neither a video nor an audio track."
    if _STILL_FORMATS & set(info.container):
        return "The file is a still picture, not a video."
    video = info.video
    if video is not None:
        if not video.codec:
            return "The video track's codec is unknown."
        if video.width <= 0 or video.height <= 0 or not video.pix_fmt:
            return "The video track is damaged: the size of its picture cannot be read."
        if max(video.width, video.height, video.display_width, video.display_height) > MAX_SIDE_PX:
            return f"The picture is {video.width}x{video.height}; a side may have at most {MAX_SIDE_PX} pixels."
    if info.duration_ms <= 0 and {"mov", "mp4"} & set(info.container):
        # Other containers may be written without a length (a browser's recording): their copy will have one.
        return "The file has no duration: it holds no frame, or it was cut off while it was written."
    return None


def is_browser_playable(info: MediaInfo) -> tuple[bool, str]:
    """Whether browsers play the streams as they are (H.264 8-bit 4:2:0 progressive, AAC-LC), with the reason.

    Says nothing about key frames: that needs the index and is the segment plan's judgement.
    """
    reason = _video_obstacle(info.video) if info.video else None
    for track in info.audio:
        reason = reason or _audio_obstacle(track)
    if reason is None and not info.has_reliable_index:
        reason = f"the container ({'/'.join(info.container)}) has no seekable index"
    return (False, reason) if reason else (True, "H.264 and AAC as browsers play them")


def _video_obstacle(video: VideoTrack) -> str | None:
    checks = (
        (video.codec != "h264", f"the video codec is {video.codec}, not H.264"),
        (video.pix_fmt not in {"yuv420p", "yuvj420p"}, f"the pixel format is {video.pix_fmt}, not 8-bit 4:2:0"),
        (video.profile not in _BROWSER_PROFILES, f"the H.264 profile is {video.profile}"),
        (video.is_interlaced, "the video is interlaced"),
        (video.is_hdr, "the video is HDR"),
        (video.rotation_degrees != 0, "the video is rotated by its container"),
        (video.level > 52, f"the H.264 level is {video.level / 10}"),
        (max(video.width, video.height) > 4096, f"the picture is {video.width}x{video.height}"),
        (video.frame_rate > 61, f"the frame rate is {float(video.frame_rate):g}"),
        (min(video.width, video.height) < 16, "the picture is smaller than one macroblock"),
    )
    return next((reason for is_bad, reason in checks if is_bad), None)


def _audio_obstacle(track: AudioTrack) -> str | None:
    if track.codec != "aac" or track.profile != "LC":
        return f"an audio track is {track.codec} {track.profile}".rstrip() + ", not AAC-LC"
    if track.channels > 6 or not 8000 <= track.sample_rate_hz <= 96000:
        return f"an audio track has {track.channels} channels at {track.sample_rate_hz} Hz"
    return None

"""Reading of ffmpeg's `-progress` lines. Which share of a job they stand for is the caller's arithmetic."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Progress:
    """What ffmpeg has written so far; `is_end` once it has closed its outputs."""

    frames: int = 0
    out_time_ms: int = 0
    speed: float = 0.0
    is_end: bool = False

    def share_of(self, *, frames: int = 0, duration_ms: int = 0) -> float:
        """0..1 of the frames (or, for audio, of the duration) that are expected."""
        if frames:
            return min(1.0, self.frames / frames)
        return min(1.0, max(0.0, self.out_time_ms / duration_ms)) if duration_ms else 0.0


def parse_progress_line(line: str, before: Progress) -> Progress:
    """One `key=value` line applied to what was known; unknown keys and `N/A` change nothing."""
    key, _, value = line.strip().partition("=")
    value = value.strip()
    try:
        if key == "frame":
            return replace(before, frames=int(value))
        if key in {"out_time_us", "out_time_ms"}:
            # Both are microseconds; the second is a historical misnomer.
            return replace(before, out_time_ms=int(value) // 1000)
        if key == "speed":
            return replace(before, speed=float(value.rstrip("x")))
    except ValueError:
        return before
    return replace(before, is_end=True) if key == "progress" and value == "end" else before

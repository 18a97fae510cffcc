"""A film in which espeak-ng says some sentences that PocketSphinx understands."""

import shutil
from pathlib import Path

from tests.e2e.run_tools import make, run

SENTENCES = (
    "We are going to the market.",
    "We are waiting for the train.",
    "Thank you very much.",
    "We are going to New York City.",
    "We are waiting in the house.",
)
CLEAREST_VOICE = "en-us+f2"  # of those that PocketSphinx was tried with
SILENCE_S = 2  # before the first word


def spoken_film(tmp_path: Path) -> Path:
    """A small film whose sound begins late."""
    for program in ("espeak-ng", "apertium"):
        assert shutil.which(program), f"{program} is missing; install it with: scripts/install-test-servers.sh"
    inputs: list[str | Path] = ["-f", "lavfi", "-i", "testsrc2=s=160x90:r=10:d=16", "-itsoffset", str(SILENCE_S)]
    for number, sentence in enumerate(SENTENCES):
        voice = tmp_path / f"voice{number}.wav"
        run(["espeak-ng", "-v", CLEAREST_VOICE, "-s", "150", "-w", voice, sentence])
        inputs += ["-i", voice]
    numbers = range(len(SENTENCES))
    padded = ";".join(f"[{number + 1}:a]apad=pad_dur=1[a{number}]" for number in numbers)
    joined = "".join(f"[a{number}]" for number in numbers) + f"concat=n={len(numbers)}:v=0:a=1[a]"
    film = tmp_path / "spoken.mkv"
    tracks = ["-map", "0:v", "-map", "[a]", "-c:v", "mpeg4", "-c:a", "flac"]
    make(*inputs, "-filter_complex", f"{padded};{joined}", *tracks, film)
    return film

"""Two workers against one on a long source: the real platform, each worker held to a core of its own.

One ffmpeg uses all cores of a machine, so on one machine a second worker wins nothing. What is shown here is how the
durable queue, the chunks and the join scale when each worker brings its own core, as a second machine would.
"""

import os
from dataclasses import dataclass

from benchmarks.accounts import pin
from benchmarks.clips import looped, small_film
from benchmarks.figures import interleaved, median
from benchmarks.installation import installation
from benchmarks.run import NotMeasured, Run
from benchmarks.table import Table, Verdict

REACH = 1.8
_TIMES = """
SELECT v.received_at, v.complete_at, min(p.started_at) AS began, max(p.ended_at) AS ended, sum(p.cpu_s) AS cpu_s,
count(*) AS pieces
FROM videos v JOIN encode_jobs j ON j.video_id = v.id JOIN encode_pieces p ON p.job_id = j.id
WHERE v.id = :id GROUP BY v.id
"""


@dataclass(frozen=True)
class Seen:
    encode_s: float
    """From the first piece's start to the last one's end."""
    complete_s: float
    """From the upload's end to `complete`: inspection, images, packaging and verification included."""
    cpu_s: float
    pieces: int


def measure(run: Run) -> Table:
    if len(os.sched_getaffinity(0)) < 2:
        raise NotMeasured("two workers need two cores")
    cores = sorted(os.sched_getaffinity(0))[:2]
    seconds, chunk_s = (8, 4) if run.quick else (64, 8)
    clip_s = 4 if run.quick else 16
    clip = looped(run, small_film(run, clip_s), clip_s, seconds)
    ways = {
        "1 worker on one core": [[cores[0]]],
        "2 workers, a core each": [[cores[0]], [cores[1]]],
        "1 worker on both cores": [cores],
    }

    def once(places: list[list[int]]) -> Seen:
        number = len(list(run.folder.glob("workers*")))
        with installation(
            run.new_folder(f"workers{number}"),
            encode_workers=len(places),
            chunk_s=chunk_s,
            default_preset="dash_hls_720p",
            default_downloads=False,
        ) as house:
            for worker, allowed in enumerate(places, 1):
                pin(house.platform.roles()[f"worker-{worker}"], allowed)
            video = house.platform.upload(clip)
            house.platform.wait_state(video, "deployed", run.limit_s)
            return _seen(house.platform.rows(_TIMES, id=int(video, 16))[0])

    timed = {name: (lambda places=places: once(places)) for name, places in ways.items()}
    seen = interleaved(timed, rounds=1 if run.quick else 2, budget_s=run.budget_s)
    table = _table(seen)
    pieces = next(iter(seen.values()))[0].pieces
    table.notes += [
        f"{seconds} s of 720p30 H.264, preset dash_hls_720p, {pieces} pieces: chunks of {chunk_s} s and the sound.",
        "This machine can show two workers of one core each, and that one worker already uses both cores.",
        "It cannot show two machines of many cores, nor a network between them.",
    ]
    return table


def _seen(row: dict[str, int]) -> Seen:
    """SQLite keeps microseconds."""
    return Seen(
        (row["ended"] - row["began"]) / 1e6,
        (row["complete_at"] - row["received_at"]) / 1e6,
        row["cpu_s"],
        row["pieces"],
    )


def _table(seen: dict[str, list[Seen]]) -> Table:
    table = Table(["", "encode s", "speed-up", "upload to complete s", "speed-up", "encoders' CPU s"])
    encode = {name: median([each.encode_s for each in every]) for name, every in seen.items()}
    whole = {name: median([each.complete_s for each in every]) for name, every in seen.items()}
    one, two, _both = seen
    for name, every in seen.items():
        cpu_s = median([each.cpu_s for each in every])
        speed = encode[one] / encode[name], whole[one] / whole[name]
        table.add(
            name, f"{encode[name]:.1f}", f"{speed[0]:.2f}", f"{whole[name]:.1f}", f"{speed[1]:.2f}", f"{cpu_s:.1f}"
        )
    ratio = encode[one] / encode[two]
    table.verdicts.append(Verdict("two workers against one, encode", f">= {REACH}", f"{ratio:.2f}", ratio >= REACH))
    return table

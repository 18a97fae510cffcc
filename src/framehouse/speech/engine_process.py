"""The confined child that recognises or translates: `python -m framehouse.speech.engine_process`.

One JSON request on stdin; on stdout a JSON line for each step, `{"progress": share}` or `{"heard": stretch}` once that
stretch's words are in its file, or `{"refused": sentence}`. An engine is imported only when it is asked for. Its parent
confines it; a crash is the end of this job and of nothing else.
"""

import json
import os
import sys
from collections.abc import Callable
from typing import Any

from framehouse.kernel.errors import FramehouseError

Tell = Callable[[dict[str, Any]], None]


def serve(request: dict[str, Any], tell: Tell) -> None:
    engine = request["engine"]
    if engine == "whisper":
        from framehouse.speech.whisper_engine import recognise
    elif engine == "pocketsphinx":
        from framehouse.speech.sphinx_engine import recognise
    else:
        from framehouse.speech.nllb_engine import translate as recognise
    recognise(request, tell)


def main() -> None:
    # Libraries that write to descriptor 1 would corrupt the answers: these get a private one.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)

    def tell(message: dict[str, Any]) -> None:
        answers.write(f"{json.dumps(message)}\n")

    try:
        serve(json.load(sys.stdin), tell)
    except FramehouseError as error:
        tell({"refused": error.message})
    except MemoryError:
        tell({"refused": "The speech engine needs more memory than FRAMEHOUSE_SPEECH_MEMORY_BYTES allows it."})


if __name__ == "__main__":
    main()

"""The confined child that recognises or translates: `python -m framehouse.speech.engine_process`.

One JSON request on stdin; on stdout a JSON line for each step, `{"progress": share}` or `{"heard": stretch}` once that
stretch's words are in its file, or `{"refused": sentence}`. An engine is imported only when it is asked for. Its parent
confines it; a crash is the end of this job and of nothing else.
"""

import json
import os
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

from framehouse.kernel.errors import FramehouseError

Tell = Callable[[dict[str, Any]], None]
_MODULES = {"whisper": "whisper_engine", "pocketsphinx": "sphinx_engine", "ctranslate2": "translation_engine"}


def serve(request: dict[str, Any], tell: Tell) -> None:
    engine: Any = import_module(f"framehouse.speech.{_MODULES[request['engine']]}")
    engine.answer(request, tell)


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

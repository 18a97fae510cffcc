"""A worker that nobody asks for a subtitle pays nothing for being able to make one."""

import subprocess
import sys

HEAVY = ("numpy", "faster_whisper", "ctranslate2", "onnxruntime", "sentencepiece", "tokenizers", "pocketsphinx")
PROBE = f"""
import sys
import framehouse.bootstrap.worker
from framehouse.infra.settings import Settings
from framehouse.speech import supported
assert len(supported(Settings())) == 29
print([name for name in {HEAVY!r} if name in sys.modules])
"""


def test_no_engine_is_imported_to_start_a_worker_or_to_say_what_is_supported() -> None:
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, timeout=90, check=True)
    assert done.stdout.strip() == "[]"

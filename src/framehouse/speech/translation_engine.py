"""Models of the M2M-100 kind (NLLB-200 is one) on CTranslate2 with their SentencePiece vocabulary, in the child only.

A text begins with the token of its language, and its translation with that of the language it is to be in.
"""

import json
from collections.abc import Sequence
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

from framehouse.kernel.errors import InvalidInput
from framehouse.speech.engine_process import Tell

ctranslate2: Any = import_module("ctranslate2")  # `make speech` installs these two, and not everybody needs them
sentencepiece: Any = import_module("sentencepiece")
TEXTS_AT_ONCE = 32
BATCH_TOKENS = 1024  # bounds the memory of one step
PIECE_TOKENS = 400  # the models were trained on texts of 512 tokens at most
END = "</s>"


def answer(request: dict[str, Any], tell: Tell) -> None:
    folder = Path(request["model"])
    source, target = _language_tokens(folder, request["source"], request["target"])
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder / "sentencepiece.bpe.model"))
    model = ctranslate2.Translator(str(folder), device="cpu", compute_type="int8")
    texts: list[str] = json.loads(Path(request["texts"]).read_bytes())
    translations: list[str] = []
    remaining = iter(texts)
    while batch := list(islice(remaining, TEXTS_AT_ONCE)):
        translations += _translated(model, pieces, batch, source, target)
        tell({"progress": len(translations) / len(texts)})
    Path(request["translations"]).write_text(json.dumps(translations), encoding="utf-8")


def _language_tokens(folder: Path, *languages: Sequence[str]) -> list[str]:
    """Of each language the one of its names that this model has. Raises InvalidInput where it has none."""
    file = next(iter(sorted(folder.glob("*vocabulary.*"))), None)
    if file is None:
        raise InvalidInput("The folder that FRAMEHOUSE_TRANSLATION_MODEL names has no vocabulary.")
    text = file.read_text(encoding="utf-8")
    known: set[str] = set(json.loads(text) if file.suffix == ".json" else text.splitlines())
    tokens = [next((name for name in names if name in known), "") for names in languages]
    if not all(tokens):
        raise InvalidInput("The model that FRAMEHOUSE_TRANSLATION_MODEL names does not know this language.")
    return tokens


def _translated(model: Any, pieces: Any, texts: Sequence[str], source: str, target: str) -> list[str]:
    """Texts that are longer than the model reads are cut in pieces, so that nothing is left out."""
    parts: list[list[str]] = []
    owners: list[int] = []
    for number, text in enumerate(texts):
        tokens: list[str] = pieces.encode(text, out_type=str)
        for start in range(0, max(1, len(tokens)), PIECE_TOKENS):
            parts.append([source, *tokens[start : start + PIECE_TOKENS], END])
            owners.append(number)
    results = model.translate_batch(
        parts,
        target_prefix=[[target]] * len(parts),
        batch_type="tokens",
        max_batch_size=BATCH_TOKENS,
        # A model that is stuck repeats itself until it is stopped.
        max_decoding_length=2 * max(map(len, parts)) + 16,
    )
    found = [""] * len(texts)
    for owner, result in zip(owners, results, strict=True):
        found[owner] = f"{found[owner]} {pieces.decode(result.hypotheses[0][1:])}".strip()
    return found

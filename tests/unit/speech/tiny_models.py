"""Models small enough for a test, made by hand: real files that the real libraries load and run.

Their weights are chosen so that what they say is known. The Whisper model says one sentence whatever it hears: each
position of its decoder points to one token. The translation model answers each word it knows by another: its decoder
sees the mean of what the encoder read.
"""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import sentencepiece
import tokenizers
from ctranslate2.specs import TransformerSpec, WhisperSpec

WIDTH = 64
SAMPLE_POSITIONS = 448
MULTILINGUAL_TEXTS, ENGLISH_TEXTS = 50257, 50256
SPECIAL = ["<|endoftext|>", "<|startoftranscript|>"]
TASKS = ["<|translate|>", "<|transcribe|>", "<|startoflm|>", "<|startofprev|>", "<|nospeech|>", "<|notimestamps|>"]
WHISPER_LANGUAGES = 99
EMPTY = "<filler 0>"
FIRST_FIFTH = 16
PROMPT = 3  # start, language, task
CERTAIN = 4.0


def make_whisper(folder: Path, *, multilingual: bool = True) -> Path:
    """A model that hears "Hi you." in the first second of everything. Without other languages the prompt is shorter,
    so that it is only good for being refused."""
    folder.mkdir(parents=True)
    tokenizer, tokens = _whisper_vocabulary(MULTILINGUAL_TEXTS if multilingual else ENGLISH_TEXTS)
    tokenizer.save(str(folder / "tokenizer.json"))
    number = {token: index for index, token in enumerate(tokens)}
    said = ["<|0.00|>", "H", "i", "\u0120you", ".", "<|1.00|>", "<|endoftext|>"]
    spec: Any = WhisperSpec(1, 1, 1, 1)
    spec.encoder.conv1.weight = _zeros(WIDTH, 80, 3)
    spec.encoder.conv2.weight = _zeros(WIDTH, WIDTH, 3)
    for convolution in (spec.encoder.conv1, spec.encoder.conv2):
        convolution.bias = _zeros(WIDTH)
    spec.encoder.position_encodings.encodings = _frames()
    _norm(spec.encoder.layer_norm)
    _silent_layer(spec.encoder.layer[0])
    spec.decoder.embeddings.weight = _zeros(len(tokens), WIDTH)
    positions, projection = _zeros(SAMPLE_POSITIONS, WIDTH), _zeros(len(tokens), WIDTH)
    for position in range(SAMPLE_POSITIONS):
        step = min(max(0, position - PROMPT + 1), len(said) - 1)
        positions[position, step + (position >= PROMPT - 1)] = 1.0
        if position >= PROMPT - 1:
            projection[number[said[step]], step + 1] = CERTAIN
    spec.decoder.position_encodings.encodings = positions
    spec.decoder.projection.weight = projection
    _norm(spec.decoder.layer_norm)
    _silent_layer(spec.decoder.layer[0])
    _look_along(spec.decoder.layer[0].attention)
    # CTranslate2 tells a model of several languages by the empty token of its vocabulary.
    spec.register_vocabulary(["" if multilingual and token == EMPTY else token for token in tokens])
    spec.config.alignment_heads = [(0, 0)]
    spec.config.lang_ids = [number["<|en|>"], number["<|fr|>"]] if multilingual else []
    spec.config.suppress_ids, spec.config.suppress_ids_begin = [], []
    return _saved(spec, folder)


def make_translation(folder: Path, words: Mapping[str, str], languages: Sequence[str]) -> Path:
    """A model that answers a text by the translation of the one word in it that it knows, in any language."""
    folder.mkdir(parents=True)
    model = io.BytesIO()
    sentence = " ".join([*words, *words.values()])
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([sentence] * 10), model_writer=model, model_type="word", hard_vocab_limit=False,
        vocab_size=100, minloglevel=2,
    )  # fmt: skip
    (folder / "sentencepiece.bpe.model").write_bytes(model.getvalue())
    pieces = [f"\u2581{word}" for word in dict.fromkeys(sentence.split())]
    tokens = ["<s>", "<pad>", "</s>", "<unk>", *pieces, *languages]
    number = {token: index for index, token in enumerate(tokens)}
    first_position = len(tokens)
    assert first_position + 4 <= WIDTH
    spec: Any = TransformerSpec.from_config(1, 1)
    read = _zeros(len(tokens), WIDTH)
    read[np.arange(len(tokens)), np.arange(len(tokens))] = 1.0
    positions = _zeros(SAMPLE_POSITIONS, WIDTH)
    for position in range(SAMPLE_POSITIONS):
        positions[position, first_position + min(position, 3)] = 1.0
    projection = _zeros(len(tokens), WIDTH)
    for word, translation in words.items():  # position 0 says the language, 1 the word, all later ones the end
        projection[number[f"\u2581{translation}"], [number[f"\u2581{word}"], first_position + 1]] = CERTAIN
    projection[number["</s>"], [first_position + 2, first_position + 3]] = 4 * CERTAIN
    spec.encoder.embeddings[0].weight = read
    spec.encoder.position_encodings.encodings = _zeros(SAMPLE_POSITIONS, WIDTH)
    spec.decoder.embeddings.weight = _zeros(len(tokens), WIDTH)
    spec.decoder.position_encodings.encodings = positions
    spec.decoder.projection.weight = projection
    for side in (spec.encoder, spec.decoder):
        side.scale_embeddings = False
        _norm(side.layer_norm)
        _silent_layer(side.layer[0])
    _let_through(spec.decoder.layer[0].attention)
    spec.register_source_vocabulary(tokens)
    spec.register_target_vocabulary(tokens)
    spec.config.decoder_start_token = "</s>"
    return _saved(spec, folder)


def _whisper_vocabulary(texts: int) -> tuple[tokenizers.Tokenizer, list[str]]:
    """Bytes and a few words, filled up to the real number of texts, which tells how many languages a model has."""
    merges = [("y", "o"), ("yo", "u"), ("\u0120", "you"), ("\u0120", "-"), ("\u0120", "'")]
    known = [*sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet()), *(a + b for a, b in merges)]
    vocabulary = [*known, *(f"<filler {number}>" for number in range(texts - len(known)))]
    numbered = {token: number for number, token in enumerate(vocabulary)}
    tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE(vocab=numbered, merges=merges))
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = tokenizers.decoders.ByteLevel()
    languages = ["<|en|>", "<|fr|>", *(f"<|x{number}|>" for number in range(WHISPER_LANGUAGES - 2))]
    times = [f"<|{number * 0.02:.2f}|>" for number in range(1501)]
    special = [*SPECIAL, *languages, *TASKS, *times]
    tokenizer.add_special_tokens(special)
    return tokenizer, [*vocabulary, *special]


def _zeros(*shape: int) -> np.ndarray:
    return np.zeros(shape, dtype=np.float32)


def _norm(spec: Any) -> None:
    spec.gamma, spec.beta = np.ones(WIDTH, dtype=np.float32), _zeros(WIDTH)


def _silent_layer(layer: Any) -> None:
    """A layer that adds nothing to what passes through it."""
    for name in ("self_attention", "attention"):
        attention = getattr(layer, name, None)
        if attention is None:
            continue
        _norm(attention.layer_norm)
        for linear, parts in zip(attention.linear, (3, 1) if name == "self_attention" else (1, 2, 1), strict=True):
            linear.weight, linear.bias = _zeros(parts * WIDTH, WIDTH), _zeros(parts * WIDTH)
    ffn = layer.ffn
    _norm(ffn.layer_norm)
    for linear in (ffn.linear_0, ffn.linear_1):
        linear.weight, linear.bias = _zeros(WIDTH, WIDTH), _zeros(WIDTH)


def _let_through(attention: Any) -> None:
    """Every position sees the mean of all that was read: equal keys, values and output as they are."""
    same = np.eye(WIDTH, dtype=np.float32)
    attention.linear[1].weight = np.concatenate([_zeros(WIDTH, WIDTH), same])
    attention.linear[2].weight = same


def _frames() -> np.ndarray:
    """What the encoder says of each of its 1500 frames of 20 ms: in which fifth of a second it lies."""
    frames = _zeros(1500, WIDTH)
    for frame in range(1500):
        frames[frame, FIRST_FIFTH + min(frame // 10, WIDTH - FIRST_FIFTH - 1)] = 1.0
    return frames


def _look_along(attention: Any) -> None:
    """Each step of the decoder looks at the next fifth of a second, from which words get their times."""
    query, keys = _zeros(WIDTH, WIDTH), _zeros(2 * WIDTH, WIDTH)
    for step in range(FIRST_FIFTH):
        query[FIRST_FIFTH + step, step] = CERTAIN
    for fifth in range(FIRST_FIFTH, WIDTH):
        keys[fifth, fifth] = 1.0
    attention.linear[0].weight, attention.linear[1].weight = query, keys


def _saved(spec: Any, folder: Path) -> Path:
    spec.validate()
    spec.optimize()
    spec.save(str(folder))
    return folder

"""Rules about the shape of files: sizes, names, opening sentences, words that belong elsewhere."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.source import Finding, Source

FILE_LINES_MAX = 300
FUNCTION_LINES_MAX = 40
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "service"}
# Words of the vendors' documents and the rooms besides their dialect where the same word is someone else's:
# PartNumber is also S3's own.
VENDOR_WORDS: dict[str, tuple[str, ...]] = {
    "orginalFileName": (),
    "vemail": (),
    "PartNumber": ("infra/storage",),
    "multipartUrls": (),
    "partsCount": (),
    "lastPartSize": (),
    "durationMilliseconds": (),
    "transcodedSources": (),
    "transcodingTracks": (),
    "lastModificationDate": (),
    "security_token": (),
    "source_video_url": (),
    "source_video_file_size": (),
    "hd_video_url": (),
    "sd_video_url": (),
    "requires_signed_embeds": (),
    "custom_poster_frame": (),
    "hide_on_site": (),
    "is_mobile_view": (),
    "viewer_identifier": (),
    "view_session_id": (),
    "SproutVideo-Api-Key": (),
    "X-Tenant-Id": (),
}
# Brackets around one letter keep these patterns from finding themselves.
UNFINISHED = re.compile(r"\b(?:TOD[O]|FIXM[E]|XX[X])\b")
# A migration is a dated record of steps, long when its schema is; it is generated and never edited again.
MIGRATIONS = "src/framehouse/infra/migrations/versions/"
MACHINE_PATH = re.compile(r"(?<![\w.*-])/(?:work|root|home/\w+|Users/\w+|opt/wheels)/")


def file_length(source: Source) -> Iterator[Finding]:
    lines = source.text.count("\n")
    if lines > FILE_LINES_MAX and not str(source.path).startswith(MIGRATIONS):
        message = f"{lines} lines; split it at {FILE_LINES_MAX} or explain it in exceptions.toml"
        yield Finding("file-length", str(source.path), 1, message)


def function_length(source: Source) -> Iterator[Finding]:
    """Counts lines of code: docstring, comments and blank lines are free, since reasons are wanted."""
    if str(source.path).startswith(MIGRATIONS):
        return
    for name, node in _functions(source.tree):
        length = _code_lines(node, source.text.splitlines())
        if length > FUNCTION_LINES_MAX:
            message = f"{name} has {length} lines of code; split it at {FUNCTION_LINES_MAX} or explain it"
            yield Finding("function-length", f"{source.path}:{name}", node.lineno, message)


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    pending: list[tuple[str, ast.AST]] = [("", tree)]
    while pending:
        prefix, parent = pending.pop()
        for node in ast.iter_child_nodes(parent):
            named = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            name = f"{prefix}{node.name}" if named else prefix.rstrip(".")
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield name, node
            pending.append((f"{name}." if name else "", node))


def _code_lines(node: ast.FunctionDef | ast.AsyncFunctionDef, lines: list[str]) -> int:
    inside = range(node.lineno, (node.end_lineno or node.lineno) + 1)
    first = node.body[0]
    is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and ast.get_docstring(node)
    docstring = range(first.lineno, (first.end_lineno or first.lineno) + 1) if is_docstring else range(0)
    texts = [lines[number - 1].strip() for number in inside if number not in docstring]
    return sum(1 for text in texts if text and not text.startswith("#"))


def file_name(source: Source) -> Iterator[Finding]:
    for part in (*source.path.parent.parts, source.path.stem):
        if part in NAMES_THAT_SAY_NOTHING:
            yield Finding("file-name", str(source.path), 1, f"`{part}` says nothing; name it for what lives in it")


def module_opening(source: Source) -> Iterator[Finding]:
    """A module opens with one to four sentences; an empty __init__.py has nothing to introduce."""
    if source.path.name == "__init__.py" and not source.text.strip():
        return
    if not ast.get_docstring(source.tree):
        yield Finding("module-opening", str(source.path), 1, "open with a sentence: what lives here, what does not")


def vendor_words(source: Source) -> Iterator[Finding]:
    """Inside the house there is one glossary word per concept; a vendor's words stay in its dialect."""
    if source.room == "dialects":
        return
    for number, line in enumerate(source.text.splitlines(), 1):
        for word, allowed_in in VENDOR_WORDS.items():
            if any(f"src/framehouse/{place}/" in str(source.path) for place in allowed_in):
                continue
            if re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", line):
                message = f"`{word}` is a vendor's word; use the glossary's outside dialects/"
                yield Finding("vendor-words", str(source.path), number, message)


def unfinished(source: Source) -> Iterator[Finding]:
    for number, line in enumerate(source.text.splitlines(), 1):
        if UNFINISHED.search(line):
            yield Finding("unfinished", str(source.path), number, "finish it or open an issue; notes to self rot here")


def machine_path(source: Source) -> Iterator[Finding]:
    for number, line in enumerate(source.text.splitlines(), 1):
        if found := MACHINE_PATH.search(line):
            message = f"`{found.group()}` is a path of somebody's machine; say it relative to the checkout"
            yield Finding("machine-path", str(source.path), number, message)

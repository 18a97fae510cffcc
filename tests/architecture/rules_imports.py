"""Rules about who may use which library: the web framework, SQL and child processes have their rooms."""

import ast
from collections.abc import Iterator

from tests.architecture.source import Finding, Source

WEB = {"fastapi", "starlette", "granian", "uvicorn"}
WEB_ROOMS = {"dialects", "console", "edge", "entrypoints", "bootstrap"}
SQL = {"sqlalchemy", "alembic", "sqlite3", "aiosqlite", "psycopg"}
PROCESS_MODULES = {"subprocess", "multiprocessing", "pty"}
PROCESS_CALLS = {
    "os.system", "os.popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.posix_spawnp",
    "asyncio.create_subprocess_exec", "asyncio.create_subprocess_shell",
}  # fmt: skip
PROCESS_PREFIXES = ("os.exec", "os.spawn")


def imported_names(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every imported module with its line; `from a import b` gives both `a` and `a.b`, which may be a module too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, node.lineno
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def imported_packages(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """The first name of every imported module, once a line: `sqlalchemy` for `sqlalchemy.orm`."""
    yield from sorted({(name.split(".")[0], line) for name, line in imported_names(tree)}, key=lambda found: found[1])


def dotted(node: ast.expr) -> str:
    """`os.path.join` for such an expression; `""` where it is not a chain of names."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        start = dotted(node.value)
        return f"{start}.{node.attr}" if start else ""
    return ""


def web_framework(source: Source) -> Iterator[Finding]:
    """The web framework stays at the edge of the house."""
    if source.room in WEB_ROOMS:
        return
    for package, line in imported_packages(source.tree):
        if package in WEB:
            message = f"imports {package}; the web framework belongs to {', '.join(sorted(WEB_ROOMS))}"
            yield Finding("web-framework", str(source.path), line, message)


def sql(source: Source) -> Iterator[Finding]:
    """SQL is written in a room's store (store.py, or the files of a store/ folder) and in infra, nowhere else."""
    if source.room == "infra" or source.path.name == "store.py" or source.path.parent.name == "store":
        return
    for package, line in imported_packages(source.tree):
        if package in SQL:
            yield Finding(
                "sql", str(source.path), line, f"imports {package}; SQL belongs to the room's store and to infra"
            )


def child_processes(source: Source) -> Iterator[Finding]:
    """Everything that runs as a child goes through infra's supervisor: confined, limited, reaped."""
    if source.room == "infra":
        return
    advice = "children are started by infra.process only"
    for module, line in imported_names(source.tree):
        if module in PROCESS_MODULES or module in PROCESS_CALLS or module.startswith(PROCESS_PREFIXES):
            yield Finding("child-processes", str(source.path), line, f"imports {module}; {advice}")
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            name = dotted(node.func)
            if name in PROCESS_CALLS or name.startswith(PROCESS_PREFIXES):
                yield Finding("child-processes", str(source.path), node.lineno, f"calls {name}; {advice}")

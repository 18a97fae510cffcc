"""`framehouse fsck`: does every row have its bytes, and does every byte belong to a row?"""

from dataclasses import dataclass, field

from framehouse import library
from framehouse.bootstrap.services import Services


@dataclass
class Report:
    problems: int = 0
    lines: list[str] = field(default_factory=list[str])

    def problem(self, line: str) -> None:
        self.problems += 1
        self.lines.append(f"[red]{line}[/red]")


async def examine_storage(services: Services, *, repair: bool) -> Report:
    """Streams through the storage's listing and the database's keys; removes orphans only when `repair`."""
    report = Report()
    known = await library.known_keys(services.library)
    for key in sorted(known.files):
        if await services.storage.stat(key) is None:
            report.problem(f"missing: {key} is recorded and not stored")
    objects = orphans = 0
    async for found in services.storage.list("videos/"):
        objects += 1
        if not known.owns(found.key):
            orphans += 1
            report.problem(f"orphan: {found.key} ({found.size_bytes} bytes) belongs to nothing")
            if repair:
                await services.storage.delete(found.key)
    removed = " removed" if repair and orphans else ""
    report.lines.append(f"{objects} objects, {len(known.files)} recorded files, {orphans} orphans{removed}")
    return report

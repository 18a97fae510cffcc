"""Process supervision: everything the platform runs as a child goes through here, confined and never orphaned.

What the programs are and what their flags mean is known above (`media` builds the argument lists).
"""

from framehouse.infra.process.child import Child, spawn
from framehouse.infra.process.confine import die_with_parent
from framehouse.infra.process.model import Completed, Limits, ProcessFailed, ProcessTimedOut, ProgramMissing
from framehouse.infra.process.services import EXIT_CONFIG, Backoff, Role, ServiceGroup
from framehouse.infra.process.supervisor import STDOUT_LIMIT_BYTES, run

__all__ = [
    "EXIT_CONFIG",
    "STDOUT_LIMIT_BYTES",
    "Backoff",
    "Child",
    "Completed",
    "Limits",
    "ProcessFailed",
    "ProcessTimedOut",
    "ProgramMissing",
    "Role",
    "ServiceGroup",
    "die_with_parent",
    "run",
    "spawn",
]

"""What was there before a test of processes began."""

import ctypes

import pytest

from tests.unit.infra.process_probes import my_zombies

PR_SET_CHILD_SUBREAPER = 36  # prctl(2)


@pytest.fixture
def zombies_before() -> frozenset[int]:
    """Also ends the adoption of orphans that end-to-end tests began in this process: a killed grandchild belongs to
    init, as it does in the platform's own processes."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)
    return frozenset(my_zombies())

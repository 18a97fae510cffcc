"""A port that cannot be had is explained before anything starts."""

import socket

from framehouse.entrypoints.ports import explain_taken_port


def test_a_free_port_needs_no_explanation() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert explain_taken_port("127.0.0.1", port) is None


def test_a_taken_port_is_named_with_a_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = explain_taken_port("127.0.0.1", port)
    assert told is not None
    assert f"Port {port}" in told
    assert "FRAMEHOUSE_PORT=" in told


def test_an_address_of_another_machine_is_told_apart() -> None:
    told = explain_taken_port("192.0.2.1", 8080)
    assert told is not None
    assert "FRAMEHOUSE_HOST" in told

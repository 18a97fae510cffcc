"""Says in words why a port cannot be had, before anything is started."""

import errno
import socket


def explain_taken_port(host: str, port: int) -> str | None:
    """None when the port is free; else a sentence with what to do."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return f"Port {port} on {host} is taken by another program. Choose another: FRAMEHOUSE_PORT={port + 1}"
            if error.errno == errno.EACCES:
                return f"Port {port} needs privileges. Choose one above 1023: FRAMEHOUSE_PORT=8080"
            return f"Cannot listen on {host}:{port}: {error.strerror}. Check FRAMEHOUSE_HOST and FRAMEHOUSE_PORT."
    return None

"""Framehouse: a self-hosted video platform that answers the documented APIs of four hosted services."""

__version__ = "0.1.0"

"""Starts processes: the command line and the roles."""

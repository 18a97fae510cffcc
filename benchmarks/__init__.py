"""Benchmarks: each measures ours beside a peer or a limit in one run. `python -m benchmarks` or `make bench`."""

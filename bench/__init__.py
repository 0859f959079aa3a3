"""What docs/performance.md promises, measured: each module by itself, all of them by `make bench`."""

"""What docs/performance.md promises and docs/quality.md tells, measured: each module by itself, all by `make bench`."""

"""The tests: `unit` for pure code, `detectors` for their tables, `contract` for the ports, `system` for the whole."""

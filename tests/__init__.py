"""The tests: `unit` for pure code, `detectors` for their tables, `contract` for every back end of a port, `system` for the whole."""

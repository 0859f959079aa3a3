"""A table for each detector: what it flags, and what it leaves alone."""

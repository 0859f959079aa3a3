"""The whole program, with real parts."""

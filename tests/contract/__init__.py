"""One suite for each port, held to by all of its back ends."""

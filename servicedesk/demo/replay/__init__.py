"""A real incident log run through our commands, in a database of its own (docs/replay.md)."""

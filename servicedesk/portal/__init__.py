"""The customers' door: their own organisation's tickets and nothing else (journey 5)."""

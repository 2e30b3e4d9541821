"""The demonstration, the acceptance world and the replay: real data through the real commands."""

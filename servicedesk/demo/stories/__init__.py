"""Forty tickets, each a small script: it yields the instant of its next step, then takes it."""

"""The fault report: what happened, why, and what keeps it from coming back (C-24, C-26, C-21)."""

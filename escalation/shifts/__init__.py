"""Shifts and the sheets they hand over (A-04, A-05): when they run, who manages them, what a sheet says."""

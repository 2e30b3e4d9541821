"""Draft, save, file, amend and release a fault report: one verb family per file."""

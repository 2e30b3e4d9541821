"""Ticket numbers: one sequence, never reused, gaps allowed (decisions 13)."""

from django.db import connection


def next_number() -> str:
    """Return the next ticket number, "SD-000123". A rolled back transaction leaves a gap."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('ticket_number_seq')")
        return f"SD-{cursor.fetchone()[0]:06d}"

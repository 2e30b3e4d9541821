"""Cursor pages: stable under inserts, the same cost on page 1 and page 10,000."""

from rest_framework.pagination import CursorPagination


class Cursor(CursorPagination):
    """Newest first by default; `limit` ≤ 200."""

    ordering = "-pk"
    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 200
    cursor_query_param = "cursor"

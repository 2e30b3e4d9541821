"""Views of the supervisor's door, one module per noun."""

"""One form per command. The form knows its command; the view only carries it there."""

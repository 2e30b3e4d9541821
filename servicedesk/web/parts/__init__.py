"""The components of the pages and their arguments. Each function is one component, drawn by components/<name>.html."""

from servicedesk.web.parts import clocks, controls, frames, marks
from servicedesk.web.parts.registry import REGISTRY, build, timeless

__all__ = ["REGISTRY", "build", "clocks", "controls", "frames", "marks", "timeless"]

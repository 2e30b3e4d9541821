"""Reading templates as text, for the rules every one of them keeps."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "static"


def pages() -> list[Path]:
    """Every page and fragment a browser gets; mail keeps rules of its own."""
    return sorted(p for p in TEMPLATES.rglob("*.html") if "email" not in p.relative_to(TEMPLATES).parts)


def offenders(pattern, *, paths=None) -> list[str]:
    """Return "file: match" for each place where `pattern` (compiled) occurs."""
    found = []
    for path in paths if paths is not None else pages():
        for match in pattern.finditer(path.read_text()):
            found.append(f"{path.relative_to(ROOT)}: {match.group(0)[:80]}")
    return found

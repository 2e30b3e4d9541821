"""Finds every translatable word in code and templates, without gettext's tools.

`python -m tests.house.words` brings locale/zh_Hans/LC_MESSAGES/django.po up to date and compiles the .mo.
"""

import ast
import re
from pathlib import Path

import polib
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
PO = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
ROOMS = ("ledger", "accounts", "catalogue", "tickets", "escalation", "channels", "quality", "servicedesk")
PLAIN = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}
Message = tuple[str | None, str, str | None]  # context, id, plural


def in_python(source: str) -> set[Message]:
    """Messages of one Python source: string constants given to the gettext functions, under whatever name."""
    found: set[Message] = set()
    tree = ast.parse(source)
    imports = [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module == "django.utils.translation"]
    names = {alias.asname: alias.name for node in imports for alias in node.names if alias.asname}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        name = names.get(called, called)
        texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if name in PLAIN and texts:
            found.add((None, texts[0], None))
        elif name in PLURAL and len(texts) >= 2:
            found.add((None, texts[0], texts[1]))
        elif name in CONTEXT and len(texts) >= 2:
            found.add((texts[0], texts[1], None))
    return found


def in_template(source: str) -> set[Message]:
    """Messages of one template: Django turns it into something like Python, whose calls are read one by one."""
    text = templatize(source)
    string = r"""u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\"\"\".*?\"\"\"|'''.*?''')"""
    calls = re.finditer(rf"\b(gettext|ngettext|pgettext|_)\(\s*{string}(?:\s*,\s*{string})?", text, re.S)
    found: set[Message] = set()
    for call in calls:
        first = ast.literal_eval(call[2])
        second = ast.literal_eval(call[3]) if call[3] else None
        if call[1] == "ngettext":
            found.add((None, first, second))
        elif call[1] == "pgettext":
            found.add((first, second or "", None))
        else:
            found.add((None, first, None))
    return found


def in_the_product() -> set[Message]:
    """Every message of the rooms, the doors and the templates."""
    found: set[Message] = set()
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            if "migrations" not in path.parts and "launcher" not in path.parts:
                found |= in_python(path.read_text())
    for path in (ROOT / "templates").rglob("*.*"):
        if path.suffix in {".html", ".txt", ".subject"}:
            found |= in_template(path.read_text())
    return {message for message in found if message[1]}


def update() -> tuple[int, int]:
    """Add what is missing, drop what is gone, compile. Returns (entries, untranslated)."""
    PO.parent.mkdir(parents=True, exist_ok=True)
    catalogue = polib.pofile(str(PO)) if PO.exists() else polib.POFile()
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": "zh_Hans",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    wanted = in_the_product()
    kept = {(e.msgctxt, e.msgid, e.msgid_plural or None): e for e in catalogue if not e.obsolete}
    fresh = polib.POFile()
    fresh.metadata = catalogue.metadata
    for context, text, plural in sorted(wanted, key=lambda m: (m[0] or "", m[1], m[2] or "")):
        entry = kept.get((context, text, plural))
        if entry is None:
            forms = {0: ""} if plural else {}
            entry = polib.POEntry(msgctxt=context, msgid=text, msgid_plural=plural or "", msgstr_plural=forms)
        style = "python-brace-format" if "{" in text and "%(" not in text else "python-format"
        entry.flags = [style] if "%(" in text or "{" in text else []
        fresh.append(entry)
    fresh.save(str(PO))
    fresh.save_as_mofile(str(PO.with_suffix(".mo")))
    return len(fresh), len(fresh.untranslated_entries())


if __name__ == "__main__":
    entries, empty = update()
    print(f"{entries} entries, {empty} untranslated")

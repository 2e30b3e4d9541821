"""Files of a note: checked by what they hold, stored under a random name (security: hostile attachments)."""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import puremagic
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from ledger.errors import Refused

# Extension → content type. What is not here is not stored; never svg, html, xml or a script.
ALLOWED = {
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp",
    ".pdf": "application/pdf", ".txt": "text/plain", ".log": "text/plain", ".csv": "text/csv",
    ".zip": "application/zip", ".gz": "application/gzip", ".eml": "message/rfc822",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".pcap": "application/vnd.tcpdump.pcap",
}  # fmt: skip
INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"})
_TEXTUAL = frozenset({".txt", ".log", ".csv", ".eml"})
_ZIPPED = frozenset({".zip", ".docx", ".xlsx", ".pptx"})
_MAGIC = {
    ".png": (b"\x89PNG\r\n\x1a\n",), ".jpg": (b"\xff\xd8\xff",), ".jpeg": (b"\xff\xd8\xff",),
    ".gif": (b"GIF87a", b"GIF89a"), ".webp": (b"RIFF",), ".pdf": (b"%PDF-",), ".gz": (b"\x1f\x8b",),
    ".pcap": (b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d", b"\n\r\r\n"),
    **dict.fromkeys(_ZIPPED, (b"PK\x03\x04",)),
}  # fmt: skip
_ACTIVE = re.compile(rb"<\s*(!doctype\s+html|html|svg|script|iframe|body|\?xml|object|embed|head)\b", re.I)
_RESERVED = re.compile(r"[\\/:*?\"<>|;%]+")


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """One file that may be kept. `stored_name` is random; `name` is shown and offered at download."""

    name: str
    stored_name: str
    content_type: str
    size: int
    sha256: str
    source: Any


def clean_name(raw: str) -> str:
    """Return a file name without path, invisible or control signs, leading dots; normalised before any check.

    Raises Refused("bad_file_name") when nothing is left or it has no name before its extension.
    """
    name = unicodedata.normalize("NFKC", str(raw))
    name = "".join(c for c in name if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
    name = re.split(r"[\\/]", name)[-1]
    name = _RESERVED.sub("_", " ".join(name.split())).lstrip(". ").rstrip(". ")
    stem, dot, extension = name.rpartition(".")
    if not dot or not stem.strip(". "):
        raise Refused("bad_file_name", _("Give the file a name with an extension, such as trace.txt."), "attachments")
    return f"{stem[:150]}.{extension.lower()[:10]}"


def check_files(files: Sequence[Any]) -> list[CheckedFile]:
    """Check every upload before anything is written.

    files  objects with `name`, `size`, `read` and `seek`.
    Raises Refused("too_many_files"), ("file_too_large"), ("empty_file"), ("file_type"), ("bad_file_name").
    """
    if len(files) > settings.ATTACHMENT_MAX_FILES:
        message = _("Attach at most %(most)s files.") % {"most": settings.ATTACHMENT_MAX_FILES}
        raise Refused("too_many_files", message, "attachments")
    return [_check(upload) for upload in files]


def _check(upload: Any) -> CheckedFile:
    name = clean_name(upload.name or "")
    extension = "." + name.rpartition(".")[2]
    if extension not in ALLOWED:
        message = _("Files of the kind %(kind)s are not kept. Attach a picture, PDF, text, office or zip file.")
        raise Refused("file_type", message % {"kind": extension}, "attachments")
    digest, size, head = hashlib.sha256(), 0, b""
    upload.seek(0)
    while chunk := upload.read(64 * 1024):
        head = head or chunk[: 64 * 1024]
        size += len(chunk)
        if size > settings.ATTACHMENT_MAX_BYTES:
            message = _("%(name)s is larger than %(most)s MB. Send it another way.")
            values = {"name": name, "most": settings.ATTACHMENT_MAX_BYTES // 2**20}
            raise Refused("file_too_large", message % values, "attachments")
        digest.update(chunk)
    upload.seek(0)
    if not size:
        raise Refused("empty_file", _("%(name)s is empty. Choose another file.") % {"name": name}, "attachments")
    _require_content(name, extension, head)
    stored = f"attachments/{secrets.token_hex(2)[:2]}/{secrets.token_urlsafe(24)}"
    return CheckedFile(name, stored, ALLOWED[extension], size, digest.hexdigest(), upload)


def _require_content(name: str, extension: str, head: bytes) -> None:
    """The extension must be what the content is: by its first bytes, and by puremagic's opinion of them."""
    message = _("%(name)s is not what its name says. Attach the original file.") % {"name": name}
    wrong = Refused("file_type", message, "attachments")
    if extension in _TEXTUAL:
        if b"\x00" in head or (extension != ".eml" and _ACTIVE.search(head[:4096])) or _known_binary(head):
            raise wrong
        return
    if not head.startswith(_MAGIC[extension]) or (extension == ".webp" and head[8:12] != b"WEBP"):
        raise wrong
    if extension not in _ZIPPED and extension not in _opinions(head):
        raise wrong


def _opinions(head: bytes) -> set[str]:
    try:
        found = {match.extension.lower() for match in puremagic.magic_string(head)}
    except puremagic.PureError:
        return set()
    same = ({".jpg", ".jpeg", ".jfif"}, {".gz", ".tgz", ".gzip"}, {".pcap", ".pcapng", ".cap", ".dmp"})
    return found | {e for group in same if group & found for e in group}


def _known_binary(head: bytes) -> bool:
    return any(head.startswith(magic) for kinds in _MAGIC.values() for magic in kinds if magic != b"\n\r\r\n") or (
        head.startswith((b"MZ", b"\x7fELF"))
    )

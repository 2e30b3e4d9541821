"""Keeping the files of a note: outside the web root, under random names."""

from collections.abc import Sequence
from datetime import datetime

from django.core.files.base import File
from django.core.files.storage import default_storage

from tickets.files import CheckedFile
from tickets.models import Attachment, Note


def attach(note: Note, files: Sequence[CheckedFile], *, at: datetime) -> list[Attachment]:
    """Write checked files and their rows; a failure of a later row leaves no file behind."""
    made, written = [], []
    try:
        for each in files:
            written.append(default_storage.save(each.stored_name, File(each.source)))
            made.append(
                Attachment.objects.create(
                    ticket_id=note.ticket_id,
                    note=note,
                    file=written[-1],
                    name=each.name,
                    content_type=each.content_type,
                    size=each.size,
                    sha256=each.sha256,
                    at=at,
                )
            )
    except BaseException:
        for name in written:
            default_storage.delete(name)
        raise
    return made

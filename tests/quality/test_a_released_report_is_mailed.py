import pytest

from accounts.models import User
from channels.dispatch import send_outbox
from channels.fakes import recording
from channels.outbound.email import mime
from ledger.models import OutboxMessage
from quality.reports.commands.file import release_report
from servicedesk import papers
from tests.factories.clocks import put

BODY = b"%PDF-1.7 paper"


@pytest.fixture
def paper(settings, monkeypatch):
    """A paper without the drawing machine, which has tests of its own; what goes out is recorded."""
    settings.OUTBOUND = "record"
    drawn = []

    def draw(edition: str, language: str) -> tuple[str, bytes]:
        drawn.append((edition, language))
        return "fault-report.pdf", BODY

    monkeypatch.setattr(papers, "fault_report", draw)
    recording.clear()
    yield drawn
    recording.clear()


def released(path, filed, wendy):
    OutboxMessage.objects.all().delete()
    done = release_report(edition_id=filed.pk, actor=wendy, at=path.tick())
    release_report(edition_id=filed.pk, actor=wendy, at=path.tick())
    return done


@pytest.mark.rule("C-24")
@pytest.mark.rule("C-26")
def test_the_customer_and_everyone_who_took_part_get_the_paper_once(path, filed, wendy, paper):
    done = released(path, filed, wendy)
    assert OutboxMessage.objects.filter(topic="mail.fault_report").count() == 1
    while send_outbox():
        pass

    letters = {letter.to.address: letter for letter in recording.letters if "Fault report" in letter.subject}
    listed = [row["user"] for row in done.people if row.get("user")]
    ours = set(User.objects.filter(uuid__in=listed).values_list("email", flat=True))
    assert "ada@northgate.example" in letters and ours and ours <= set(letters)
    assert {letter.papers[0].body for letter in letters.values()} == {BODY}
    assert len(paper) == len({language for _edition, language in paper})
    customers, inside = letters["ada@northgate.example"], letters[sorted(ours)[0]]
    assert "/portal/tickets/" in customers.text and f"/desk/reports/{done.uuid}/" in inside.text
    parts = [part.get_filename() for part in mime(customers).message().walk() if part.get_filename()]
    assert parts == ["fault-report.pdf"]


def test_a_restricted_ticket_sends_neither_words_nor_paper(path, filed, wendy, paper):
    put(filed.report.ticket, restricted=True)
    filed.report.ticket.need_to_know.add(User.objects.get(email="wendy@desk.example"))
    released(path, filed, wendy)
    while send_outbox():
        pass

    letters = [letter for letter in recording.letters if filed.report.ticket.number in letter.subject]
    assert letters and paper == [] and {letter.papers for letter in letters} == {()}
    assert not [letter for letter in letters if filed.report.ticket.title in letter.text]


def test_a_machine_that_draws_no_pdf_sends_the_link(path, filed, wendy, paper, monkeypatch):
    monkeypatch.setattr(papers, "fault_report", lambda edition, language: None)
    released(path, filed, wendy)
    while send_outbox():
        pass

    letter = next(one for one in recording.letters if one.to.address == "ada@northgate.example")
    assert letter.papers == () and "attached" not in letter.text and "/portal/tickets/" in letter.text

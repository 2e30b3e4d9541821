"""What customers and auditors rely on beside the engine, and how each is taken away."""

from tests.mutations.mutation import Mutation

GATE = "tests/tickets/test_nothing_before_verification.py"
SUSPENDING = "tests/tickets/test_suspending_a_ticket.py"

DESK_MUTATIONS = [
    Mutation(
        what="the gate: nothing before the caller is verified (P-02)",
        test=f"{GATE}::test_every_command_is_refused_before_verification_and_writes_nothing",
        file="tickets/lifecycle.py",
        old="if demand.gated and not (",
        new="if False and not (",
    ),
    Mutation(
        what="the gate closes again for a second caller (decisions 16)",
        test=f"{GATE}::test_every_command_is_refused_for_a_second_caller_not_verified_on_a_verified_ticket",
        file="tickets/lifecycle.py",
        old="if actor.is_staff and (live_unverified(ticket, actor) if live is None else live):",
        new="if False:",
    ),
    Mutation(
        what="one customer never learns of another's tickets (`visible_to`)",
        test=f"{SUSPENDING}::test_another_organisations_contact_does_not_learn_of_the_suspension",
        file="tickets/models/ticket.py",
        old="return self.filter(visible(actor))",
        new="return self.all()",
    ),
    Mutation(
        what="restricted tickets are for those who need to know",
        test="tests/tickets/test_restricted_tickets.py::test_a_colleague_outside_learns_of_it_only_when_it_is_shared",
        file="tickets/access.py",
        old="return scope & (q(restricted=False) | q(owner_id=actor.user_id) | q(pk__in=named))",
        new="return scope",
    ),
    Mutation(
        what="everybody who takes part in a suspension is another person (C-22)",
        test=f"{SUSPENDING}::test_one_person_holding_both_roles_decides_only_once",
        file="tickets/approving.py",
        old="if actor.user_id in {*taken, *(person for _function, person in decided)}:",
        new="if False:",
    ),
    Mutation(
        what="the database refuses to change or delete an entry of the ledger",
        test="tests/ledger/test_history_is_only_added_to.py::test_the_owner_can_neither_change_nor_delete_an_entry",
        sql="ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_rows",
        undo="ALTER TABLE ledger_entry ENABLE TRIGGER ledger_entry_rows",
    ),
    Mutation(
        what="the database refuses to empty the ledger",
        test="tests/ledger/test_history_is_only_added_to.py::test_the_owner_can_not_empty_the_ledger",
        sql="ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_table",
        undo="ALTER TABLE ledger_entry ENABLE TRIGGER ledger_entry_table",
    ),
    Mutation(
        what="the hash of an entry holds what it says",
        test="tests/ledger/test_verifying_the_ledger.py::test_one_flipped_byte_is_found",
        file="ledger/record.py",
        old="actor_kind, actor_ref, data, prev])",
        new="actor_kind, actor_ref, prev])",
    ),
    Mutation(
        what="writers of one chain take turns",
        test="tests/ledger/test_writing_to_one_chain_at_once.py"
        "::test_a_second_writer_waits_for_the_first_and_continues_its_entry",
        file="ledger/record.py",
        old="SELECT pg_advisory_xact_lock(hashtextextended(%s, 7));",
        new="SELECT hashtextextended(%s, 7);",
    ),
    Mutation(
        what="`verify_ledger` asks for the entry of every firing",
        test="tests/ledger/test_firings_must_be_sealed.py"
        "::test_a_firing_older_than_ten_seconds_without_an_entry_breaks_the_ledger",
        file="servicedesk/wiring.py",
        old='CHECKS = ["servicedesk.ledger_checks.unsealed_firings"]',
        new="CHECKS: list[str] = []",
    ),
]

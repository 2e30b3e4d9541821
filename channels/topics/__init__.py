"""Topic → what is said to whom. One function per topic, `(message) -> list[Draft]`; an empty list means nobody.

`AFTER` runs in the transaction in which a row is settled as sent, once; `FAILED` after each try that did not go out.
`SECRETS` blanks what a row held sealed, once the row is sent or buried.
"""

from collections.abc import Callable

from channels.outbound.letter import Draft
from channels.topics import (
    appointments,
    customers,
    majors,
    people,
    planned,
    policies,
    reports,
    rosters,
    staff,
    told,
)
from ledger.models import OutboxMessage

Topic = Callable[[OutboxMessage], list[Draft]]

TOPICS: dict[str, Topic] = {
    "mail.acknowledgement": customers.acknowledgement,
    "mail.attempt_notice": people.attempt_notice,
    "mail.confirm_request": customers.confirm_request,
    "mail.survey": customers.survey,
    "mail.consent_request": customers.consent_request,
    "mail.customer_news": customers.news,
    "mail.extension": customers.extension,
    "mail.appointment": appointments.appointment,
    "mail.escalation_receipt": customers.escalation_receipt,
    "mail.team_engaged": staff.team_engaged,
    "chat.team_engaged": staff.team_engaged_chat,
    "mail.team_test": staff.team_test,
    "chat.team_test": staff.team_test,
    "mail.stand_down": told.stand_down,
    "mail.progress": told.progress,
    "mail.lock_notice": people.lock_notice,
    "mail.account": people.account,
    "mail.code": people.code,
    "mail.anchor": people.anchor,
    "mail.alarm": people.alarm,
    "mail.maintenance": planned.told,
    "mail.fault_report": reports.fault_report,
    "mail.major_update": majors.major_update,
    "mail.roster_gaps": rosters.gaps,
    "mail.roster_swap": rosters.swap,
    "mail.absence": rosters.absence,
    "mail.policy_reading": policies.reading,
    "way.test": people.way_test,
}

AFTER: dict[str, Callable[[OutboxMessage, list[Draft]], None]] = {
    "mail.acknowledgement": customers.acknowledged,
    "way.test": people.way_tested,
}

FAILED: dict[str, Callable[[OutboxMessage, str], None]] = {"way.test": people.way_test_failed}

SECRETS: dict[str, Callable[[OutboxMessage], None]] = {
    "mail.account": people.blank_account,
    "mail.survey": customers.blank_token,
    "mail.code": people.blank_code,
    "way.test": people.blank_way_test,
}

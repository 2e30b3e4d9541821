"""The agents' door."""

from django.urls import path

from servicedesk.desk import major_urls, planned_urls, report_urls
from servicedesk.desk.bulk import ACTS
from servicedesk.desk.registry import FORMS
from servicedesk.desk.views import (
    absences,
    appointments,
    blocks,
    bulk,
    call,
    command,
    customers,
    here,
    inbox,
    myday,
    note_draft,
    on_call,
    palette,
    preview,
    queue,
    queue_views,
    reach,
    ringing,
    search,
    ticket,
    undo,
)

app_name = "desk"
TICKET = "tickets/<str:number>/"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("export.csv", queue.export, name="queue-export"),
    path("filters/", queue_views.filters, name="queue-filters"),
    path("layout/", queue_views.layout, name="queue-layout"),
    path("views/", queue_views.keep, name="queue-keep"),
    path("views/<uuid:uuid>/", queue_views.change, name="queue-view"),
    path("views/<uuid:uuid>/remove/", queue_views.remove, name="queue-view-remove"),
    *(path(f"bulk/{act.slug}/", bulk.bulk, {"slug": act.slug}, name=f"bulk-{act.slug}") for act in ACTS),
    path("bulk/undo/", bulk.undo, name="bulk-undo"),
    path("my-tickets/", queue.my_tickets, name="my-tickets"),
    path("my-day/", myday.my_day, name="my-day"),
    path("my-day/move/", myday.move, name="my-day-move"),
    path("my-day/my-day.ics", myday.calendar, name="my-day-calendar"),
    path("my-day/calls/<uuid:uuid>/", myday.dispose, name="call-dispose"),
    path("on-call/", on_call.my_on_call, name="my-on-call"),
    path("on-call/swaps/", on_call.ask, name="swap-ask"),
    path("on-call/swaps/<uuid:uuid>/<slug:command>/", on_call.answer, name="swap-answer"),
    path("on-call/feed/<slug:command>/", on_call.feed, name="on-call-feed"),
    path("absences/", absences.index, name="absences"),
    path("absences/<uuid:uuid>/", absences.show, name="absence"),
    path("absences/<uuid:uuid>/end/", absences.end, name="absence-end"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("notices/", inbox.notices, name="notices"),
    path("reach/", reach.own, name="reach"),
    path("reach/<uuid:uuid>/", reach.of_person, name="reach-person"),
    path("search/", search.search, name="search"),
    path("palette/", palette.palette, name="palette"),
    path("call/", ringing.pop, name="call-pop"),
    path("call/ring/", ringing.ring, name="call-ring"),
    path("calls/new/", call.new, name="call-new"),
    path("calls/<uuid:uuid>/", call.call, name="call"),
    path("appointments/<uuid:uuid>/invitation.ics", appointments.invite, name="appointment-invite"),
    path("customers/", customers.listing, name="customers"),
    path("customers/<uuid:uuid>/", customers.detail, name="customer"),
    *report_urls.paths,
    *major_urls.paths,
    *planned_urls.paths,
    path(TICKET, ticket.ticket, name="ticket"),
    path(f"{TICKET}undo/", undo.undo, name="ticket-undo"),
    path(f"{TICKET}preview/", preview.preview, name="ticket-preview"),
    path(f"{TICKET}here/", here.here, name="ticket-here"),
    path(f"{TICKET}draft/", note_draft.keep, name="ticket-draft"),
    path(f"{TICKET}text-blocks/", blocks.blocks, name="ticket-blocks"),
    path("colleagues/", blocks.colleagues, name="colleagues"),
    path(f"{TICKET}call/", ticket.start_call, name="ticket-call"),
    path(f"{TICKET}why/<uuid:clock_uuid>/<str:code>/", ticket.why, name="ticket-why"),
    path(f"{TICKET}follow-up/", ticket.follow_up, name="ticket-follow-up"),
    path(f"{TICKET}conflict/<slug:slug>/", ticket.conflict, name="ticket-conflict"),
    *(
        path(f"{TICKET}{form.slug}/", command.command, {"slug": form.slug}, name=f"ticket-{form.slug}")
        for form in FORMS
    ),
]

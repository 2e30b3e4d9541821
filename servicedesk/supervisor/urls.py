"""The supervisor's door: live board, one escalation, approvals, locks, who is on call."""

from django.urls import path

from servicedesk.supervisor.views import (
    approvals,
    board,
    engine,
    escalation,
    locks,
    on_call,
    policies,
    policy_edit,
    policy_move,
    request,
    roster_one,
    rosters,
)

app_name = "supervisor"
urlpatterns = [
    path("", board.show, name="board"),
    path("wall/", board.wall, name="wall"),
    path("escalations/new/", request.new, name="escalation-new"),
    path("escalations/<uuid:uuid>/", escalation.show, name="escalation"),
    path("escalations/<uuid:uuid>/<slug:command>/", escalation.act, name="escalation-act"),
    path("duties/<uuid:uuid>/<slug:command>/", escalation.act_on_duty, name="duty-act"),
    path("approvals/", approvals.show, name="approvals"),
    path("approvals/<uuid:uuid>/", approvals.decide, name="approval-decide"),
    path("engine/", engine.show, name="engine"),
    path("engine/alarms/<uuid:uuid>/settle/", engine.settle, name="alarm-settle"),
    path("locks/", locks.show, name="locks"),
    path("locks/<uuid:uuid>/release/", locks.release, name="lock-release"),
    path("policies/", policies.index, name="policies"),
    path("policies/<slug:slug>/", policies.show, name="policy"),
    path("policies/<slug:slug>/rules.csv", policies.rules_csv, name="policy-csv"),
    path("policies/<slug:slug>/versions/", policies.versions, name="policy-versions"),
    path("policies/<slug:slug>/comparison/", policies.comparison, name="policy-comparison"),
    path("policies/<slug:slug>/move/", policy_move.show, name="policy-move"),
    path("policies/<slug:slug>/move/stop/", policy_move.stop, name="policy-move-stop"),
    path("policies/<slug:slug>/move/<uuid:uuid>/", policy_move.progress, name="policy-moving"),
    path("policies/<slug:slug>/do/<slug:command>/", policy_edit.act, name="policy-act"),
    path("on-call/", on_call.show, name="on-call"),
    path("rosters/", rosters.index, name="rosters"),
    path("rosters/on-call.csv", rosters.export, name="rosters-csv"),
    path("rosters/coverage/", rosters.coverage, name="roster-coverage"),
    path("rosters/override/", rosters.add_override, name="roster-override"),
    path("rosters/overrides/<uuid:uuid>/remove/", rosters.drop_override, name="roster-override-remove"),
    path("rosters/new/", roster_one.new, name="roster-new"),
    path("rosters/<uuid:uuid>/", roster_one.show, name="roster"),
    path("rosters/<uuid:uuid>/<slug:command>/", roster_one.act, name="roster-act"),
]

"""Shapes of what a supervisor sends; the rules are the commands' own."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact, Organisation, Team, User
from escalation.models import Duty, Escalation
from ledger.actor import Actor
from servicedesk.web.forms import CommandForm
from tickets.models import Interaction, Ticket

LONG = {"rows": 3, "maxlength": 4000}
MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class BoardFilters(CommandForm):
    """What the board is narrowed to; every field may be empty."""

    region = forms.ChoiceField(label=_("Region"), required=False)
    team = forms.ChoiceField(label=_("Team"), required=False)
    segment = forms.ChoiceField(label=_("Segment"), required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        every = [("", _("All"))]
        regions = Organisation.objects.visible_to(actor).exclude(region="").order_by("region")
        names = regions.values_list("region", flat=True).distinct()
        self.fields["region"].choices = every + [(name, name.upper()) for name in names]
        teams = Team.objects.visible_to(actor).filter(active=True)
        self.fields["team"].choices = every + [(str(team.uuid), team.name) for team in teams]
        self.fields["segment"].choices = every + list(Organisation.Segment.choices)
        self.fields["category"].choices = every + list(Organisation.Category.choices)


class RequestForm(CommandForm):
    """Ask for an escalation of one ticket, named by its number (A-06)."""

    ticket = forms.CharField(label=_("Ticket number"), max_length=16)
    relation = forms.ChoiceField(label=_("Who asks"), choices=Escalation.Relation.choices)
    requester_name = forms.CharField(label=_("Name of who asks"), max_length=120, required=False)
    reason = forms.CharField(label=_("Why it needs management now"), widget=forms.Textarea(attrs=LONG))

    def find(self, actor: Actor) -> Ticket | None:
        """The ticket of the number, if `actor` may learn of it; otherwise the field says so."""
        number = self.cleaned_data["ticket"].strip().upper()
        found = Ticket.objects.visible_to(actor).filter(number=number).first()
        if found is None:
            self.add_error("ticket", _("We do not know that ticket. Check its number."))
        return found


class TextForm(CommandForm):
    """A review: what was found."""

    text = forms.CharField(label=_("What the review found"), widget=forms.Textarea(attrs=LONG))


class InformForm(CommandForm):
    """How it stands, for everyone told so far."""

    text = forms.CharField(label=_("How it stands"), widget=forms.Textarea(attrs=LONG))
    public = forms.BooleanField(label=_("The customer reads it too"), required=False)


class CallForm(CommandForm):
    """A role of a rung ahead."""

    role = forms.CharField(max_length=60, widget=forms.HiddenInput)


class ContactForm(CommandForm):
    """The manager's call to the customer."""

    contact = forms.ModelChoiceField(label=_("Spoken with"), to_field_name="uuid", queryset=Contact.objects.none())
    number = forms.CharField(label=_("Number dialled"), max_length=20, required=False)
    text = forms.CharField(label=_("What was told and agreed"), widget=forms.Textarea(attrs=LONG))

    def __init__(self, *args, escalation: Escalation, **kwargs):
        super().__init__(*args, **kwargs)
        mine = Contact.objects.filter(organisation=escalation.ticket.organisation, active=True)
        self.fields["contact"].queryset = mine


class EngageForm(CommandForm):
    """A team to bring in, and what is asked of it."""

    team = forms.ModelChoiceField(label=_("Team"), to_field_name="uuid", queryset=Team.objects.none())
    text = forms.CharField(label=_("What you ask of the team"), max_length=200)

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.visible_to(actor).filter(active=True)


class ItemForm(CommandForm):
    """One item of the action plan; its owner is a team, a person of ours or a contact: "team:<uuid>" and so on."""

    title = forms.CharField(label=_("What is to be done"), max_length=200)
    owner = forms.ChoiceField(label=_("Owner"))
    due_at = forms.DateTimeField(label=_("By"), widget=MOMENT, required=False)

    def __init__(self, *args, escalation: Escalation, **kwargs):
        super().__init__(*args, **kwargs)
        contacts = Contact.objects.filter(organisation=escalation.ticket.organisation, active=True)
        self.owners = {
            "team": (_("Teams"), Team.objects.filter(active=True)),
            "user": (_("People"), User.objects.filter(kind=User.Kind.STAFF, is_active=True)),
            "contact": (_("Customer"), contacts),
        }
        self.fields["owner"].choices = [
            ("", _("Choose an owner")),
            *(
                (title, [(f"{kind}:{uuid}", name) for uuid, name in rows.values_list("uuid", "name")])
                for kind, (title, rows) in self.owners.items()
            ),
        ]

    def clean_owner(self) -> dict[str, int]:
        """Return the owner as the command takes it: {"owner_team_id": …}."""
        kind, _colon, uuid = self.cleaned_data["owner"].partition(":")
        return {f"owner_{kind}_id": self.owners[kind][1].get(uuid=uuid).pk}


class PhoneForm(CommandForm):
    """A recorded call to somebody who has to confirm."""

    number = forms.CharField(label=_("Number dialled"), max_length=20)
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[
            (Interaction.Disposition.REACHED, _("Reached, informed")),
            (Interaction.Disposition.NOT_REACHED, _("Not reached")),
        ],
    )
    deputy = forms.BooleanField(label=_("The deputy answered"), required=False)
    note = forms.CharField(label=_("What was told and answered"), widget=forms.Textarea(attrs=LONG), required=False)

    def __init__(self, *args, duty: Duty, **kwargs):
        super().__init__(*args, **kwargs)
        self.duty = duty
        self.suffix = str(duty.uuid)
        self.auto_id = f"id_{duty.uuid}_%s"
        if duty.person is not None:
            self.fields["number"].initial = duty.person.phone


class ReleaseForm(CommandForm):
    """Why a locked agent may verify again."""

    reason = forms.CharField(
        label=_("Why may they verify again?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why the agent may verify again.")},
    )


class OverrideForm(CommandForm):
    """A person put on call above the rotation; times in the reader's zone."""

    role = forms.ChoiceField(label=_("Role or team"))
    scope = forms.ChoiceField(label=_("Where"))
    user = forms.ModelChoiceField(label=_("Who takes it"), to_field_name="uuid", queryset=User.objects.none())
    from_at = forms.DateTimeField(label=_("From"), widget=MOMENT)
    to_at = forms.DateTimeField(label=_("To"), widget=MOMENT)
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args, roles: list[tuple[str, str]], actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        regions = Organisation.objects.visible_to(actor).exclude(region="").order_by("region")
        names = regions.values_list("region", flat=True).distinct()
        self.fields["role"].choices = roles
        self.fields["scope"].choices = [
            ("global", _("Everywhere")),
            *((f"region:{name}", name.upper()) for name in names),
        ]
        self.fields["user"].queryset = User.objects.filter(kind=User.Kind.STAFF, is_active=True)

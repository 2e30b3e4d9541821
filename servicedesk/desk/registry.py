"""Every command of the desk on a ticket, by the last part of its address."""

from servicedesk.desk.forms import escalate, facts, finish, gate, links, notes, own, pause, plan, sales, share, work
from servicedesk.desk.forms.base import TicketForm

FORMS: tuple[type[TicketForm], ...] = (
    gate.BeginForm, gate.IntakeForm, gate.VerifyForm, gate.ProspectForm, gate.WithoutCallerForm, gate.RejectForm,
    facts.TriageForm, facts.ReclassifyForm, facts.ReprioritiseForm, facts.AskPriorityForm,
    facts.CriticalForm, facts.CorrectCustomerForm,
    work.SignForForm, work.ContactForm, work.AssignForm, work.TransferForm, work.TierUpForm, work.TierDownForm,
    notes.NoteForm, notes.RetractForm, notes.RedactForm,
    pause.SuspendForm, pause.ConsentForm, pause.DecideForm, pause.WithdrawForm, pause.ResumeForm,
    finish.ResolveForm, finish.ConfirmForm, finish.DisputeForm, finish.CloseForm, finish.ReopenForm,
    finish.AskReopenForm, finish.CancelForm,
    links.MergeForm, links.UndoMergeForm, links.LinkForm, links.UnlinkForm, links.SplitForm,
    plan.AddItemForm, plan.FinishItemForm, plan.SkipItemForm, plan.ExtendItemForm, plan.PromiseForm,
    plan.KeepPromiseForm, plan.MovePromiseForm, plan.ParticipantForm,
    own.TagForm, own.SnoozeForm, own.WakeForm, own.WatchForm, own.UnwatchForm,
    sales.InquiryForm, sales.AppointmentForm, sales.MoveAppointmentForm, sales.CancelAppointmentForm,
    share.EngageForm, share.RestrictForm, share.ShareForm, share.LiftForm, escalate.EscalateForm,
)  # fmt: skip
BY_SLUG: dict[str, type[TicketForm]] = {form.slug: form for form in FORMS}

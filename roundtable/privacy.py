"""Every personal field: why it is there, who reads it, until when, and how it goes.

This is the table that /privacy/ shows and that erasure goes by. A field that is linked to a person and not declared
here fails a test: hand-written deletions forget.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, NamedTuple

from django.apps import apps
from django.conf import settings
from django.db import models

TEXTS = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.GenericIPAddressField)
OURS = ("roundtable", "outbox", "members", "groups", "meetings")
THEIRS = ("account", "mfa", "usersessions", "admin")


class Erased(StrEnum):
    """What happens to a field when its person asks to be forgotten."""

    ROW = "the row goes with the person"
    EMPTIED = "emptied at once"
    UNNAMED = "stays, without the person"
    STAYS = "stays: it says nothing about anybody"


class Kept(NamedTuple):
    """One group of fields of one model, kept for one reason."""

    model: str
    fields: str
    purpose: str
    readers: str
    until: str
    erased: Erased = Erased.ROW
    label: str = ""  # what it is in people's words, for the page


REGISTER: list[Kept] = [
    Kept(
        "outbox.Letter",
        "text html headers ics",
        "to write to you, and to know what you were told",
        "organizers",
        "30 days after it was written",
        label="Letters to you: their words",
    ),
    Kept(
        "outbox.Letter",
        "secret",
        "the code or link in a letter, encrypted",
        "nobody",
        "the letter is sent",
        label="Codes and links in letters",
    ),
    Kept(
        "outbox.Letter",
        "person to subject kind dedupe_key about message_id provider_id last_error",
        "so that nothing is sent twice, and what failed is seen",
        "organizers",
        "one year",
        label="Letters to you: when and about what",
    ),
    Kept(
        "roundtable.Link",
        "person purpose about token_hash",
        "links that open one thing for you",
        "nobody",
        "30 days after its end",
        label="Links that open one thing for you",
    ),
    Kept(
        "roundtable.AuditLine",
        "actor verb about",
        "who did what to which thing, in ids and counts",
        "whoever runs the site",
        "one year",
        Erased.UNNAMED,
        label="The list of who did what",
    ),
    Kept("account.EmailAddress", "user email", "to sign you in", "you", "you leave", label="Your e-mail address"),
    Kept(
        "account.EmailConfirmation",
        "key",
        "to confirm an address",
        "nobody",
        "it was confirmed",
        label="Confirming your address",
    ),
    Kept(
        "mfa.Authenticator",
        "user data",
        "your passkey or second factor",
        "you",
        "you remove it",
        label="Your passkey or second step",
    ),
    Kept(
        "usersessions.UserSession",
        "user session_key ip user_agent data",
        "to show you where you are signed in, and to end it",
        "you",
        "the session ends, at the latest 30 days after the last visit",
        label="Where you are signed in",
    ),
    Kept(
        "admin.LogEntry",
        "user object_id object_repr change_message",
        "what organizers changed in the admin, without any words of members",
        "organizers",
        "one year",
        label="What organizers changed",
    ),
    Kept(
        "members.Person",
        "email name initials pronouns zone password",
        "to sign you in, to write to you, and to introduce you to your group",
        "you, organizers, and your group once it is sealed",
        "you leave",
        label="Name, initials, address, pronouns, time zone",
    ),
    Kept(
        "members.Application",
        "person place_text place_step place_name country metro candidates role role_text org_size still_coding company"
        " company_key sector topics cadences extra",
        "to find you a group of peers who can meet",
        "organizers of this program; what is on your card, the people asked to join a group with you",
        "you withdraw or leave; 90 days after a no",
        label="Your application",
    ),
    Kept(
        "members.Reply",
        "words",
        "what you answered to the questions that your program alone asks",
        "organizers of this program; your group once it is sealed, where the question said so",
        "the question or the application goes",
        label="Answers to a program’s own questions",
    ),
    Kept(
        "members.IdentityAnswers",
        "answers source",
        "so that nobody ends up the only one in a room against their wish; encrypted with your own key",
        "the solver only; what you wrote in your own words, without your name, one organizer whom the program names,"
        " and you see each look",
        "you delete them, take your yes back or withdraw; a no; 30 days without a yes",
        label="Where being the only one would matter to you",
    ),
    Kept(
        "members.Hours",
        "good possible zone",
        "to find a time",
        "the solver only; others see sums",
        "you withdraw",
        label="Your hours",
    ),
    Kept(
        "members.MonthlyLetter",
        "waiting",
        "how many waited in your pools when we last wrote, so that the next letter says what has changed",
        "you, in your export",
        "the application goes",
        label="The monthly letter",
    ),
    Kept(
        "members.Hint",
        "words",
        "the one more hour, or way to meet, that would have seated you last night",
        "you",
        "the next night; you change your hours or withdraw",
        label="What would have seated you",
    ),
    Kept(
        "members.Unconfirmed",
        "email answers page code_hash",
        "your application while you write it, encrypted; you come back to it by the link in a letter",
        "you",
        "it is sent; 30 days after your last change",
        label="An application not yet sent",
    ),
    Kept(
        "members.KeepApartLine",
        "words company looked_at",
        "people and companies that you do not want to meet in a group, encrypted with your own key; and in ids whom an"
        " organizer has compared with them",
        "organizers of this program",
        "you delete them, withdraw or leave; a no",
        label="Whom you want to be kept apart from",
    ),
    Kept(
        "members.Acceptance",
        "person how",
        "to know which version of the code of conduct you accepted",
        "organizers",
        "you leave",
        label="The code of conduct you accepted",
    ),
    Kept(
        "members.Consent",
        "person purpose wording how",
        "to know what you said yes to, in which words",
        "whoever runs the site",
        "you leave",
        label="What you said yes to",
    ),
    Kept(
        "members.Decision",
        "decided_by reason",
        "who decided about an application, and why",
        "organizers of this program; you, in your export",
        "the application goes",
        Erased.UNNAMED,
        label="Decisions about your application",
    ),
    Kept(
        "members.Note",
        "author text",
        "organizers' words about an application",
        "organizers of this program; you, in your export",
        "the application goes",
        label="Organizers’ notes",
    ),
    Kept(
        "members.Impression",
        "organizer",
        "an organizer's first impression of an application, 0 to 2 points for three questions",
        "organizers of this program who gave theirs; you, in your export",
        "the application goes",
        label="Organizers’ first impressions",
    ),
    Kept(
        "members.CompanyWord",
        "spelling counts_as made_by",
        "which spellings of a company's name are one company",
        "organizers of this program",
        "the program ends",
        Erased.UNNAMED,
        label="Spellings of companies",
    ),
    Kept(
        "members.Organizer",
        "person metro",
        "who looks after which program",
        "everybody, on the program's page: your name and your city",
        "the role ends",
        label="Who organizes",
    ),
    Kept(
        "members.PlaceAlias",
        "text made_by",
        "what a place is called, without numbers or addresses",
        "organizers",
        "the program ends",
        Erased.UNNAMED,
        label="What places are called",
    ),
    Kept(
        "members.Import",
        "made_by findings consent_wording",
        "which spreadsheet came in, in counts, line numbers and column names, and what its form said about consent",
        "organizers of this program",
        "the program ends",
        Erased.UNNAMED,
        label="Spreadsheets taken in",
    ),
    Kept(
        "members.Upload",
        "made_by content beginning report",
        "a spreadsheet between its report and the yes, encrypted",
        "the organizer who brought it",
        "the yes, at the latest one day",
        label="A spreadsheet on its way in",
    ),
    Kept(
        "members.Upload",
        "columns consent_wording failure",
        "what the columns of a spreadsheet mean, and what its form said about consent; no answer of anybody",
        "the organizer who brought it",
        "one day",
        label="A spreadsheet’s columns",
    ),
    Kept(
        "groups.Composition",
        "made_by stage failure differences zone certificate prices",
        "which runs of the solver there were, in counts; with initials, who joined or changed an answer meanwhile",
        "organizers of the whole program",
        "the program ends",
        Erased.UNNAMED,
        label="Runs of the solver",
    ),
    Kept(
        "groups.FrozenPool",
        "content zone",
        "a copy of everybody’s hours and wishes while a run of the solver lasts, encrypted with a key of its own",
        "the solver only",
        "the run ends, with its key",
        Erased.STAYS,
        label="A copy of the pool, for the solver",
    ),
    Kept(
        "groups.Shard",
        "room seats about",
        "a part of that copy, in numbers without names, encrypted with the same key, and what came of it",
        "the solver only",
        "the run ends",
        Erased.STAYS,
        label="A part of that copy",
    ),
    Kept(
        "groups.DraftGroup",
        "mode metro zone card",
        "a group on paper: where and when it would meet, and what is tight about it, with initials",
        "organizers of the whole program",
        "the program ends",
        Erased.STAYS,
        label="Groups on paper",
    ),
    Kept(
        "groups.Edit",
        "before by",
        "which group on paper an organizer moved you to or held you in, and who it was",
        "organizers of the whole program",
        "the application goes",
        label="Moves on paper",
    ),
    Kept(
        "groups.LeftOut",
        "code sentence fix",
        "why you were left out of a composition, and what would help",
        "organizers of the whole program",
        "the application goes",
        label="Why you were left out",
    ),
    Kept(
        "groups.Invitation",
        "reason alone",
        "why a group did not suit you, if you said so, and what you said to being the only one; encrypted with your own"
        " key",
        "nobody",
        "the application goes",
        label="Why a group did not suit you",
    ),
    Kept(
        "groups.Backfill",
        "secret",
        "while a living group looks at your card without a name, so that each member can change what they said",
        "nobody",
        "the group has decided",
        label="Your card before a living group",
    ),
    Kept(
        "groups.BackfillVoice",
        "voter",
        "what you said about a card, under a pseudonym, while it is open; a concern is never told to anybody",
        "nobody",
        "the group has decided",
        label="What you said about a card",
    ),
    Kept(
        "groups.Question",
        "occasion secret totals",
        "what your group was asked, while it is open so that each member can change what they said; how many said what",
        "the group's members; that it was asked and what came of it, its organizers",
        "the program ends; the secret when the question is closed",
        Erased.STAYS,
        label="Questions to your group",
    ),
    Kept(
        "groups.QuestionWord",
        "voter",
        "what you said to a question, under a pseudonym, while it is open",
        "nobody",
        "the question is closed",
        Erased.STAYS,
        label="What you said to your group’s questions",
    ),
    Kept(
        "groups.Offer",
        "place zone decided_by",
        "that you would host, in which pool and at which hour",
        "organizers of this program; for its city, those of the chapter",
        "the application goes",
        label="Your offers to host",
    ),
    Kept(
        "groups.Group",
        "name mode metro zone",
        "what a group is called, and on which clock it meets",
        "its members and organizers",
        "the program ends",
        Erased.STAYS,
        label="Groups",
    ),
    Kept(
        "groups.Membership",
        "person",
        "from when to when you belong to a group",
        "the group's members; organizers, who composed it",
        "you leave the site",
        label="Your memberships",
    ),
    Kept(
        "meetings.Meeting",
        "zone room video_link",
        "where a group meets",
        "the group's members",
        "the group is removed",
        Erased.STAYS,
        label="Meetings",
    ),
    Kept(
        "meetings.Meeting",
        "theme",
        "what a roundtable is about, in an organizer's words",
        "whoever is asked to it; organizers",
        "the group is removed",
        Erased.STAYS,
        label="The theme of a roundtable",
    ),
    Kept(
        "meetings.Meeting",
        "presenter",
        "who gives the talk at a roundtable",
        "who comes to it; organizers",
        "you let the seat go, or leave the site",
        Erased.UNNAMED,
        label="Who gives a talk",
    ),
    Kept(
        "meetings.GroupCadence",
        "zone",
        "by which rhythm, and on which clock, a group meets",
        "the group's members",
        "the group is removed",
        Erased.STAYS,
        label="The rhythm of a group",
    ),
    Kept(
        "meetings.HourBefore",
        "person",
        "that you want one more letter an hour before each meeting",
        "you",
        "you take it back",
        label="The letter an hour before",
    ),
    Kept(
        "meetings.SkippedReminder",
        "what",
        "which letter about a meeting came too late to be written",
        "whoever runs the site",
        "you leave the site",
        label="Reminders that were skipped",
    ),
    Kept(
        "meetings.RecordingYes",
        "person",
        "that you agree to a recording of the meeting you are at; told to nobody, and only all of them count",
        "you",
        "somebody comes or goes; the meeting ends",
        label="Your yes to a recording",
    ),
    Kept(
        "meetings.MeetingRole",
        "person",
        "who leads and who keeps time",
        "the group's members",
        "you leave the site",
        label="Who leads, who keeps time",
    ),
    Kept(
        "meetings.Seat",
        "person",
        "whether you come, your place in line, and whether you came",
        "that you come: the group's members, of a roundtable only who comes too; whether you came: you and who leads,"
        " and the members how often where the group chose that",
        "you leave the site",
        label="Your seats",
    ),
    Kept(
        "meetings.Poll",
        "zone opened_by reason",
        "that your group looks for an hour, who asked, and why one was chosen",
        "the group's members; organizers, without who asked",
        "the group is removed",
        Erased.UNNAMED,
        label="Polls about hours",
    ),
    Kept(
        "meetings.PollAnswer",
        "person",
        "which hours of a poll suit you; others see counts, once they have answered",
        "nobody but you",
        "you leave the site",
        label="Your answers in polls",
    ),
    Kept(
        "meetings.Toll",
        "person",
        "what unfair hours have cost you, so that they are shared",
        "you; organizers see how far the totals lie apart",
        "you leave the site",
        label="Your unfair hours",
    ),
    Kept(
        "meetings.Entry",
        "uid address organizer partstat",
        "the date in your own calendar, so that a change of it arrives there",
        "nobody",
        "you leave the site",
        label="Dates in your calendar",
    ),
    Kept(
        "meetings.Reply",
        "raw",
        "an answer that your mail program sent, encrypted, until it is judged",
        "nobody",
        "it is judged, mostly seconds later; 7 days at most",
        label="Mail that came in: its words",
    ),
    Kept(
        "meetings.Reply",
        "digest message_hash partstat verdict",
        "what became of a mail: so that none counts twice, and none after a later one",
        "nobody",
        "you leave the site; of mail that belongs to no seat 30 days",
        label="Mail that came in: what became of it",
    ),
    Kept(
        "meetings.CalendarChoice",
        "person",
        "whether your answers go into your calendar by letter",
        "nobody",
        "you leave the site",
        label="Your choice about your calendar",
    ),
    Kept(
        "meetings.Board",
        "rule tie",
        "how this meeting votes",
        "the meeting's readers",
        "the group is removed",
        Erased.STAYS,
        label="A meeting’s board",
    ),
    Kept(
        "meetings.Board",
        "secret",
        "so that who asks without a name can still change the question",
        "nobody",
        "the close of the meeting",
        Erased.STAYS,
        label="What lets you change a question without a name",
    ),
    Kept(
        "meetings.Topic",
        "title note sponsor hidden_author",
        "what your group wants to talk about, encrypted with the group's key; of a question without a name, a pseudonym"
        " that means nothing after the close",
        "members of the group who may read this meeting",
        "the group is removed, or 90 days after it closed; ears only: the close of the meeting",
        Erased.UNNAMED,
        label="Topics",
    ),
    Kept(
        "meetings.Round",
        "sponsor outcome",
        "which topics were talked about, and how a round ended",
        "members of the group who may read this meeting",
        "the group is removed, or 90 days after it closed",
        Erased.UNNAMED,
        label="Rounds",
    ),
    Kept(
        "meetings.Call",
        "secret",
        "while a vote is open, so that you can change yours; destroyed with the count",
        "nobody",
        "the count",
        Erased.STAYS,
        label="An open vote",
    ),
    Kept(
        "meetings.Dot",
        "voter",
        "your dots under a pseudonym, while a vote is open",
        "nobody",
        "the count",
        Erased.STAYS,
        label="Your dots",
    ),
    Kept(
        "meetings.Thumb",
        "voter",
        "your thumb under a pseudonym, while asked",
        "nobody",
        "the count",
        Erased.STAYS,
        label="Your thumb",
    ),
    Kept(
        "meetings.RequestKey",
        "voter",
        "so that a late repeat of a press does not undo a newer one",
        "nobody",
        "the count",
        Erased.STAYS,
        label="Presses that came late",
    ),
    Kept(
        "meetings.Tally",
        "reason",
        "how many dots and thumbs there were, without anybody's name",
        "members of the group who may read this meeting",
        "the group is removed",
        Erased.STAYS,
        label="Counts of votes",
    ),
    Kept(
        "meetings.Here",
        "person",
        "who is in the room",
        "the meeting's readers",
        "you leave the site",
        label="Who is in the room",
    ),
    Kept("meetings.Hand", "person", "whose hand is up", "the meeting's readers", "it is lowered", label="Raised hands"),
    Kept(
        "meetings.Done",
        "person",
        "who has finished voting",
        "the meeting's readers",
        "you leave the site",
        label="Who has finished voting",
    ),
    Kept(
        "meetings.Move",
        "what before",
        "the clock before each of the last moves, to take one back",
        "nobody",
        "the group is removed",
        Erased.STAYS,
        label="The clock’s last moves",
    ),
    Kept(
        "meetings.Takeaway",
        "text written_by",
        "what your group keeps from a round, encrypted with the group's key",
        "members of the group, from their first day on; of a roundtable, who was there",
        "the group is removed, or 90 days after it closed",
        Erased.UNNAMED,
        label="What your group keeps",
    ),
]


def declared() -> set[str]:
    """`app.Model.field` of everything in the register."""
    return {f"{kept.model}.{field}" for kept in REGISTER for field in kept.fields.split()}


def personal() -> set[str]:
    """`app.Model.field` of every text, and every link to a person, in all models that lead to a person."""
    known = [model for label in OURS + THEIRS for model in apps.get_app_config(label).get_models()]
    linked = linked_to_a_person(known)
    return {f"{model._meta.label}.{field.name}" for model in linked for field in told(model)}


def undeclared() -> set[str]:
    """Personal fields without a rule. There should be none."""
    return personal() - declared()


def linked_to_a_person(known: list[type[models.Model]]) -> set[type[models.Model]]:
    """The person's own model and all from which foreign keys lead to it, over however many steps."""
    person = apps.get_model(settings.AUTH_USER_MODEL)  # noqa: TID251 -- this layer may not know the members' app
    linked: set[Any] = {person}
    while more := {model for model in known if model not in linked and leads_to(model) & linked}:
        linked |= more
    return linked


def leads_to(model: type[models.Model]) -> set[Any]:
    """The models that this one's foreign keys point at."""
    return {field.related_model for field in model._meta.concrete_fields if field.is_relation}


def told(model: type[models.Model]) -> Iterator[models.Field[Any, Any]]:
    """The fields that can say something about somebody: free text, bytes, and the link to the person itself."""
    for field in model._meta.concrete_fields:
        text = isinstance(field, TEXTS) or field.get_internal_type() == "BinaryField"
        if (text and not field.choices and field.name != "public_id") or points_at_a_person(field):
            yield field


def points_at_a_person(field: models.Field[Any, Any]) -> bool:
    return field.related_model is apps.get_model(settings.AUTH_USER_MODEL)  # noqa: TID251 -- as above

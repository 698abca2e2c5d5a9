"""The dates of roundtables for their organizer: set, changed, and letters to the pool. Counts, host and talk only."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from groups.admin.desk import context, done, person_of
from groups.models.group import Group
from meetings import access, archive, opening, tablehealth
from meetings.models.meeting import Meeting, MeetingRole, Role
from meetings.models.meeting import State as MeetingState
from meetings.models.seat import State
from meetings.opening import Pool
from meetings.tableforms import DateForm, People, TableForm
from members.models.person import Person
from members.models.program import Program, Roster
from roundtable import clock, moments
from roundtable.errors import NotAllowed

PAGE = "admin:groups_table_date"
PAST = 12  # dates, about a year and a half
SET = "The date is set, and the host has a letter. Everybody who waits is asked three weeks before, or when you say so."
CHANGED = "Changed. Seats that came free went down the line at once."
WAITS = Q(seats__state=State.WAITING, seats__number=None)


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """All dates of a program's roundtables in counts, and a form to set one."""
    organizer = person_of(request)
    program = access.program_of_organizer(organizer, slug)
    pools = opening.pools_to_set(program, organizer, now=clock.now())
    form = date_form(request, program, pools)
    if request.method == "POST" and pools and form.is_valid():
        meeting = added(form, program, organizer)
        if meeting is not None:
            messages.success(request, SET)
            return redirect(PAGE, meeting.public_id)
    return render(request, "admin/meetings/tables.html", page(request, program, pools, form, organizer))


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, key: str) -> HttpResponse:
    """One date: its counts, and a form for seats, format, theme and talk."""
    organizer = person_of(request)
    meeting = access.date_of_organizer(organizer, key)
    form = change_form(request, meeting, organizer)
    if request.method == "POST" and form.is_valid():
        try:
            opening.change(meeting, told=form.told, by=organizer)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, CHANGED)
            return redirect(PAGE, key)
    shown = counted(Meeting.objects.filter(pk=meeting.pk), organizer)[0]
    return render(request, "admin/meetings/table.html", context(request, str(meeting.group), **shown, form=form))


@require_POST
def ask(request: HttpRequest, key: str) -> HttpResponse:
    """Letters to everybody of the pool who was not asked, in random order."""
    organizer = person_of(request)
    meeting = access.date_of_organizer(organizer, key)
    said = "Everybody who waits in this pool has been asked now."
    return done(request, partial(opening.ask, meeting, by=organizer), said, back=PAGE, key=key)


@require_POST
def show_archive(request: HttpRequest, slug: str) -> HttpResponse:
    """Everybody sees what the roundtables were about, or nobody."""
    organizer = person_of(request)
    program = access.program_to_show(organizer, slug)
    shown = request.POST.get("shown") == "yes"
    said = "Everybody sees the archive now." if shown else "The archive is hidden."
    act = partial(archive.show, program, shown=shown, by=organizer)
    return done(request, act, said, back="admin:groups_tables", key=slug)


def date_form(request: HttpRequest, program: Program, pools: list[Pool]) -> DateForm:
    people = {person.public_id: person for pool in pools for person in pool.people}
    people |= {person.public_id: person for person in opening.hosts(program)}
    words = [(pool, f"{pool.words} ({moments.city(pool.zone)} time)") for pool in pools]
    return DateForm(request.POST if request.method == "POST" else None, pools=words, people=by_name(people))


def by_name(people: People) -> People:
    return dict(sorted(people.items(), key=lambda item: (item[1].name, item[1].pk)))


def added(form: DateForm, program: Program, organizer: Person) -> Meeting | None:
    """The new date, or nothing with the refusal on the form."""
    on, at, host = form.cleaned_data["on"], form.cleaned_data["at"], form.host_chosen
    try:
        return opening.set_date(program, form.pool_chosen, on=on, at=at, host=host, told=form.told, by=organizer)
    except NotAllowed as refusal:
        form.add_error(None, str(refusal))
        return None


def change_form(request: HttpRequest, meeting: Meeting, organizer: Person) -> TableForm:
    """Whoever was asked, or could be, may be named for a talk: it does not show who of them answered."""
    pools = opening.pools_to_set(meeting.group.program, organizer, now=clock.now())
    people = {one.public_id: one for pool in pools if pool.group == meeting.group for one in pool.people}
    people |= {one.public_id: one for one in opening.hosts(meeting.group.program)}
    people |= {one.public_id: one for one in Person.objects.filter(seats__meeting=meeting)}
    presenter = meeting.presenter.public_id if meeting.presenter else ""
    given = {
        "cap": meeting.cap,
        "form": meeting.whole_format or meeting.format,
        "theme": meeting.theme,
        "presenter": presenter,
    }
    return TableForm(request.POST if request.method == "POST" else None, people=by_name(people), initial=given)


def page(
    request: HttpRequest, program: Program, pools: list[Pool], form: DateForm, organizer: Person
) -> dict[str, object]:
    """Dates to come, the next one first, and those behind, the last one first; the same queries for any number."""
    groups = Group.objects.organized_by(organizer).filter(program=program, roster=Roster.OPEN)
    dates, now = Meeting.objects.filter(group__in=groups), clock.now()
    past = dates.filter(ends_at__lte=now).exclude(state=MeetingState.CANCELLED).order_by("-starts_at", "-pk")
    tables = [
        ("To come", counted(dates.coming_up(now), organizer)),
        ("Behind", counted(past[:PAST], organizer)),
    ]
    title, shown = f"Roundtables of {program.name}", [one for one in tables if one[1]]
    more = {
        "turnouts": tablehealth.of_groups(groups, now=now),
        "may_show": program in Program.objects.organized_as_a_whole_by(organizer),
        "is_shown": archive.is_shown(program),
    }
    return context(request, title, program=program, pools=pools, form=form, tables=shown, **more)


def counted(dates: QuerySet[Meeting], organizer: Person) -> list[dict[str, object]]:
    """Each date with how many have a seat, stand in line and have not answered. Two queries."""
    rows = dates.select_related("group", "presenter").annotate(
        taken=Count("seats", filter=~Q(seats__number=None)),
        waiting=Count("seats", filter=WAITS),
        silent=Count("seats", filter=Q(seats__state=State.INVITED)),
    )
    meetings = list(rows)
    led = MeetingRole.objects.filter(meeting__in=meetings, role=Role.FACILITATOR).select_related("person")
    hosts = {role.meeting_id: role.person for role in led}
    return [row(meeting, hosts.get(meeting.pk), organizer) for meeting in meetings]


def row(meeting: Meeting, host: Person | None, organizer: Person) -> dict[str, object]:
    when = moments.both(meeting.starts_at, meeting.zone, organizer.zone)
    is_open = meeting.state == MeetingState.PLANNED and meeting.starts_at > clock.now()
    return {"meeting": meeting, "when": when, "host": host, "is_open": is_open}

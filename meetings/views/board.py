"""The board: its page, its shared part for who polls, and one address for each kind of press.

Every press is an ordinary POST that ends in a redirect; the page's script asks for JSON instead and gets its own part.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meetings import (
    access,
    attending,
    board,
    calls,
    closing,
    handcounting,
    keeping,
    ownpart,
    promising,
    qr,
    reading,
    tidying,
    topics,
)
from meetings.agenda import Opening
from meetings.boxes import Box, Phase
from meetings.forms import (
    BallotForm,
    EditTopicForm,
    MergeForm,
    PromiseForm,
    PulseForm,
    TakeawayForm,
    TopicForm,
    TurnForm,
    pressed,
)
from meetings.leading import Silence
from meetings.models.meeting import Role
from meetings.parts import Shared
from meetings.views.press import first_error, guarded, me, press, with_words
from meetings.voting import Thumb
from members.models.person import Person
from roundtable import clock
from roundtable.errors import NotAllowed
from roundtable.templating import Piece

WRITING = (Phase.OPEN, Phase.HOPES, Phase.PROPOSE, Phase.PROMISING, Phase.CLOSING)


@require_safe
def page(request: HttpRequest, public_id: str) -> HttpResponse:
    """The whole board for one reader; `?view=room` is the wall's view, without anything of one's own."""
    table = access.board(me(request), public_id)
    shared, room = reading.read(table.meeting_id).shared, request.GET.get("view") == "room"
    address = request.build_absolute_uri(reverse("meetings:board", args=[public_id]))
    context: dict[str, Any] = {
        "shared": shared,
        "part": Piece(reading.part(shared)),
        "view": "room" if room else "own",
        "every": request.GET.get("every") == "10",
        "edition": reading.edition(),
        "address": address,
        "code": qr.code_of(address) if room else None,
    }
    context |= {} if room else of_mine(table, me(request), shared)
    context["renews"] = context["every"] and not writes(shared, context.get("rights", ""))
    return render(request, "meetings/board.html", context)


def of_mine(table: Any, person: Person, shared: Shared) -> dict[str, Any]:
    """What stands on one person's page and on no wall: their own part, what they may press, and their forms."""
    mine = ownpart.own(table, person)
    held = rights(shared, mine)
    return {
        "own": mine,
        "mine": ownpart.mine(shared, mine),
        "agreed": [card for card in shared.discussed if card.takeaway_id in mine["agrees"]],
        "rights": held,
        "hands": ownpart.by_hand(table) if "keep" in held.split() else {},
        "left_over": ownpart.left_over(table, person),
        "before": ownpart.discussed_before(table, person),
        "promise_form": PromiseForm(initial={"text": ownpart.promised(table, person)}, auto_id="promise_%s"),
        "pulse_form": PulseForm(initial=ownpart.pulsed(table, person)),
        "topic_form": TopicForm(initial={"key": uuid.uuid4()}),
        "takeaway_form": TakeawayForm(initial=ownpart.last_takeaway(table)),
        "key": uuid.uuid4(),
    }


def writes(shared: Shared, held: str) -> bool:
    """Whether this person may be writing something, which a page that comes anew would take away."""
    return shared.phase in WRITING or (shared.box == Box.TAKEAWAY and "sponsor" in held.split())


def rights(shared: Shared, mine: dict[str, Any]) -> str:
    """What the page offers this person; the actions ask again."""
    leads, keeps = (role["id"] == mine["me"] for role in (shared.facilitator, shared.timekeeper))
    needed = Silence.TIMEKEEPER if keeps else Silence.ANYBODY
    devices = [one["id"] for one in shared.here if not one["in_room"]]
    held = {
        "lead": leads,
        "keep": leads or keeps,
        "sponsor": shared.opener == mine["me"] or (leads and shared.opener not in devices),
        "here": mine["here"],
        "unled": mine["here"] and not leads and mine["silence"] >= needed,
        "away": not mine["here"],
        "turn": shared.turn is not None and shared.turn.id == mine["me"],
        "asked": shared.asked.get("id") == mine["me"] or leads,
        "back": mine["me"] in shared.facilitator["back"].split(),
        "speak": shared.speaker.get("id") == mine["me"],
        "hear": leads or mine["me"] in (shared.speaker.get("id"), shared.opener, shared.turn.id if shared.turn else ""),
        "tidy": bool(mine["topics"]) if shared.phase == "open" else leads,
    }
    return " ".join(name for name, holds in held.items() if holds)


@require_safe
def shared(request: HttpRequest, public_id: str) -> HttpResponse:
    """The shared part for who has no stream; nothing when the page has this version already."""
    table = access.board(me(request), public_id)
    quiet = {"X-Board-Silence": str(int(table.silence(clock.now())))}
    if request.GET.get("after") == str(table.version):
        return HttpResponse(status=204, headers=quiet)
    seen = reading.read(table.meeting_id).shared
    answer = HttpResponse(reading.part(seen))
    for name, value in {**quiet, "X-Board-Version": str(seen.version)}.items():
        answer[name] = value
    return answer


@require_safe
def own(request: HttpRequest, public_id: str) -> HttpResponse:
    """My own part, for my other device and after a pause."""
    table = access.board(me(request), public_id)
    return JsonResponse({"version": table.version, **ownpart.own(table, me(request))})


@require_POST
def turn(request: HttpRequest, public_id: str) -> HttpResponse:
    """A press on the clock or the phases."""
    form = TurnForm(request.POST)

    def act(table: Any, person: Person) -> object:
        if not form.is_valid():
            raise first_error(form)
        name, _, of = form.cleaned_data["act"].partition(":")
        step = form.cleaned_data["step"] or 0
        if name not in TURNS:
            raise NotAllowed("This button is not known here; load the page again.")
        return TURNS[name](table, person, step, of)

    return press(request, public_id, act)


def _go(table: Any, person: Person, step: int, of: str) -> str:
    if of not in set(Phase):
        raise NotAllowed("The board has no such part.")
    return board.go(table, by=person, step=step, phase=Phase(of))


def _next(table: Any, person: Person, step: int, of: str) -> str:
    offered = Opening(of) if of in set(Opening) else None
    return board.next_topic(table, by=person, step=step, offered=offered)


def _choose(table: Any, person: Person, step: int, of: str) -> None:
    option, _, word = of.partition(":")
    board.choose(table, by=person, option=option, on=word == "on")


Turner = Callable[[Any, Person, int, str], object]
TURNS: dict[str, Turner] = {
    "begin": lambda table, person, step, of: board.begin(table, by=person, step=step),
    "enough": lambda table, person, step, of: board.enough(table, by=person, step=step),
    "said": lambda table, person, step, of: board.end_turn(table, by=person, step=step, passed=False),
    "pass": lambda table, person, step, of: board.end_turn(table, by=person, step=step, passed=True),
    "over": lambda table, person, step, of: board.over_to_you(table, by=person, step=step),
    "pause": lambda table, person, step, of: board.pause(table, by=person, step=step),
    "resume": lambda table, person, step, of: board.resume(table, by=person, step=step),
    "plus_minute": lambda table, person, step, of: board.plus_minute(table, by=person, step=step),
    "put_off": lambda table, person, step, of: board.put_off(table, by=person, step=step),
    "next": _next,
    "undo": lambda table, person, step, of: board.undo(table, by=person, step=step),
    "close": lambda table, person, step, of: board.close(table, by=person, step=step),
    "extend": lambda table, person, step, of: board.decide(table, by=person, step=step, extend=True),
    "move_on": lambda table, person, step, of: board.decide(table, by=person, step=step, extend=False),
    "option": _choose,
    "autopilot": lambda table, person, step, of: board.autopilot(table, by=person, step=step, on=of == "on"),
    "open": lambda table, person, step, of: board.open_topic(table, by=person, step=step, topic=of),
    "short": lambda table, person, step, of: board.open_topic(table, by=person, step=step, topic=of, short=True),
    "go": _go,
}


@require_POST
def dot(request: HttpRequest, public_id: str) -> HttpResponse:
    """So many of my dots on this topic: `place` is the topic and the number, as one button says them."""
    topic, _, number = request.POST.get("place", "").partition(":")
    form = BallotForm({**request.POST.dict(), "topic": topic, "dots": number})

    def act(table: Any, person: Person) -> None:
        if not form.is_valid() or form.cleaned_data["dots"] is None:
            raise NotAllowed("This press did not arrive whole; press again.")
        given = form.cleaned_data
        calls.dots(table, by=person, **{name: given[name] for name in ("topic", "dots", "key", "call")})

    return press(request, public_id, act)


@require_POST
def thumb(request: HttpRequest, public_id: str) -> HttpResponse:
    """My thumb."""
    form = BallotForm(request.POST)

    def act(table: Any, person: Person) -> None:
        if not form.is_valid() or not form.cleaned_data["thumb"]:
            raise NotAllowed("This press did not arrive whole; press again.")
        given = form.cleaned_data
        calls.thumb(table, by=person, way=Thumb(given["thumb"]), key=given["key"], call=given["call"])

    return press(request, public_id, act)


@require_POST
def attend(request: HttpRequest, public_id: str) -> HttpResponse:
    """Presence, hands, being done, and who leads."""
    name, of = pressed(request.POST)

    def act(table: Any, person: Person) -> object:
        if name not in PEOPLE:
            raise NotAllowed("This button is not known here; load the page again.")
        return PEOPLE[name](table, person, of)

    return press(request, public_id, act)


def _tell(word: promising.Word, table: Any, person: Person, of: str) -> None:
    promising.tell(table, by=person, promise=of, word=word)


PEOPLE: dict[str, Callable[[Any, Person, str], object]] = {
    "here": lambda table, person, of: attending.here(table, by=person),
    "gone": lambda table, person, of: attending.gone(table, by=person),
    "hand": lambda table, person, of: attending.hand(table, by=person, up=True),
    "lower": lambda table, person, of: attending.hand(table, by=person, up=False),
    "done": lambda table, person, of: calls.done(table, by=person),
    "alive": lambda table, person, of: attending.sign_of_life(table, by=person),
    "take_over": lambda table, person, of: attending.take_over(table, by=person),
    "lower_of": lambda table, person, of: attending.lower(table, by=person, of=of),
    "speaker": lambda table, person, of: attending.name_speaker(table, by=person, of=of),
    "in_room": lambda table, person, of: handcounting.seat(table, by=person, person=of, there=True),
    "out_of_room": lambda table, person, of: handcounting.seat(table, by=person, person=of, there=False),
    "accept_next": lambda table, person, of: closing.accept_next(table, by=person),
    **{f"promise_{word}": partial(_tell, word) for word in promising.WORDS},
    "take_back": lambda table, person, of: attending.take_back(table, by=person, role=Role.FACILITATOR),
    "lead": lambda table, person, of: attending.hand_over(table, by=person, role=Role.FACILITATOR, to=of),
    "keep": lambda table, person, of: attending.hand_over(table, by=person, role=Role.TIMEKEEPER, to=of),
}


@require_POST
def propose(request: HttpRequest, public_id: str) -> HttpResponse:
    """A topic of mine."""
    form = TopicForm(request.POST)

    def act(table: Any, person: Person) -> None:
        if not form.is_valid():
            raise first_error(form)
        topics.propose(table, by=person, **form.cleaned_data)

    page = {"title": "My topic", "address": "propose", "button": "Put it on the board"}
    return press(request, public_id, act, back=with_words(request, public_id, form, page=page))


@require_POST
def bring(request: HttpRequest, public_id: str) -> HttpResponse:
    """Somebody brings a topic, withdraws it, or keeps it for ears only."""
    name, topic = pressed(request.POST)
    form = MergeForm(request.POST)

    def act(table: Any, person: Person) -> object:
        if name not in BRINGS or not form.is_valid():
            raise NotAllowed("This button is not known here; load the page again.")
        return BRINGS[name](table, person, topic, form.cleaned_data)

    return press(request, public_id, act)


BRINGS: dict[str, Callable[[Any, Person, str, dict[str, Any]], object]] = {
    "sponsor": lambda table, person, topic, more: topics.sponsor(table, by=person, topic=topic),
    "ask_next": lambda table, person, topic, more: topics.ask_next(table, by=person),
    "withdraw": lambda table, person, topic, more: topics.withdraw(table, by=person, topic=topic),
    "ears": lambda table, person, topic, more: topics.ears_only(table, by=person, topic=topic),
    "merge": lambda table, person, topic, more: tidying.merge(
        table, by=person, child=more["child"], parent=more["into"]
    ),
    "keep": lambda table, person, topic, more: topics.keep(table, by=person, topic=topic),
    "again": lambda table, person, topic, more: topics.again(table, by=person, topic=topic),
    "offer": lambda table, person, topic, more: topics.offer_again(table, by=person, topic=topic),
    "bring_again": lambda table, person, topic, more: topics.bring_again(table, by=person, topic=topic),
    "agree": lambda table, person, of, more: topics.agree(table, by=person, takeaway=of, along=True),
    "agree_no": lambda table, person, of, more: topics.agree(table, by=person, takeaway=of, along=False),
    "split": lambda table, person, topic, more: tidying.split(table, by=person, topic=topic),
}


@require_http_methods(["GET", "HEAD", "POST"])
def topic(request: HttpRequest, public_id: str, topic_id: str) -> HttpResponse:
    """Edit my topic. Was it changed meanwhile, the page shows both texts."""
    table = guarded(request, public_id) if request.method == "POST" else access.board(me(request), public_id)
    found = ownpart.editable(table, me(request), topic_id)
    if found is None:
        raise Http404
    sent = request.POST.copy()
    form = EditTopicForm(sent or None, initial=vars_of(found))
    if form.is_valid():
        try:
            topics.edit(table, by=me(request), topic=topic_id, **form.cleaned_data)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
            sent["revision"] = str(found.revision)
        else:
            return redirect("meetings:board", public_id)
    return render(request, "meetings/board_topic.html", {"form": form, "topic": found, "public_id": public_id})


def vars_of(found: Any) -> dict[str, object]:
    """The fields of the form that edits a topic."""
    return {"title": found.title, "note": found.note, "links": found.resources, "revision": found.revision}


@require_POST
def takeaway(request: HttpRequest, public_id: str) -> HttpResponse:
    """What the group keeps from the last round, by its sponsor. Words that were not taken come back: to be shortened,
    or beside those that somebody else has written meanwhile.
    """
    sent = request.POST.copy()
    form = TakeawayForm(sent)

    def act(table: Any, person: Person) -> object:
        if not form.is_valid():
            raise first_error(form)
        return board.sum_up(table, by=person, text=form.cleaned_data["text"], revision=form.cleaned_data["revision"])

    def back(refusal: NotAllowed) -> HttpResponse:
        stands = refusal.stands if isinstance(refusal, keeping.Changed) else {}
        sent["revision"] = str(stands.get("revision", sent.get("revision", 0)))
        page = {"title": "The takeaway", "address": "takeaway", "button": "Keep it", "stands": stands}
        return with_words(request, public_id, form, page=page)(refusal)

    return press(request, public_id, act, back=back)

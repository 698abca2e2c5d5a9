"""How the hours of a poll stand: what was said, who is silent, for whom an hour lies outside their own. Counts only."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from meetings import polls, rhythms, slots, weeks
from meetings.models.poll import Kind, Option, Poll
from meetings.models.pollanswer import PollAnswer
from meetings.polls import Reply
from members.models.person import Person

Judge = Callable[[Option, Sequence[slots.Person]], slots.Slot]


def silent(poll: Poll, options: Sequence[Option]) -> list[Person]:
    """Members who have not said a word to some hour that is asked."""
    said: dict[int, int] = {}
    for person in PollAnswer.objects.filter(option__in=options).values_list("person", flat=True):
        said[person] = said.get(person, 0) + 1
    return [one for one in weeks.members_of(poll.group) if said.get(one.pk, 0) < len(options)]


def replies_of(poll: Poll, person: Person) -> dict[int, Reply]:
    """What one member has said, by hour."""
    rows = PollAnswer.objects.filter(option__poll=poll, person=person).values_list("option", "reply")
    return {key: Reply(reply) for key, reply in rows}


def counts(poll: Poll, options: Sequence[Option]) -> dict[int, polls.Count]:
    """How each hour stands, among who belongs today. Three queries for any number of hours and members."""
    members = weeks.members_of(poll.group)
    keys = {one.pk for one in members}
    rows = PollAnswer.objects.filter(option__in=options, person__in=keys).values_list("option", "person", "reply")
    said: dict[int, dict[int, Reply]] = {option.pk: {} for option in options}
    for key, person, reply in rows:
        said[key][person] = Reply(reply)
    beyond = outside(poll, options, members)
    return {
        key: polls.count(
            replies.values(),
            members=len(members),
            outside=sum(replies.get(one, Reply.NO) == Reply.NO for one in beyond[key]),
        )
        for key, replies in said.items()
    }


def outside(poll: Poll, options: Sequence[Option], members: Sequence[Person]) -> dict[int, set[int]]:
    """Of each hour, for whom it lies outside their own hours: on its date, or on any date of a year."""
    people, judge = weeks.of_members(poll.group, members), judge_of(poll)
    judged = {option.pk: {one.id: judge(option, [one]) for one in people} for option in options}
    return {key: {int(one) for one, slot in found.items() if not slot.fits_all} for key, found in judged.items()}


def judge_of(poll: Poll) -> Judge:
    """What an hour of this poll is for these or those people: of a single date that date alone, of a new hour a year of
    the dates that the group would have.
    """
    if poll.kind == Kind.HOUR:
        there = rhythms.elsewhere(poll.group, poll.from_date)
        return lambda option, people: at_slot(there, people, option.slot)
    return lambda option, people: slots.judge(people, [option.on], at=option.at, zone=poll.zone, minutes=poll.minutes)


def at_slot(there: rhythms.Elsewhere, people: Sequence[slots.Person], slot: int) -> slots.Slot:
    """A half hour of the week, judged on a year of the dates that the group would have there."""
    rhythm = there.at(slot)
    days = rhythms.year(rhythm, rhythm.first_date)
    return slots.judge(people, days, at=rhythm.at, zone=rhythm.zone, minutes=rhythm.minutes)

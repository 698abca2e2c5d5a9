"""The application, page by page. A page asks one thing, and says why; what is typed is kept whether right or wrong."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.core import signing
from django.urls import reverse

from members import answers, gazetteer
from members.forms.alone import Alone
from members.forms.fields import Line, NameList, Page, PlainLines, PlainText, ZoneField, one_of, several
from members.forms.hours import WeekForm
from members.models.application import CADENCES, CODING, COULD, ORG_SIZES, ROLES, Mode
from members.models.asking import Question, Readers
from members.models.conduct import WORDINGS
from members.models.place import whole_name
from members.wishes import COMPANY_SIZES, HEARD, MINUTES, RIDES, SIZES
from roundtable import clock

MOST_TOPICS, MOST_APART = 5, 5
SOONEST, LATEST = timedelta(seconds=3), timedelta(days=1)
BEGUN = signing.Signer(salt="members.application")
TOO_FAST = "That was faster than anybody types. Nothing is lost: please send it once more."
TOO_OLD = "This page was open for more than a day. Nothing is lost: please send it once more."
NONE_OF_THESE = "0"
NO_COMPANY = (answers.BETWEEN_JOBS, answers.RATHER_NOT_SAY)

READ_BY = {
    Readers.ORGANIZERS: "Organizers read your answer, nobody else.",
    Readers.GROUP: "Organizers read your answer, and your group once it is sealed.",
}


class You(Page):
    title = "You"
    why = "So that we can write to you, and so that the others know what to call you."

    name = PlainText(
        label="Name to use",
        max_length=120,
        help_text="What should people call you?",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    initials = PlainText(
        label="Initials",
        max_length=6,
        required=False,
        help_text="Until a group is sealed, others see these and not your name. Empty: the first letters of your name.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label="E-mail",
        max_length=254,
        help_text="Choose one that outlives your job. At the end we send a code to it.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    pronouns = PlainText(
        label="Pronouns",
        max_length=40,
        required=False,
        help_text="Shown on your card: she/her, they/them, “use my name”, your own words, or nothing.",
        widget=forms.TextInput(attrs={"list": "pronouns", "autocomplete": "off"}),
    )


class Gate(forms.Form):
    """What tells people from programs on the first page: a trap with a label, and how long the page was open."""

    website = Line(
        label="Website (leave this empty; it is a trap for programs)",
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    begun = Line(widget=forms.HiddenInput, required=False)

    @property
    def refusal(self) -> str:
        """Empty for a person; else what to tell somebody who may be one after all."""
        age = _age(self.data.get("begun", ""))
        if self.data.get("website") or age is None or age < SOONEST:
            return TOO_FAST
        return TOO_OLD if age > LATEST else ""

    @property
    def again(self) -> str:
        """The moment for the page that is shown once more: the same while it counts, else one that counts at once."""
        age = _age(self.data.get("begun", ""))
        return self.data["begun"] if age is not None and age <= LATEST else begun(ago=SOONEST)


def begun(*, ago: timedelta = timedelta(0)) -> str:
    """This moment, signed, for a page that will come back."""
    return BEGUN.sign(str(int((clock.now() - ago).timestamp())))


def _age(moment: str) -> timedelta | None:
    try:
        return timedelta(seconds=clock.now().timestamp() - int(BEGUN.unsign(moment)))
    except signing.BadSignature:
        return None


class Work(Page):
    title = "Your work"
    why = "A good table mixes people of similar scope, and never two of one company."

    role = one_of(ROLES, label="Your role", help_text="The nearest is fine.")
    role_text = PlainText(label="Job title", max_length=120, required=False)
    org_size = forms.ChoiceField(
        label="People in your part of the organisation",
        choices=[("", "—"), *ORG_SIZES.items()],
        help_text="So that we find peers of similar scope.",
    )
    years_in_tech = forms.IntegerField(label="Years in technology", min_value=0, max_value=80, required=False)
    years_leading = forms.IntegerField(
        label="Years leading people",
        min_value=0,
        max_value=80,
        required=False,
        help_text="Spread helps; it is no entrance exam.",
    )
    still_coding = forms.ChoiceField(
        label="Still writing code at work?",
        choices=[("", "—"), *CODING.items()],
        required=False,
        help_text="Some look for exactly this.",
    )
    company_is = one_of(
        {"named": "I name it below", **{words: words for words in NO_COMPANY}},
        label="Where you work",
        required=False,
        initial="named",
        help_text="We never seat two people of one company.",
    )
    company = PlainText(
        label="Company",
        max_length=120,
        help_text="This, or the sector below.",
        error_messages={"required": "Tell us the company or the sector, or choose “between jobs” or “rather not say”."},
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    sector = PlainText(label="Sector", max_length=80, required=False, help_text="For example health, games, banking.")
    company_size = forms.ChoiceField(
        label="People in the whole company", choices=list(COMPANY_SIZES.items()), required=False
    )
    shows_company = forms.TypedChoiceField(
        label="On your card others see",
        choices=[("yes", "the company"), ("no", "sector and size only")],
        coerce=lambda value: value == "yes",
        initial="yes",
        widget=forms.RadioSelect,
        help_text="There is one CTO per company, so a company’s name can give a person away.",
    )
    keep_apart = NameList(
        label="Keep me apart from",
        most=MOST_APART,
        required=False,
        help_text=f"Up to {MOST_APART} people or companies, one to a line. Only organizers see it. No reason needed.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["company"].required = not self.data.get("sector") and self.data.get("company_is") not in NO_COMPANY

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("company_is") in NO_COMPANY:
            cleaned["company"] = cleaned["company_is"]
        if cleaned.get("shows_company") is False and not cleaned.get("sector"):
            self.add_error("sector", "Your card shows the sector instead of the company: please name one.")
        return cleaned


class Where(Page):
    title = "Where and how"
    why = "Who wants a room is matched near it; who prefers video, by the clock."

    mode = one_of(
        dict(Mode.choices), label="How would you like to meet?", help_text="“Video only” is never put into a room."
    )
    place_text = PlainText(
        label="City or area",
        max_length=200,
        help_text="A city is enough. For video alone you may leave it empty.",
        error_messages={"required": "To meet in person we need a city or an area."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    place_id = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)
    meant = forms.ChoiceField(label="Which one did you mean?", widget=forms.RadioSelect, required=False)
    zone = ZoneField(label="Time zone", help_text="Your hours, and all times we write to you, go by this clock.")
    in_town = PlainText(
        label="Where in town?",
        max_length=120,
        required=False,
        help_text="To meet in person: an area, or a station that you pass anyway.",
    )
    longest_ride = forms.ChoiceField(label="The longest way there", choices=list(RIDES.items()), required=False)

    def __init__(self, *args: Any, meanings: Iterable[tuple[int, str]] = (), **options: Any) -> None:
        """`meanings` are the places that the text may mean, where it is not clear."""
        super().__init__(*args, **options)
        self.fields["place_text"].widget.attrs["data-places"] = reverse("members:places")
        self.fields["place_text"].required = self.data.get("mode") != Mode.VIDEO
        self.meanings = list(meanings)
        if not self.meanings:
            del self.fields["meant"]
            return
        choices = [(str(place_id), label) for place_id, label in self.meanings]
        self.fields["meant"].choices = [*choices, (NONE_OF_THESE, "none of these; I wrote it as it is")]  # type: ignore[attr-defined]
        self.fields["meant"].required = True
        self.fields["meant"].error_messages["required"] = (
            "Is it one of these? Then choose it, so that we find people near you."
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        says_nothing = not cleaned.get("place_text") and not self.has_error("place_text")
        if cleaned.get("mode") not in (None, Mode.VIDEO) and says_nothing:
            self.add_error("place_text", "To meet in person we need a city or an area.")
        cleaned["place_id"] = self._picked(cleaned)
        return cleaned

    @staticmethod
    def _picked(cleaned: dict[str, Any]) -> int | None:
        """The place chosen among several; or the one picked while typing, if the words are still its name."""
        if cleaned.get("meant", NONE_OF_THESE) != NONE_OF_THESE:
            return int(cleaned["meant"])
        city = gazetteer.city(cleaned.get("place_id") or 0)
        return city.id if city and whole_name(city) == cleaned.get("place_text") else None


class Times(Page, WeekForm):
    title = "Your hours"
    why = "A group needs one stretch of the week that suits everybody in it."

    rhythm = one_of({**CADENCES, "either": "either"}, label="How often can you really come?")
    minutes = forms.ChoiceField(
        label="How long should a meeting be?", choices=list(MINUTES.items()), required=False, widget=forms.RadioSelect
    )


class Wishes(Page):
    title = "Topics and wishes"
    why = "People who share two topics have something to talk about from the first evening on."

    topics = several(
        {topic: topic for topic in answers.TOPICS},
        label="Topics",
        help_text=f"What would you bring up tomorrow? Up to {MOST_TOPICS}.",
    )
    own_topic = PlainText(label="One more, in your own words", max_length=80, required=False)
    gives = PlainLines(
        label="What I could give",
        max_length=300,
        required=False,
        help_text="Two lines each are plenty. Organizers read them.",
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 300}),
    )
    stuck_on = PlainLines(
        label="What I am stuck on",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 300}),
    )
    shares_words = forms.BooleanField(label="My group may read these two, once it is sealed.", required=False)
    size = forms.ChoiceField(
        label="Size you like",
        choices=list(SIZES.items()),
        required=False,
        help_text="A wish, not a promise.",
        widget=forms.RadioSelect,
    )
    could = several(COULD, label="I could …", help_text="Two willing people keep a group safe.")

    def __init__(self, *args: Any, questions: Iterable[Question] = (), **options: Any) -> None:
        """`questions` are the program's own; each says who reads the answer."""
        super().__init__(*args, **options)
        for question in questions:
            self.fields[question.field] = PlainText(
                label=question.text, max_length=300, required=False, help_text=READ_BY[Readers(question.readers)]
            )

    def clean_topics(self) -> list[str]:
        topics = list(self.cleaned_data["topics"])
        if len(topics) > MOST_TOPICS:
            raise forms.ValidationError(f"Choose up to {MOST_TOPICS} topics; you ticked {len(topics)}.")
        return topics

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "topics" in cleaned and not cleaned["topics"] and not cleaned.get("own_topic"):
            self.add_error("topics", "Choose at least one topic, or write your own: it is what you would talk about.")
        return cleaned


class Check(Page):
    title = "Check and send"
    why = "Read it once more. Nothing leaves this page before you press the button."

    heard = forms.ChoiceField(
        label="How did you hear of this?",
        choices=list(HEARD.items()),
        required=False,
        help_text="It shows us whom we do not reach.",
    )
    sent_by = PlainText(
        label="Who sent you?",
        max_length=120,
        required=False,
        help_text="You and they are both asked before you share a group.",
    )
    agree_conduct = forms.BooleanField(label="I accept the code of conduct.")
    agree_data = forms.BooleanField(label=WORDINGS["data"])
    agree_coming = forms.BooleanField(label=WORDINGS["coming"])
    conduct = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=32767)

    def __init__(self, *args: Any, version: int | None = None, **options: Any) -> None:
        """`version` of the code of conduct is the one that stands beside the tick."""
        super().__init__(*args, **options)
        self.version = version
        self.fields["agree_conduct"].label = (
            f"I accept the code of conduct, version {version}." if version else CONDUCT_LATER
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        seen = cleaned.get("conduct")
        if seen and seen != self.version:
            self.add_error("agree_conduct", f"The code of conduct changed meanwhile; this is version {self.version}.")
        return cleaned


CONDUCT_LATER = "I will read the code of conduct and accept it before I meet anybody."
PAGES: dict[str, type[Page]] = {
    "you": You,
    "work": Work,
    "where": Where,
    "hours": Times,
    "wishes": Wishes,
    "alone": Alone,
    "check": Check,
}
FIRST, LAST = "you", "check"


def after(page: str) -> str:
    """The page that follows; after the last one there is none."""
    return dict(zip(PAGES, [*list(PAGES)[1:], ""], strict=True))[page]


def before(page: str) -> str:
    """The page that comes first; before the first one there is none."""
    return dict(zip(PAGES, ["", *PAGES], strict=False))[page]

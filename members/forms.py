"""What people type in, checked for its shape only; rules stand in the actions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core import signing

from members import answers
from members.folding import plain
from members.models.application import CADENCES, CODING, COULD, ORG_SIZES, ROLES, Mode
from members.models.conduct import WORDINGS
from members.stages import DECLINE_REASONS, DeclineCode
from members.weekhours import BLOCKS, DAYS, zone_name, zone_names

BLOCK_HOURS = {name: f"{first // 2:02d}–{end // 2:02d}" for name, (first, end) in BLOCKS.items()}
MOST_TOPICS = 5
FEWEST_BLOCKS = 3
TOO_FEW_BLOCKS = f"Tick at least {FEWEST_BLOCKS} blocks; fewer hardly ever meet anybody else's."
SOONEST = timedelta(seconds=3)
BEGUN = signing.TimestampSigner(salt="members.application")

NEVER_ALONE = {
    "gender": "gender",
    "race_or_ethnicity": "race or ethnicity",
    "lgbtq": "LGBTQ+",
    "disability_or_neurodivergence": "disability or neurodivergence",
    "age": "age",
    "carer": "being a carer",
    "first_language": "first language",
    "immigrant": "being an immigrant",
    "unusual_path": "an unusual path into the job",
    "role": "the only staff engineer among managers",
    "remote": "the only remote one",
}
HEARD = {
    "": "—",
    "friend": "a friend or colleague",
    "member": "a member",
    "community": "a community or meet-up",
    "search": "a search",
    "post": "a post or newsletter",
    "other": "something else",
}
SIZES = {"": "any", "6-7": "6 or 7", "8-9": "8 or 9", "12": "up to 12"}
MINUTES = {"": "any", "60": "60 minutes", "75": "75 minutes", "90": "90 minutes", "120": "two hours"}


class PlainText(forms.CharField):
    """One line of visible text: control, direction and zero-width characters are dropped."""

    def to_python(self, value: Any) -> str:
        return plain(str(value or ""))


class ZoneField(forms.ChoiceField):
    """A zone of the IANA list; old names that browsers still send are taken under their present one."""

    def __init__(self, **options: Any) -> None:
        zones = [("", "—"), *((name, name.replace("_", " ")) for name in sorted(zone_names()))]
        super().__init__(choices=zones, widget=forms.Select(attrs={"data-zone": ""}), **options)

    def to_python(self, value: Any) -> str:
        return zone_name(str(value or "")) or str(value or "")


class Blocks(forms.CheckboxSelectMultiple):
    """The week as a table, seven days across and five blocks down; one check box per cell."""

    template_name = "members/widgets/hours.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        chosen = set(value or ())
        rows = [
            (block, BLOCK_HOURS[block], [(day, f"{day} {block}", f"{day} {block}" in chosen) for day in DAYS])
            for block in BLOCKS
        ]
        return super().get_context(name, value, attrs) | {"rows": rows, "days": DAYS}


class HoursField(forms.MultipleChoiceField):
    """Blocks of the week, as "Mon early"."""

    def __init__(self, **options: Any) -> None:
        names = [f"{day} {block}" for day in DAYS for block in BLOCKS]
        super().__init__(choices=[(name, name) for name in names], widget=Blocks, **options)


def several(choices: dict[str, str], *, required: bool = False, **options: Any) -> forms.MultipleChoiceField:
    """Any number of a few things, as check boxes."""
    return forms.MultipleChoiceField(
        choices=list(choices.items()), widget=forms.CheckboxSelectMultiple, required=required, **options
    )


def one_of(choices: dict[Any, str], **options: Any) -> forms.ChoiceField:
    """One of a few things, as radio buttons."""
    return forms.ChoiceField(choices=list(choices.items()), widget=forms.RadioSelect, **options)


class HoursForm(forms.Form):
    """When a person can meet, on their own clock."""

    zone = ZoneField(label="Time zone", help_text="The hours below are hours of this clock.")
    good = HoursField(
        label="Good hours",
        error_messages={"required": TOO_FEW_BLOCKS},
        help_text=f"At least {FEWEST_BLOCKS} blocks. Be generous: each block finds more people. Nobody sees them.",
    )
    possible = HoursField(label="Possible, though not liked", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        blocks = {*cleaned.get("good", ()), *cleaned.get("possible", ())}
        if len(blocks) < FEWEST_BLOCKS and not self.has_error("good"):
            self.add_error("good", TOO_FEW_BLOCKS)
        return cleaned


class ApplicationForm(HoursForm):
    """Everything that changes a composition or the welcome, and nothing else."""

    email = forms.EmailField(label="E-mail", max_length=254, help_text="Choose one that outlives your job.")
    name = PlainText(label="Name to use", max_length=120, help_text="What should people call you?")
    initials = PlainText(
        label="Initials", max_length=6, required=False, help_text="Shown to others before the group is sealed."
    )
    pronouns = PlainText(
        label="Pronouns", max_length=40, required=False, help_text="Shown on your card. Your own words, or nothing."
    )

    mode = one_of(
        dict(Mode.choices), label="How would you like to meet?", help_text="“Video only” is never put into a room."
    )
    place_text = PlainText(
        label="City or area", max_length=200, required=False, help_text="Needed to meet in person. A city is enough."
    )

    role = one_of(ROLES, label="Your role", help_text="The nearest is fine.")
    role_text = PlainText(label="Job title", max_length=120, required=False)
    org_size = forms.ChoiceField(
        label="People in your part of the organisation",
        choices=[("", "—"), *ORG_SIZES.items()],
        help_text="So that we find peers of similar scope.",
    )
    years_in_tech = forms.IntegerField(label="Years in technology", min_value=0, max_value=80, required=False)
    years_leading = forms.IntegerField(label="Years leading", min_value=0, max_value=80, required=False)
    still_coding = forms.ChoiceField(
        label="Still writing code at work?", choices=[("", "—"), *CODING.items()], required=False
    )
    company = PlainText(
        label="Company",
        max_length=120,
        required=False,
        help_text="We never seat two people of one company. “Between jobs” and “rather not say” are fine.",
    )
    sector = PlainText(label="Sector", max_length=80, required=False)
    shows_company = forms.TypedChoiceField(
        label="On your card others see",
        choices=[("yes", "the company"), ("no", "sector and size only")],
        coerce=lambda value: value == "yes",
        initial="yes",
        help_text="There is one CTO per company, so a company's name can give a person away.",
    )

    topics = several(
        {topic: topic for topic in answers.TOPICS},
        label="Topics",
        required=True,
        error_messages={"required": "Choose at least one topic: it is what you would talk about."},
        help_text=f"What would you bring up tomorrow? Up to {MOST_TOPICS}.",
    )
    own_topic = PlainText(label="One more, in your own words", max_length=80, required=False)
    gives = forms.CharField(
        label="What I could give", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    stuck_on = forms.CharField(
        label="What I am stuck on", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    rhythm = one_of({**CADENCES, "either": "either"}, label="How often can you really come?")
    minutes = forms.ChoiceField(label="How long should a meeting be?", choices=list(MINUTES.items()), required=False)
    size = forms.ChoiceField(
        label="Size you like",
        choices=list(SIZES.items()),
        required=False,
        help_text="A wish, not a promise.",
    )
    could = several(COULD, label="I could …", help_text="Two willing people keep a group safe.")
    heard = forms.ChoiceField(
        label="How did you hear of this?",
        choices=list(HEARD.items()),
        required=False,
        help_text="It shows us whom we do not reach.",
    )

    gender = PlainText(
        label="Gender",
        max_length=60,
        required=False,
        help_text="Your own words. One use: nobody ends up the only one against their wish.",
    )
    never_alone = several(
        NEVER_ALONE,
        label="Where would it matter to be the only one in the room?",
        help_text="Leave empty if you do not mind. Nobody reads it; delete it any time.",
    )
    use_sensitive = forms.BooleanField(
        label=WORDINGS["sensitive"],
        required=False,
    )

    agree_conduct = forms.BooleanField(label="I accept the code of conduct.")
    agree_data = forms.BooleanField(label=WORDINGS["data"])
    agree_coming = forms.BooleanField(label=WORDINGS["coming"])

    website = forms.CharField(
        label="Website (leave this empty; it is a trap for programs)",
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    begun = forms.CharField(widget=forms.HiddenInput, required=False)

    sections = (
        ("About you", "", ("name", "initials", "email", "pronouns")),
        ("Where and how", "", ("mode", "place_text", "zone")),
        (
            "Your work",
            "",
            (
                *("role", "role_text", "org_size", "years_in_tech", "years_leading", "still_coding"),
                *("company", "sector", "shows_company"),
            ),
        ),
        ("What you would talk about", "", ("topics", "own_topic", "gives", "stuck_on")),
        ("When you can come", "", ("good", "possible", "rhythm", "minutes", "size", "could")),
        (
            "Not the only one",
            "Both questions are optional and kept apart from all else, encrypted. Only the solver that composes groups "
            "reads them: no organizer, no member, no list.",
            ("gender", "never_alone", "use_sensitive"),
        ),
        ("Agreements", "", ("heard", "agree_conduct", "agree_data", "agree_coming")),
    )

    field_order = [name for _, _, names in sections for name in names]

    def parts(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """The sections of the page with their fields."""
        return [(title, text, [self[name] for name in names]) for title, text, names in self.sections]

    def clean_topics(self) -> list[str]:
        topics = list(self.cleaned_data["topics"])
        if len(topics) > MOST_TOPICS:
            raise forms.ValidationError(f"Choose up to {MOST_TOPICS} topics; you ticked {len(topics)}.")
        return topics

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("mode") != Mode.VIDEO and "mode" in cleaned and not cleaned.get("place_text"):
            self.add_error("place_text", "To meet in person we need a city or an area.")
        if not cleaned.get("company") and not cleaned.get("sector"):
            self.add_error("company", "Tell us the company, the sector, or “between jobs”.")
        if (cleaned.get("gender") or cleaned.get("never_alone")) and not cleaned.get("use_sensitive"):
            self.add_error("use_sensitive", "Tick this, or empty the two answers above it.")
        return cleaned

    @property
    def is_from_a_program(self) -> bool:
        """The trap was filled, or the form came back faster than anybody types."""
        if self.cleaned_data["website"]:
            return True
        try:
            BEGUN.unsign(self.cleaned_data["begun"], max_age=SOONEST)
        except signing.SignatureExpired:
            return False
        except signing.BadSignature:
            return True
        return True


class CodeForm(forms.Form):
    """The code from the letter; spaces and case do not matter."""

    code = PlainText(
        label="Code",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )

    def clean_code(self) -> str:
        return self.cleaned_data["code"].replace(" ", "").replace("-", "").upper()


class ProfileForm(forms.Form):
    """What others see of a person, and the clock that letters go by."""

    name = PlainText(label="Name to use", max_length=120)
    initials = PlainText(label="Initials", max_length=6, required=False)
    pronouns = PlainText(label="Pronouns", max_length=40, required=False)
    zone = ZoneField(label="Time zone", help_text="Letters and pages show times of this clock.")


class PlaceForm(forms.Form):
    """Where somebody is, in their own words, or one of the places that we found for them."""

    place_text = PlainText(
        label="City or area", max_length=200, help_text="A city is enough, with its country if rare."
    )
    place_id = forms.IntegerField(widget=forms.HiddenInput, required=False)
    zone = ZoneField(label="Time zone", required=False, help_text="Only if it is not the clock of that place.")


class SureForm(forms.Form):
    """A tick before something that cannot be taken back."""

    sure = forms.BooleanField(label="Yes, I am sure")


class DecisionForm(forms.Form):
    """What an organizer decides, about one application or the ticked ones. Nothing ticked is nobody."""

    act = forms.ChoiceField(choices=[(name, name) for name in ("accept", "decline", "hold", "undo")])
    code = forms.ChoiceField(
        label="Reason",
        choices=[("", "Reason …"), *((code.value, words) for code, words in DECLINE_REASONS.items())],
        required=False,
    )
    words = forms.CharField(label="Note for organizers", max_length=2000, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("act") == "decline" and not cleaned.get("code"):
            self.add_error("code", "Choose a reason: the letter is different for each.")
        return cleaned

    @property
    def decline_code(self) -> DeclineCode:
        return DeclineCode(self.cleaned_data["code"])


class NoteForm(forms.Form):
    """An organizer's own words about an application."""

    text = forms.CharField(label="Note", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class UploadForm(forms.Form):
    """A spreadsheet as CSV."""

    file = forms.FileField(
        label="Spreadsheet (CSV)",
        help_text="At most 10 MB and 10,000 rows. Nothing is taken in before you have seen the report.",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )

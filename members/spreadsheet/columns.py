"""What each column of a file is about: proposed from its heading, settled by the organizer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from members import answers
from members.folding import fold
from members.spreadsheet.table import Finding, Severity, Table

EXTRA, LEFT_OUT = "extra", "left_out"
MANY = frozenset({EXTRA, LEFT_OUT})  # as many columns as there are; everything else is asked once
SAMPLES = 3
MOST_OF_A_SAMPLE = 60
HIDDEN = "•••"

# What a column can be, in the words of the page where it is chosen.
KINDS = {
    "email": "E-mail address",
    "name": "Name",
    "given_name": "First name",
    "family_name": "Last name",
    "company": "Company",
    "title": "Role or job title",
    "org_size": "People in their part of the organisation",
    "years_in_tech": "Years in technology",
    "years_leading": "Years leading",
    "location": "Where they are",
    "zone": "Time zone",
    "mode": "In person or by video",
    "pronouns": "Pronouns",
    "still_coding": "Whether they still code",
    "topics": "Topics",
    "hours": "Hours",
    "cadence": "How often",
    "sector": "Sector",
    "company_size": "People in the whole company",
    "in_town": "Where in town",
    "longest_ride": "The longest way there",
    "minutes": "How long a meeting should be",
    "size": "The size of a group they like",
    "could": "What they could do for a group",
    "heard": "How they heard of it",
    "sent_by": "Who sent them",
    "gives": "What they could give",
    "stuck_on": "What they are stuck on",
    "initials": "Initials",
    "apart": "Whom to keep them apart from",
    "agreed": "Agreement to the code of conduct",
    "submitted_at": "When it was sent",
    EXTRA: "Something else: kept for the organizers to read",
}
SENSITIVE = {
    "genders": "Gender",
    "never_alone": "Where being the only one would matter",
    "dimension:race_or_ethnicity": "Race or ethnicity",
    "dimension:lgbtq": "LGBTQ+",
    "dimension:disability_or_neurodivergence": "Disability or neurodivergence",
    "dimension:age": "Age",
    "dimension:carer": "Being a carer",
    "dimension:first_language": "First language",
    "dimension:immigrant": "Being an immigrant",
    "dimension:unusual_path": "An unusual path",
}
NOT_TAKEN = {LEFT_OUT: "Leave it out"}
KIND_NAMES = KINDS | SENSITIVE | NOT_TAKEN
SHOWN_TO_NOBODY = frozenset({*SENSITIVE, "hours", "apart"})


@dataclass(frozen=True, slots=True)
class Column:
    """A heading with what it was understood as, what it may be, and what stands in its first rows."""

    heading: str
    kind: str
    choices: Mapping[str, str]
    samples: tuple[str, ...]
    asks_sensitive: bool


# Tried from the top: the more particular question stands above the general word that it contains.
_HEADINGS = (
    ("email", r"\be ?mails?\b"),
    (
        "submitted_at",
        r"\btimestamp\b|\bsubmi(tted|ssion)\b|^submit date\b|\bapplied (at|on)\b|^(date|created)( at| time)?$",
    ),
    ("agreed", r"\bcode of conduct\b|\bi agree\b|^agree(ment|d)?$"),
    ("apart", r"\b(keep|kept|seat)\b.*\bapart\b|\bavoid\b|\b(not|rather not) (sit|meet|be) with\b"),
    ("initials", r"\binitials\b"),
    ("sent_by", r"\bwho (sent|referred|told)\b|\breferred by\b|\breferr(er|al)\b|^sent by\b"),
    ("heard", r"\bhear(d)?\b.*\b(of|about)\b|\bhow did you (find|learn)\b"),
    ("gives", r"\b(could|can) (give|offer)\b|\bgive to (the|a) group\b"),
    ("stuck_on", r"\bstuck\b"),
    ("could", r"^i (could|can|would)\b|\bwould you (host|facilitate|volunteer)\b|\bwilling to\b"),
    ("longest_ride", r"\b(longest|farthest) (way|ride|trip|commute)\b|\bhow far\b"),
    ("in_town", r"\bin town\b|\bstation\b|\bneighbou?rhood\b"),
    ("minutes", r"\bhow long\b.*\bmeeting|\bmeeting length\b|^length\b"),
    ("size", r"\bsize you like\b|\b(group|circle|preferred) size\b|\bsize of (the|a|your) group\b"),
    ("company_size", r"\bcompany size\b|\bsize of (the|your) company\b|\b(people|employees) in the (whole )?company\b"),
    ("zone", r"\btime ?zone\b"),
    ("hours", r"\bavailab|\bwhen (can|could) you\b|^hours$"),
    ("cadence", r"\bhow often\b|\bcadence\b|\brhythm\b|\bfrequency\b"),
    ("mode", r"\bin person\b|\bhow (to|would you like to|do you want to) meet\b|^(mode|format)$"),
    ("pronouns", r"\bpronouns?\b"),
    ("never_alone", r"\bonly one\b|\bthe only\b"),
    ("genders", r"\bgenders?\b"),
    ("still_coding", r"\bstill (cod|writ)|\bdo you (still )?code\b|\bwrit(e|ing) code\b"),
    ("years_leading", r"\byears?\b.*\b(lead|manag)"),
    ("years_in_tech", r"\byears?\b.*\b(tech|technology|experience|industry|engineering|software)\b"),
    (
        "org_size",
        r"\b(people|engineers) in your\b|\bhow many (people|engineers|reports)\b|\b(team|org|organi[sz]ation) size\b",
    ),
    ("topics", r"\btopics?\b|\binterests?\b"),
    ("sector", r"\bsector\b|^industry\b"),
    ("company", r"^(?!.*\b(size|website|url|stage|industry)\b).*\b(company|employer|where do you work)\b"),
    ("title", r"\brole\b|\bjob title\b|^title$|\bposition\b"),
    ("location", r"\bwhere\b.*\b(based|live|located)\b|^(your )?(city|location|place)\b|\bcity\b"),
    ("given_name", r"\b(first|given) name\b"),
    ("family_name", r"\b(last|family) name\b|\bsurname\b"),
    ("name", r"^name\b|\b(your|full|preferred) name\b|\bcall you\b"),
)


def match_columns(header: tuple[str, ...]) -> dict[str, str]:
    """What each heading asks for: a field, "dimension:<name>" for a sensitive answer, or "extra" for everything else.

    The first column of a kind has it. A second one is kept as an extra answer, but never where it asks something
    sensitive: extra answers are shown to organizers.
    """
    columns: dict[str, str] = {}
    for heading in header:
        kind = _kind(heading)
        again = LEFT_OUT if _asks_something_sensitive(kind) else EXTRA
        columns[heading] = again if kind in columns.values() else kind
    return columns


def settled(header: tuple[str, ...], chosen: Mapping[str, str]) -> dict[str, str]:
    """The organizer's choice where it is one that the heading allows, the proposal elsewhere."""
    proposed = match_columns(header)
    return {
        heading: chosen[heading] if chosen.get(heading) in choices_of(heading) else proposed[heading]
        for heading in header
    }


def choices_of(heading: str) -> dict[str, str]:
    """What a column may be. One that asks something sensitive becomes nothing that anybody would be shown."""
    return (SENSITIVE if _asks_something_sensitive(_kind(heading)) else KINDS | SENSITIVE) | NOT_TAKEN


def beginning_of(table: Table) -> dict[str, list[str]]:
    """Each heading with the first values below it."""
    return {
        heading: [line.cells[place][:MOST_OF_A_SAMPLE] for line in table.lines if line.cells[place]][:SAMPLES]
        for place, heading in enumerate(table.header)
    }


def look_at(beginning: Mapping[str, Sequence[str]], columns: Mapping[str, str]) -> list[Column]:
    """Each column with the first values in it; sensitive ones and hours are shown to nobody."""
    return [
        Column(heading, kind, choices_of(heading), _shown(heading, kind, beginning[heading]), kind in SENSITIVE)
        for heading, kind in columns.items()
    ]


def _shown(heading: str, kind: str, samples: Sequence[str]) -> tuple[str, ...]:
    hidden = kind in SHOWN_TO_NOBODY or _asks_something_sensitive(_kind(heading))
    return tuple(HIDDEN if hidden else sample for sample in samples)


def _kind(heading: str) -> str:
    words = fold(heading)
    known = next((kind for kind, pattern in _HEADINGS if re.search(pattern, words)), None)
    sensitive = None if known else answers.dimension_of(words)
    return known or (f"dimension:{sensitive}" if sensitive and sensitive not in ("role", "remote") else EXTRA)


def _asks_something_sensitive(kind: str) -> bool:
    return kind in SENSITIVE or kind.startswith("dimension:")


def missing(columns: Mapping[str, str]) -> list[Finding]:
    """What no file can do without, and what only one column can be."""
    kinds = list(columns.values())
    if not set(kinds) - MANY:
        return [_refused("No heading is one that we know; is the header line missing?")]
    names = {"name"} if "name" in kinds else {"given_name", "family_name"} & set(kinds)
    absent = [what for what, there in (("e-mail addresses", "email" in kinds), ("names", bool(names))) if not there]
    twice = [kind for kind in (KINDS | SENSITIVE) if kind not in MANY and kinds.count(kind) > 1]
    return [
        *(_refused(f"No column holds {what}.") for what in absent),
        *(_refused(f"Two columns are “{(KINDS | SENSITIVE)[kind]}”; leave one of them out.") for kind in twice),
    ]


def _refused(sentence: str) -> Finding:
    return Finding(1, "", sentence, Severity.REFUSED)


def cells_of(table: Table, columns: Mapping[str, str], kind: str) -> Iterator[str]:
    """All cells of one kind of column."""
    places = [place for place, heading in enumerate(table.header) if columns[heading] == kind]
    return (line.cells[place] for line in table.lines for place in places)

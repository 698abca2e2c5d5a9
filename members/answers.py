"""What people write in an application, read as the values that the product reckons with.

Each reader takes one cell and returns a value, or None where the words say nothing that we know: then a person asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from members.folding import fold

MOST_YEARS = 80
BETWEEN_JOBS, RATHER_NOT_SAY = "between jobs", "rather not say"  # as somebody chooses, beside a company
T = TypeVar("T")


class Role(StrEnum):
    CTO = "cto"
    VP = "vp"
    MANAGER_OF_MANAGERS = "manager_of_managers"
    MANAGER = "manager"
    STAFF = "staff"
    OTHER = "other"


class Mode(StrEnum):
    IN_PERSON = "in_person"
    PREFER_IN_PERSON = "prefer_in_person"
    EITHER = "either"
    VIDEO = "video"

    @property
    def ways(self) -> frozenset[str]:
        """How this person can meet: by video, in a room, or both. "Video only" is never put into a room."""
        return _WAYS[self]


_WAYS: Mapping[Mode, frozenset[str]] = {
    Mode.IN_PERSON: frozenset({"in_person"}),
    Mode.PREFER_IN_PERSON: frozenset({"in_person", "video"}),
    Mode.EITHER: frozenset({"in_person", "video"}),
    Mode.VIDEO: frozenset({"video"}),
}


class Cadence(StrEnum):
    MONTHLY = "monthly"
    SIX_TO_EIGHT_WEEKS = "six_to_eight_weeks"


class Coding(StrEnum):
    MOST_DAYS = "most_days"
    SOMETIMES = "sometimes"
    RARELY = "rarely"
    NO = "no"


SIZE_BANDS = {"0": 0, "1-9": 9, "10-29": 29, "30-99": 99, "100-499": 499}
LARGEST_BAND = "500+"

TOPICS = (
    "hiring",
    "growing managers",
    "technical strategy",
    "working with the CEO",
    "architecture",
    "developer velocity",
    "metrics",
    "remote teams",
    "incident culture",
    "career growth",
    "diversity and inclusion",
    "budgeting",
    "still coding",
    "AI tools",
    "security",
    "make or buy",
    "organisation design",
    "reviews and pay",
    "own energy",
    "work with product",
)
_TOPIC_OF = {fold(topic): topic for topic in TOPICS}

# The first pattern that is found decides, so the higher office stands above the lower.
_ROLES = (
    (Role.CTO, r"\bctos?\b|\bchief (technology|technical|engineering)\b"),
    (Role.VP, r"\bs?e?vpe?\b|\bvp (of )?eng|\bvice president\b|\bhead\b|\bdirector\b"),
    (
        Role.STAFF,
        r"\b(staff|principal|distinguished|fellow|architect)\b|\b(tech|technical) lead\b|\blead (software )?eng",
    ),
    (Role.OTHER, r"\b(product|project|program|programme|account|marketing|sales|office) manager\b"),
    (Role.MANAGER_OF_MANAGERS, r"\bmanagers? of managers\b|\b(senior|sr|group) (software )?(eng\w* )?manager\b"),
    (Role.MANAGER, r"\bmanager\b|\bteam lead\b|\bem\b"),
)
_MODES = (
    (Mode.PREFER_IN_PERSON, r"\bprefer\w* (to meet )?(in person|a room)\b|\bin person\b.*\bprefer"),
    (Mode.EITHER, r"\b(either|both|any|hybrid|no preference|dont mind)\b"),
    (Mode.EITHER, r"\bin person\b.*\b(video|online|remote)\b|\b(video|online|remote)\b.*\bin person\b"),
    (Mode.VIDEO, r"\b(video|online|remote|virtual|zoom)\b"),
    (Mode.IN_PERSON, r"\b(in person|face to face|onsite|in a room)\b"),
)
_MONTHLY = r"\bmonth(ly|s)?\b|\b(4|four) weeks\b"
_SLOWER = r"\b(6|six|8|eight|7|seven) weeks?\b|\b(two|2) months\b|\bother month\b|\bbimonthly\b"
_CODING = (
    (Coding.NO, r"^(no|never|not any ?more|nope)\b"),
    (Coding.MOST_DAYS, r"\b(most|every|all) days?\b|\bdaily\b|^yes\b"),
    (Coding.SOMETIMES, r"\b(sometimes|weekly|occasionally)\b"),
    (Coding.RARELY, r"\b(rarely|seldom|hardly)\b"),
)
_YES = r"^(agreed?|i agree|yes|y|true|x|1|ok|accepted|i accept|checked|done)\b"
_GENDERS = {
    **dict.fromkeys(("woman", "female", "f", "w", "cis woman", "trans woman"), "woman"),
    **dict.fromkeys(("man", "male", "m", "cis man", "trans man"), "man"),
    **dict.fromkeys(("non binary", "nonbinary", "nb", "enby", "genderqueer"), "non-binary"),
}
_UNSAID = frozenset(
    {
        "",
        "na",
        "n a",
        "none",
        "no answer",
        "prefer not to say",
        "rather not say",
        "prefer not to answer",
        "not specified",
    }
)
_DIMENSIONS = (
    ("gender", r"\bgenders?\b"),
    ("race_or_ethnicity", r"\brace\b|\bethnic"),
    ("lgbtq", r"\blgbt|\bqueer\b|\borientation\b"),
    ("disability_or_neurodivergence", r"\bdisab|\bneurodiv"),
    ("age", r"^age\b|\bage group\b"),
    ("carer", r"\bcarers?\b|\bcaregiver|\bparent"),
    ("first_language", r"\b(first|native) language\b|\bmother tongue\b|\blanguage\b"),
    ("immigrant", r"\bimmigra|\bmigrant"),
    ("unusual_path", r"\bunusual path\b|\bself taught\b|\bcareer change"),
    ("role", r"\bstaff engineer\b"),
    ("remote", r"\bonly remote\b|\bremote\b"),
)
_NO_COMPANY = frozenset(
    {
        *(
            "",
            "na",
            "n a",
            "none",
            "no",
            "nil",
            "stealth",
            "stealth startup",
            "stealth mode",
            "in stealth",
            "stealth company",
        ),
        *("independent", "self employed", "selfemployed", "freelance", "freelancer", "independent consultant"),
        *(
            "between jobs",
            "between roles",
            "unemployed",
            "looking",
            "not working",
            "sabbatical",
            "on sabbatical",
            "retired",
        ),
        *("rather not say", "prefer not to say", "confidential", "undisclosed", "tbd", "private"),
    }
)
_LEGAL_FORMS = frozenset(
    {
        *("inc", "incorporated", "ltd", "limited", "llc", "llp", "lp", "plc", "corp", "corporation", "co", "company"),
        *(
            "gmbh",
            "mbh",
            "ag",
            "kg",
            "ohg",
            "ug",
            "ev",
            "se",
            "sa",
            "sas",
            "sarl",
            "srl",
            "spa",
            "bv",
            "nv",
            "oy",
            "oyj",
        ),
        *("ab", "as", "asa", "aps", "pty", "pvt", "pte", "private", "kk", "sro", "kft", "doo"),
    }
)


def role_of(title: str) -> Role | None:
    """The band of a job title; None for an empty one. A title that we do not know is "other"."""
    words = fold(title)
    return _first(_ROLES, words) or (Role.OTHER if words else None)


def mode_of(text: str) -> Mode | None:
    """How somebody wants to meet."""
    return _first(_MODES, fold(text))


def cadences_of(text: str) -> frozenset[Cadence]:
    """The rhythms a person can do; "either" is both, and no answer is none."""
    words = fold(text)
    found = {Cadence.MONTHLY} if re.search(_MONTHLY, re.sub(_SLOWER, "", words)) else set()
    found |= {Cadence.SIX_TO_EIGHT_WEEKS} if re.search(_SLOWER, words) else set()
    return frozenset(Cadence) if re.search(r"\b(either|any|both)\b", words) else frozenset(found)


def coding_of(text: str) -> Coding | None:
    """Whether somebody still writes code at work."""
    return _first(_CODING, fold(text))


def agreed_to(text: str) -> bool | None:
    """True for a yes, False for an empty cell or a no, None for words that are neither."""
    words = fold(text)
    if re.search(_YES, words) or text.strip() in ("✓", "✔", "☑"):
        return True
    return False if words in ("", "no", "n", "false", "0", "not agreed") else None


def number_of(text: str, *, most: int) -> int | None:
    """A whole number from words such as "15", "1,200", "~40", "15+ years", "2.5", "less than 1"; None beyond `most`."""
    found = re.fullmatch(
        r"\D{0,12}?(\d{1,3}(?:[ ,.']\d{3})+|\d{1,9})(?:[.,]\d{1,2})?\s*(k)?\+?\s*[a-z ]*", text.strip().casefold()
    )
    if found is None or re.search(r"\d\s*[-–]\s*\d|-\d", text):
        return None
    number = int(re.sub(r"\D", "", found[1])) * (1000 if found[2] else 1)
    number = 0 if re.match(r"\s*(less than|under|<)\s*1\b", text.casefold()) else number
    return number if number <= most else None


def size_band(text: str) -> str | None:
    """The band of "35", "30-99", "500+", "about 20", "just me"; a range counts with its lower end."""
    words = text.strip().casefold()
    if fold(words) in ("none", "no", "nobody", "just me", "zero", "ic"):
        return "0"
    span = re.fullmatch(r"(\d+)\s*(?:-|–|to)\s*\d+[a-z ]*", words)
    number = int(span[1]) if span and len(span[1]) < 8 else number_of(words, most=9_999_999)
    if number is None:
        return None
    return next((band for band, largest in SIZE_BANDS.items() if number <= largest), LARGEST_BAND)


def company_key(name: str) -> str | None:
    """What two spellings of one company share; None where the words name no company, so that nobody clashes.

    Legal forms are dropped from the end, never the whole name.
    """
    words = fold(re.sub(r"\([^)]*\)\s*$", "", name)) or fold(name)
    if words in _NO_COMPANY:
        return None
    parts = re.sub(r" sp z o ?o$", "", words).split()
    while len(parts) > 1 and parts[-1] in _LEGAL_FORMS:
        parts.pop()
    return " ".join(parts[1:] if len(parts) > 1 and parts[0] == "the" else parts) or None


def company_roots(keys: Iterable[str]) -> dict[str, str]:
    """For each key the shortest one that it begins with, word by word: "acme labs" counts as "acme" where both are.

    Nobody sits beside a colleague by mistake; an organizer may take two such companies apart.
    """
    known = set(keys)
    return {key: _root(key.split(), known) for key in known}


def _root(words: list[str], known: set[str]) -> str:
    starts = (" ".join(words[:length]) for length in range(1, len(words) + 1))
    return next(start for start in starts if start in known)


def topics_of(text: str) -> tuple[str, ...]:
    """The topics of a list, ours in our spelling and the rest in the person's own words, each once."""
    pieces = (piece.strip() for piece in re.split(r"[;\n|]" if re.search(r"[;\n|]", text) else r",", text))
    return tuple(dict.fromkeys(_TOPIC_OF.get(fold(piece), piece) for piece in pieces if fold(piece)))


def genders_of(text: str) -> tuple[str, ...]:
    """What a person calls their gender, several if they say several; nothing if they would rather not say."""
    said = (fold(piece) for piece in re.split(r"[;,/|]", text))
    return tuple(dict.fromkeys(_GENDERS.get(words, words) for words in said if words not in _UNSAID))


def dimension_of(words: str) -> str | None:
    """The dimension that a heading or a tick speaks of."""
    return _first(_DIMENSIONS, fold(words))


def wishes_of(text: str) -> tuple[tuple[str, str], ...]:
    """What a person does not want to be the only one of: (dimension, value), the value "yes" if they gave none.

    Values may follow a colon or stand in brackets: "first language: Polish". Own words are a dimension of their own.
    """
    return tuple(dict.fromkeys(_wish(piece) for piece in re.split(r"[;,|\n]", text) if fold(piece) not in _UNSAID))


def _wish(piece: str) -> tuple[str, str]:
    tick, _, value = piece.replace("(", ":").partition(":")
    dimension = dimension_of(tick)
    if dimension is None:
        return "own", fold(piece)
    return dimension, "staff" if dimension == "role" else fold(value) or "yes"


def moment_of(text: str, *, day_first: bool = False) -> datetime | None:
    """When a row was submitted. Times without a zone are UTC; `day_first` reads 2/1/2026 as the second of January."""
    words = text.strip()
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        return _slashed(words, day_first=day_first)
    if not 2000 <= moment.year <= 2100:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _slashed(words: str, *, day_first: bool) -> datetime | None:
    found = re.fullmatch(
        r"(\d{1,2})([/.])(\d{1,2})[/.](20\d{2})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([ap]m)?)?", words.casefold()
    )
    if found is None:
        return None
    one, mark, two, year, hour, minute, second, half = found.groups()
    day, month = (one, two) if day_first or mark == "." else (two, one)
    hour_ = int(hour or 0) % 12 + (12 if half == "pm" else 0) if half else int(hour or 0)
    try:
        return datetime(int(year), int(month), int(day), hour_, int(minute or 0), int(second or 0), tzinfo=UTC)
    except ValueError:
        return None


def writes_day_first(texts: Iterable[str]) -> bool:
    """Whether a column of dates with slashes shows, by a first number above 12, that the day stands first."""
    return any(re.match(r"(1[3-9]|2\d|3[01])/\d{1,2}/", text.strip()) for text in texts)


_ADDRESS = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
)


def address_of(text: str) -> str | None:
    """An e-mail address in lower case, or None. One address only, in ASCII, without a name around it."""
    address = text.strip().casefold()
    local = address.partition("@")[0]
    sound = len(address) <= 254 and not local.startswith(".") and not local.endswith(".") and ".." not in local
    return address if sound and _ADDRESS.fullmatch(address) else None


def _first(choices: Iterable[tuple[T, str]], words: str) -> T | None:
    return next((choice for choice, pattern in choices if re.search(pattern, words)), None)

"""Problem files: one strict JSON object in, one out. A misspelt field is refused, because a wish must not get lost."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from groups.composition.people import Candidate, Problem
from groups.composition.rules import WEEK, BadProblem, Lock, Rules
from groups.composition.solver import Proposal
from groups.composition.soundness import require_sound, rules_sound

T = TypeVar("T")

LIMIT_MB = 64
MODES = ("video", "in_person")
RULES = ("size_min", "size_max", "window_slots", "max_per_company")
PERSON = {
    "required": ("id", "modes", "slots"),
    "optional": (
        "company",
        "metro",
        "role",
        "years",
        "interests",
        "dimensions",
        "never_alone",
        "skipped_before",
    ),
}


class _Fields(dict[str, Any]):
    """A JSON object that remembers which field was there twice."""

    twice: str | None = None


def _fields(pairs: list[tuple[str, Any]]) -> _Fields:
    found = _Fields(pairs)
    names = [name for name, _ in pairs]
    found.twice = next((name for name in found if names.count(name) > 1), None)
    return found


def read(path: Path) -> Problem:
    """The problem in this file, looked at for its size before it is read. Raises BadProblem or LocksImpossible."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise BadProblem("file", f"{path} is not a file.")
        if size > LIMIT_MB * 1_000_000:
            raise BadProblem("file", f"{path.name} has {-(-size // 1_000_000)} MB; the limit is {LIMIT_MB} MB.")
        text = path.read_bytes().decode("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        raise BadProblem("file", f"There is no file {path}.") from None
    except OSError:
        raise BadProblem("file", f"{path} cannot be read.") from None
    except UnicodeDecodeError:
        raise BadProblem("file", f"{path.name} is not UTF-8 text.") from None
    return parse(text, path.name)


def parse(text: str, name: str = "The problem") -> Problem:
    """The problem in this text, one JSON object. Raises BadProblem or LocksImpossible, naming the first wrong field."""
    try:
        whole = json.loads(text, object_pairs_hook=_fields)
    except json.JSONDecodeError as error:
        raise BadProblem("file", f"{name} is not JSON: line {error.lineno}, column {error.colno}.") from None
    except (ValueError, RecursionError):
        raise BadProblem("file", f"{name} is not JSON that can be read.") from None
    _check_fields(whole, "", ("rules", "people"), ("apart", "together", "locked", "seed"), name)
    known: dict[str, int] = {}
    problem = Problem(
        rules=_rules(whole["rules"]),
        people=tuple(_each(whole["people"], "people", lambda entry, at: _person(entry, at, known))),
        apart=frozenset(_each(whole.get("apart", []), "apart", lambda pair, at: _pair(pair, at, known))),
        together=tuple(_each(whole.get("together", []), "together", lambda names, at: _set(names, at, known))),
        locked=tuple(_each(whole.get("locked", []), "locked", lambda lock, at: _lock(lock, at, known))),
        seed=_number(whole.get("seed", 1), "seed", 0),
    )
    require_sound(problem)
    return problem


def _check_fields(value: Any, at: str, required: Sequence[str], optional: Sequence[str] = (), name: str = "") -> None:
    where, dot = (at, f"{at}.") if at else (name, "")
    if not isinstance(value, _Fields):
        raise BadProblem(at, f"{where} must be an object.")
    if value.twice is not None:
        raise BadProblem(f"{dot}{value.twice}", f"{dot}{value.twice} is there twice.")
    for field in value:
        if field not in required and field not in optional:
            raise BadProblem(at, f"{where} has an unknown field {json.dumps(field)}.")
    for field in required:
        if field not in value:
            raise BadProblem(f"{dot}{field}", f"{dot}{field} is missing.")


def _each(value: Any, at: str, of: Callable[[Any, str], T]) -> list[T]:
    if not isinstance(value, list):
        raise BadProblem(at, f"{at} must be a list.")
    return [of(entry, f"{at}[{index}]") for index, entry in enumerate(value)]


def _number(value: Any, at: str, low: int, high: int | None = None, *, null: bool = False) -> int:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if not whole or value < low or (high is not None and value > high):
        span = f"from {low} to {high}" if high is not None else f"of {low} or more"
        raise BadProblem(at, f"{at} must be a whole number {span}{' or null' if null else ''}.")
    return int(value)


def _text(value: Any, at: str) -> str:
    if not isinstance(value, str) or not value:
        raise BadProblem(at, f"{at} must be text, not empty.")
    return value


def _text_or_null(value: Any, at: str) -> str | None:
    if value is not None and not isinstance(value, str):
        raise BadProblem(at, f"{at} must be text or null.")
    return value


def _rules(value: Any) -> Rules:
    _check_fields(value, "rules", RULES)
    rules = Rules(
        size_min=_number(value["size_min"], "rules.size_min", 2, 50),
        size_max=_number(value["size_max"], "rules.size_max", 2, 50),
        window_slots=_number(value["window_slots"], "rules.window_slots", 1, 48),
        max_per_company=_number(value["max_per_company"], "rules.max_per_company", 1),
    )
    rules_sound(rules)
    return rules


def _person(value: Any, at: str, known: dict[str, int]) -> Candidate:
    _check_fields(value, at, PERSON["required"], PERSON["optional"])
    name = _text(value["id"], f"{at}.id")
    if name in known:
        raise BadProblem(f"{at}.id", f"{at}.id is {json.dumps(name)}, as people[{known[name]}].id already is.")
    known[name] = len(known)
    years = value.get("years")
    return Candidate(
        id=name,
        hours=_hours(value["slots"], f"{at}.slots"),
        modes=_modes(value["modes"], f"{at}.modes"),
        company=_text_or_null(value.get("company"), f"{at}.company"),
        metro=_text_or_null(value.get("metro"), f"{at}.metro"),
        role=_text_or_null(value.get("role"), f"{at}.role"),
        years=None if years is None else _number(years, f"{at}.years", 0, 80, null=True),
        interests=_texts(value, at, "interests"),
        dimensions=_texts(value, at, "dimensions"),
        never_alone=_texts(value, at, "never_alone"),
        skipped_before=_number(value.get("skipped_before", 0), f"{at}.skipped_before", 0),
    )


def _texts(value: Mapping[str, Any], at: str, field: str) -> frozenset[str]:
    return frozenset(_each(value.get(field, []), f"{at}.{field}", _text))


def _hours(value: Any, at: str) -> int:
    bits = 0
    for slot in _each(value, at, _slot):
        bits |= 1 << slot
    return bits


def _slot(value: Any, at: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and not 0 <= value < WEEK:
        raise BadProblem(at, f"{at} is {value}; slots run from 0 to {WEEK - 1}.")
    return _number(value, at, 0, WEEK - 1)


def _modes(value: Any, at: str) -> frozenset[str]:
    modes = frozenset(_each(value, at, _mode))
    if not modes:
        raise BadProblem(at, f"{at} is empty; say video, in_person or both.")
    return modes


def _mode(value: Any, at: str) -> str:
    if value not in MODES:
        raise BadProblem(at, f'{at} must be "video" or "in_person".')
    return str(value)


def _members(value: Any, at: str, known: Mapping[str, int], named: str = "") -> list[str]:
    names = _each(value, named or at, _text)
    for name in names:
        if name not in known:
            raise BadProblem(at, f"{at}: there is no person {json.dumps(name, ensure_ascii=False)}.")
    return names


def _pair(value: Any, at: str, known: Mapping[str, int]) -> frozenset[str]:
    names = _members(value, at, known)
    if len(names) != 2:
        raise BadProblem(at, f"{at} must name two people.")
    if names[0] == names[1]:
        raise BadProblem(at, f"{at} pairs {names[0]} with themselves.")
    return frozenset(names)


def _set(value: Any, at: str, known: Mapping[str, int]) -> frozenset[str]:
    names = frozenset(_members(value, at, known))
    if len(names) < 2:
        raise BadProblem(at, f"{at} must name two or more people.")
    return names


def _lock(value: Any, at: str, known: Mapping[str, int]) -> Lock:
    _check_fields(value, at, ("members", "window", "mode"), ("metro",))
    members = frozenset(_members(value["members"], at, known, f"{at}.members"))
    if not members:
        raise BadProblem(f"{at}.members", f"{at}.members is empty.")
    mode = _mode(value["mode"], f"{at}.mode")
    metro = _text_or_null(value.get("metro"), f"{at}.metro")
    if (mode == "video") != (metro is None):
        rule = "null for video" if mode == "video" else "given for in_person"
        raise BadProblem(f"{at}.metro", f"{at}.metro must be {rule}.")
    return Lock(members, _slot(value["window"], f"{at}.window"), mode, metro)


def report(proposal: Proposal) -> str:
    """The proposal as one JSON object: groups, everybody left out with a reason, and what is proven."""
    certificate = proposal.certificate
    groups: Iterable[Mapping[str, Any]] = (
        {
            "members": group.members,
            "window": group.window,
            "mode": group.mode,
            "metro": group.metro,
            "quality": round(group.quality, 4),
        }
        for group in proposal.groups
    )
    unplaced = (
        {
            "id": reason.person,
            "reason": reason.code,
            "sentence": reason.sentence,
            "fix": {"slots": reason.fix.slots, "group": reason.fix.group} if reason.fix else None,
        }
        for reason in proposal.unplaced
    )
    whole = {
        "groups": list(groups),
        "unplaced": list(unplaced),
        "placed": certificate.placed,
        "bound": certificate.bound,
        "proven": certificate.proven,
        "quality": round(proposal.quality, 4),
        "seconds": round(certificate.seconds["all"], 2),
        "seed": certificate.seed,
    }
    return json.dumps(whole)

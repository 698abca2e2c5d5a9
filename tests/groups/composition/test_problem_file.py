"""Problem files: what is read, what is refused with which sentence and exit code, and what is printed."""

import json
import subprocess
import sys
from copy import deepcopy
from io import StringIO

import pytest

from groups.composition.people import Candidate
from groups.composition.problem_file import parse, read, report
from groups.composition.rules import BadProblem, Lock, LocksImpossible, Rules
from groups.composition.solver import compose
from groups.management.commands.compose_file import Command

SMALL = {
    "rules": {"size_min": 2, "size_max": 3, "window_slots": 2, "max_per_company": 1},
    "people": [
        {
            "id": "p1",
            "company": "acme",
            "modes": ["video", "in_person"],
            "metro": "msp",
            "slots": [1, 2, 335, 2],
            "role": "cto",
            "years": 12,
            "interests": ["hiring"],
            "dimensions": ["woman"],
            "never_alone": ["woman"],
            "skipped_before": 2,
        },
        {"id": "p2", "modes": ["video"], "slots": [1, 2], "dimensions": ["woman"]},
        {"id": "p3", "modes": ["in_person"], "slots": []},
        {"id": "p4", "company": "acme", "modes": ["video"], "slots": [1, 2]},
        {"id": "p5", "modes": ["video"], "slots": [7, 8]},
    ],
    "apart": [["p2", "p4"]],
    "together": [["p1", "p2"]],
    "locked": [{"members": ["p2"], "window": 1, "mode": "video", "metro": None}],
    "seed": 3,
}


def changed(path, value):
    """The small file with one place changed; a value that is a function changes the place in its own way."""
    whole = deepcopy(SMALL)
    *way, last = path
    place = whole
    for step in way:
        place = place[step]
    if value is MISSING:
        del place[last]
    else:
        place[last] = value
    return json.dumps(whole)


MISSING = object()


def test_every_field_is_read():
    problem = parse(json.dumps(SMALL))
    assert problem.rules == Rules(2, 3, 2, 1)
    assert problem.people[0] == Candidate(
        "p1",
        1 << 1 | 1 << 2 | 1 << 335,
        frozenset({"video", "in_person"}),
        metro="msp",
        company="acme",
        role="cto",
        years=12,
        interests=frozenset({"hiring"}),
        dimensions=frozenset({"woman"}),
        never_alone=frozenset({"woman"}),
        skipped_before=2,
    )
    assert problem.people[2] == Candidate("p3", 0, frozenset({"in_person"}))
    assert (problem.apart, problem.together) == (frozenset({frozenset({"p2", "p4"})}), (frozenset({"p1", "p2"}),))
    assert (problem.locked, problem.seed) == ((Lock(frozenset({"p2"}), 1, "video"),), 3)


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        (["people", 0, "years"], 3.0, "people[0].years must be a whole number from 0 to 80 or null."),
        (["people", 0, "years"], True, "people[0].years must be a whole number from 0 to 80 or null."),
        (["people", 0, "years"], 81, "people[0].years must be a whole number from 0 to 80 or null."),
        (["people", 0, "years"], float("nan"), "people[0].years must be a whole number from 0 to 80 or null."),
        (["people", 1, "slots", 1], 336, "people[1].slots[1] is 336; slots run from 0 to 335."),
        (["people", 1, "slots", 1], "2", "people[1].slots[1] must be a whole number from 0 to 335."),
        (["people", 1, "slots"], None, "people[1].slots must be a list."),
        (["people", 1, "modes"], [], "people[1].modes is empty; say video, in_person or both."),
        (["people", 1, "modes"], ["phone"], 'people[1].modes[0] must be "video" or "in_person".'),
        (["people", 1, "modes"], [["video"]], 'people[1].modes[0] must be "video" or "in_person".'),
        (["people", 1, "id"], "", "people[1].id must be text, not empty."),
        (["people", 1, "id"], "p1", 'people[1].id is "p1", as people[0].id already is.'),
        (["people", 1, "company"], 7, "people[1].company must be text or null."),
        (["people", 1, "skipped_before"], -1, "people[1].skipped_before must be a whole number of 0 or more."),
        (["people", 1, "never_allone"], [], 'people[1] has an unknown field "never_allone".'),
        (["people", 1, "never_alone"], "woman", "people[1].never_alone must be a list."),
        (["people", 1, "slots"], MISSING, "people[1].slots is missing."),
        (["people", 1], "p2", "people[1] must be an object."),
        (["people"], {}, "people must be a list."),
        (["people"], MISSING, "people is missing."),
        (["colour"], 1, 'The problem has an unknown field "colour".'),
        (["rules", "size_min"], 1, "rules.size_min must be a whole number from 2 to 50."),
        (["rules", "size_min"], 9, "rules.size_min is 9, larger than rules.size_max 3."),
        (["rules", "window_slots"], 49, "rules.window_slots must be a whole number from 1 to 48."),
        (["rules", "willing_min"], 1, 'rules has an unknown field "willing_min".'),
        (["seed"], -1, "seed must be a whole number of 0 or more."),
        (["apart", 0], ["p1", "p77"], 'apart[0]: there is no person "p77".'),
        (["apart", 0], ["p1", "p1"], "apart[0] pairs p1 with themselves."),
        (["apart", 0], ["p1"], "apart[0] must name two people."),
        (["together", 0], ["p1", "p1"], "together[0] must name two or more people."),
        (["together", 0], ["p1", "p4"], "together[0]: p1 and p4 are both at acme."),
        (["together", 0], ["p2", "p4"], "together[0]: p2 and p4 are to be kept apart."),
        (["together", 0], ["p1", "p2", "p3", "p5"], "together[0] has 4 people; rules.size_max is 3."),
        (["locked", 0, "members"], [], "locked[0].members is empty."),
        (["locked", 0, "members"], ["p9"], 'locked[0]: there is no person "p9".'),
        (["locked", 0, "metro"], "msp", "locked[0].metro must be null for video."),
        (["locked", 0, "mode"], "in_person", "locked[0].metro must be given for in_person."),
        (["locked", 0, "window"], 336, "locked[0].window is 336; slots run from 0 to 335."),
    ],
)
def test_what_is_malformed_is_named(path, value, sentence):
    with pytest.raises(BadProblem) as refusal:
        parse(changed(path, value))
    assert refusal.value.sentence == sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The problem is not JSON: line 1, column 1."),
        ("{} {}", "The problem is not JSON: line 1, column 4."),
        ("[]", "The problem must be an object."),
        ("[" * 100_000, "The problem is not JSON that can be read."),
        ('{"seed": 1, "seed": 2}', "seed is there twice."),
        ('{"rules": {}, "people": []}', "rules.size_min is missing."),
        (json.dumps({**SMALL, "people": [], "apart": [], "together": [], "locked": []}), "people is empty."),
    ],
)
def test_what_is_no_problem_at_all_is_refused(text, sentence):
    with pytest.raises(BadProblem) as refusal:
        parse(text)
    assert refusal.value.sentence == sentence


@pytest.mark.parametrize(
    ("locked", "rule", "sentence"),
    [
        ([["p1", "p4"]], "company", "locked[0] breaks the rule company: p1 and p4 are both at acme."),
        ([["p2", "p4"]], "apart", "locked[0] breaks the rule apart: p2 and p4 are to be kept apart."),
        ([["p5"]], "window", "locked[0] breaks the rule window: p5 cannot come at the window 1."),
        ([["p1"], ["p1"]], "lock", "locked[1] breaks the rule lock: p1 is already in locked[0]."),
        (
            [["p1"], ["p2"]],
            "together",
            "locked[0] breaks the rule together: people of one together set are also in locked[1].",
        ),
        ([["p4"]], "size", "locked[0] breaks the rule size: only 0 more people can join, 1 are needed."),
    ],
)
def test_a_lock_that_cannot_be_kept_names_its_rule(locked, rule, sentence):
    locks = [{"members": members, "window": 1, "mode": "video"} for members in locked]
    with pytest.raises(LocksImpossible) as refusal:
        compose(parse(changed(["locked"], locks)), 5)
    assert (refusal.value.rule, refusal.value.sentence) == (rule, sentence)


def run(tmp_path, text, *options):
    """The command on this text: its exit code, what it printed and what it complained of."""
    file = tmp_path / "PROBLEM.json"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    command = Command(stdout=StringIO(), stderr=StringIO(), no_color=True)
    code = 0
    arguments = vars(command.create_parser("manage", "compose_file").parse_args([str(file), *options]))
    try:
        command.handle(**arguments)
    except SystemExit as stop:
        code = stop.code
    return code, command.stdout.getvalue(), command.stderr.getvalue()


def test_a_proposal_is_one_object_on_stdout(tmp_path):
    code, printed, complaint = run(tmp_path, json.dumps(SMALL), "--seconds", "5")
    told = json.loads(printed)
    assert (code, complaint) == (0, "")
    assert told.pop("seconds") < 5
    assert told == {
        "groups": [{"members": ["p1", "p2"], "window": 1, "mode": "video", "metro": None, "quality": 0.325}],
        "unplaced": [
            {"id": "p3", "reason": "no_window", "sentence": "p3 gave no 60 minutes in a row.", "fix": None},
            {
                "id": "p4",
                "reason": "others_unplaced",
                "sentence": "The others at p4's hours are kept in other groups.",
                "fix": None,
            },
            {
                "id": "p5",
                "reason": "no_common_window",
                "sentence": "At most 1 person can come at any of p5's hours; 2 are needed.",
                "fix": {"slots": [1, 2], "group": 0},
            },
        ],
        "placed": 2,
        "bound": 2,
        "proven": True,
        "quality": 0.325,
        "seed": 3,
    }


@pytest.mark.parametrize(
    ("text", "options", "code", "sentence"),
    [
        (b"\xff", (), 2, "PROBLEM.json is not UTF-8 text.\n"),
        ("{", (), 2, "PROBLEM.json is not JSON: line 1, column 2.\n"),
        (json.dumps(SMALL), ("--seconds", "0"), 2, "--seconds is 0; it must be a number above 0.\n"),
        (json.dumps(SMALL), ("--seconds=-1",), 2, "--seconds is -1; it must be a number above 0.\n"),
        (json.dumps(SMALL), ("--seconds", "nan"), 2, "--seconds is nan; it must be a number above 0.\n"),
        (json.dumps(SMALL), ("--seconds", "soon"), 2, "--seconds is soon; it must be a number above 0.\n"),
        (json.dumps(SMALL), ("--seconds", "inf"), 2, "--seconds is inf; it must be a number above 0.\n"),
        (
            changed(["locked", 0, "members"], ["p5"]).replace('"p5"', '"p\\n5"'),
            (),
            3,
            "locked[0] breaks the rule window: p\\n5 cannot come at the window 1.\n",
        ),
        (
            changed(["locked", 0, "members"], ["p5"]),
            (),
            3,
            "locked[0] breaks the rule window: p5 cannot come at the window 1.\n",
        ),
    ],
)
def test_a_refusal_is_one_sentence_on_stderr(tmp_path, text, options, code, sentence):
    assert run(tmp_path, text, *options) == (code, "", sentence)


def test_a_missing_file_a_folder_and_a_huge_file_are_refused(tmp_path):
    huge = tmp_path / "huge.json"
    with huge.open("wb") as file:
        file.truncate(103_500_000)
    sentences = []
    for path in (tmp_path / "none.json", tmp_path, huge):
        with pytest.raises(BadProblem) as refusal:
            read(path)
        sentences.append(refusal.value.sentence.replace(str(tmp_path), "HERE"))
    assert sentences == [
        "There is no file HERE/none.json.",
        "HERE is not a file.",
        "huge.json has 104 MB; the limit is 64 MB.",
    ]


@pytest.mark.parametrize(
    "people",
    [
        [{"id": "a", "modes": ["video"], "slots": []}],
        [{"id": name, "modes": ["video"], "slots": [1, 2, 3]} for name in "ab"],
        [
            {
                "id": str(n),
                "modes": ["video"],
                "slots": [1, 2],
                "dimensions": ["d"] * (n == 0),
                "never_alone": ["d"] * (n == 0),
            }
            for n in range(9)
        ],
    ],
)
def test_unusual_people_are_fine(people):
    problem = parse(json.dumps({"rules": {**SMALL["rules"], "size_min": 3, "size_max": 50}, "people": people}))
    told = json.loads(report(compose(problem, 5)))
    assert told["placed"] + len(told["unplaced"]) == len(people)
    assert told["quality"] == 0 or told["groups"]


def test_the_same_file_gives_the_same_output():
    one, other = (json.loads(report(compose(parse(json.dumps(SMALL)), 5))) for _ in range(2))
    assert {**one, "seconds": 0} == {**other, "seconds": 0}


def test_the_hash_seed_of_python_changes_nothing(tmp_path):
    script = (
        "from bench.generator import problem; from groups.composition.solver import compose;"
        "p = compose(problem(60, seed=3), 20); print(p.groups, p.unplaced, p.certificate.people_sha256)"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True, text=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
    assert outputs != {""}

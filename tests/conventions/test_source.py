"""What the source never does, wherever it is written."""

from __future__ import annotations

import ast
import re

from tests.conventions.source import calls, modules, places_that_call, templates

# A moment is read in roundtable/clock.py. The others measure how far a process's clock is from the database's.
OF_THE_CLOCK = {
    "roundtable/clock.py": {"datetime.now"},
    "meetings/gathering.py": {"time.time"},
    "meetings/views/rooms.py": {"time.time"},
}
# Wakes a worker; the sweep finds what a lost call would have begun.
WAKERS = {
    "members/importing/uploads.py": {"current_app.send_task"},
    "roundtable/outbox/post.py": {"drain.apply_async"},
    "groups/composing.py": {"current_app.send_task"},
    "meetings/mailbox.py": {"current_app.send_task"},
}
MARKUP = ("mark_safe", "SafeString", "SafeText", "format_html", "format_html_join", "csrf_exempt")


def test_the_time_is_read_in_one_place() -> None:
    names = ("datetime.now", "timezone.now", "datetime.utcnow", "time.time", "date.today", "datetime.today")
    assert places_that_call(*names) == OF_THE_CLOCK


def test_no_field_sets_its_own_time() -> None:
    keywords = [
        f"{path}: {word.arg}"
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for word in node.keywords
        if word.arg in ("auto_now", "auto_now_add")
    ]
    assert keywords == []


def test_a_worker_is_woken_in_four_places() -> None:
    assert places_that_call(".delay", ".apply_async", ".send_task") == WAKERS


def test_tasks_take_keys_only() -> None:
    """What stands in a queue may be read by whoever reads Redis."""
    loose = [
        f"{path}: {node.name}({argument.arg})"
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and any("shared_task" in ast.unparse(decorator) for decorator in node.decorator_list)
        for argument in [*node.args.args, *node.args.kwonlyargs]
        if argument.annotation is None or ast.unparse(argument.annotation) != "int"
    ]
    assert loose == []


def test_nothing_is_called_safe_that_somebody_wrote() -> None:
    named = {
        f"{path}: {node.id}"
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id in MARKUP
    }
    assert named == set()


def test_templates_escape_everything_but_plain_text() -> None:
    loose = re.compile(r"\|\s*safe\b|\|\s*safeseq\b|{%\s*autoescape off")
    assert [name for name, text in templates().items() if loose.search(text)] == ["email/layout.txt"]


def test_forms_spell_out_their_fields() -> None:
    everything = [
        path
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node.value == "__all__"
    ]
    assert everything == []


def test_no_model_is_reached_through_a_whole_package() -> None:
    """`import meetings.models` would go round the contract that keeps confidential records behind one door."""
    names = {"members", "groups", "meetings"}
    whole = [
        f"{path}: {ast.unparse(node)}"
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Import) and any(one.name.split(".")[0] in names for one in node.names))
        or (
            isinstance(node, ast.ImportFrom)
            and node.module in names
            and any(one.name == "models" for one in node.names)
        )
    ]
    assert whole == []


def test_rights_are_never_asked_of_django_where_membership_counts() -> None:
    """Django says yes to a superuser before it asks anybody."""
    doors = {path: tree for path, tree in modules().items() if path.endswith("/access.py")}
    assert set(doors) == {"groups/access.py", "meetings/access.py"}
    asked = [
        f"{path}: {node.attr}"
        for path, tree in doors.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("is_staff", "is_superuser", "has_perm", "has_perms")
    ]
    assert asked == []


def test_sql_is_written_by_hand_in_few_places() -> None:
    by_hand = {
        path for path, tree in modules().items() if any(call.endswith((".execute", ".raw")) for call in calls(tree))
    }
    assert by_hand == {
        "members/admin/filters.py",
        "groups/running.py",
        "roundtable/clock.py",
        "roundtable/health.py",
        "roundtable/outbox/deliver.py",
        "roundtable/prepared.py",
        "roundtable/rekeying.py",
        "roundtable/servers.py",
        "roundtable/postgres/base.py",
    }


def test_a_form_in_a_part_gets_its_token() -> None:
    """A part that is included with named words only knows no token unless it is one of them: its form is refused."""
    with_form = {path for path, source in templates().items() if "{% csrf_token %}" in source}
    without_token = [
        (path, part)
        for path, source in templates().items()
        for part, words in re.findall(r'{% include "([^"]+)" with ([^%]*) only %}', source)
        if part in with_form and "csrf_token=" not in words
    ]
    assert without_token == []

import pytest
from django.db import IntegrityError
from django.urls import reverse

from members.models.program import BOXES, DOTS, PER_TOPIC, Organizer, Program

pytestmark = pytest.mark.django_db


def test_opening_dates_are_picked_in_one_labelled_field_each(client, django_user_model):
    program = Program.objects.create(slug="circles", name="Circles")
    client.force_login(django_user_model.objects.create_superuser("root@example.org"))
    page = client.get(reverse("admin:members_program_change", args=[program.pk])).content.decode()
    for name in ("opens_at", "closes_at"):
        assert (f'for="id_{name}"' in page, f'<input type="datetime-local" name="{name}"' in page) == (True, True)


def test_a_moment_that_was_picked_is_kept(client, django_user_model):
    program = Program.objects.create(slug="circles", name="Circles")
    client.force_login(django_user_model.objects.create_superuser("root@example.org"))
    address = reverse("admin:members_program_change", args=[program.pk])
    fields = dict(client.get(address).context["adminform"].form.initial)
    sent = {name: value for name, value in fields.items() if value not in (None, [], False)}
    formset = {"organizer_set-TOTAL_FORMS": "0", "organizer_set-INITIAL_FORMS": "0"}
    client.post(address, sent | formset | {"opens_at": "2026-12-01T09:30"})
    assert f"{Program.objects.get(pk=program.pk).opens_at:%Y-%m-%d %H:%M %Z}" == "2026-12-01 09:30 UTC"


@pytest.fixture
def send(client, django_user_model):
    """Somebody who runs the site fills in the form of a program, and reads what is wrong with it."""
    client.force_login(django_user_model.objects.create_superuser("root@example.org"))

    def post(program, **words):
        address = reverse("admin:members_program_change", args=[program.pk])
        form = client.get(address).context["adminform"].form
        shown = {field.html_name: field.value() for field in form}
        sent = {name: value for name, value in shown.items() if value not in (None, [], False)}
        formset = {"organizer_set-TOTAL_FORMS": "0", "organizer_set-INITIAL_FORMS": "0"}
        answer = client.post(address, sent | formset | words)
        return {} if answer.status_code == 302 else answer.context["adminform"].form.errors

    return post


BOARD = ("dots", "per_topic", "boxes", "rule", "tie")


def test_the_board_of_a_program_has_rules_of_its_own(send, client):
    program = Program.objects.create(slug="circles", name="Circles")
    page = client.get(reverse("admin:members_program_change", args=[program.pk])).content.decode()
    assert '<input type="text" name="boxes" value="8, 5"' in page
    assert send(program) == {}
    assert Program.objects.values_list(*BOARD).get() == (3, 2, [8, 5], "more_up", "facilitator")
    assert send(program, dots="5", per_topic="3", boxes=" 6,4 ", rule="most_here", tie="extend") == {}
    assert Program.objects.values_list(*BOARD).get() == (5, 3, [6, 4], "most_here", "extend")


@pytest.mark.parametrize(
    ("words", "errors"),
    [
        ({"dots": "0"}, {"dots": [DOTS]}),
        ({"dots": "10"}, {"dots": [DOTS]}),
        ({"per_topic": "0"}, {"per_topic": [PER_TOPIC]}),
        ({"per_topic": "4"}, {"__all__": [PER_TOPIC]}),
        ({"boxes": ""}, {"boxes": [BOXES]}),
        ({"boxes": "8 5"}, {"boxes": [BOXES]}),
        ({"boxes": "8, , 5"}, {"boxes": [BOXES]}),
        ({"boxes": "8, -5"}, {"boxes": [BOXES]}),
        ({"boxes": "8, 0"}, {"boxes": [BOXES]}),
        ({"boxes": "61"}, {"boxes": [BOXES]}),
        ({"boxes": "9" * 30}, {"boxes": [BOXES]}),
        ({"boxes": "1, 2, 3, 4, 5, 6, 7"}, {"boxes": [BOXES]}),
        ({"rule": "nobody"}, {"rule": ["Select a valid choice. nobody is not one of the available choices."]}),
        ({"tie": "coin"}, {"tie": ["Select a valid choice. coin is not one of the available choices."]}),
    ],
)
def test_what_no_board_can_go_by_is_refused_in_one_sentence(send, words, errors):
    program = Program.objects.create(slug="circles", name="Circles")
    assert send(program, **words) == errors
    assert Program.objects.values_list(*BOARD).get() == (3, 2, [8, 5], "more_up", "facilitator")


@pytest.mark.parametrize(
    ("rules", "constraint"),
    [
        ({"dots": 10}, "a_program_gives_at_most_9_dots_and_a_topic_takes_no_more"),
        ({"per_topic": 0}, "a_program_gives_at_most_9_dots_and_a_topic_takes_no_more"),
        ({"per_topic": 4}, "a_program_gives_at_most_9_dots_and_a_topic_takes_no_more"),
        ({"boxes": []}, "a_topic_has_1_to_6_boxes_of_1_to_60_minutes"),
        ({"boxes": [8, 0]}, "a_topic_has_1_to_6_boxes_of_1_to_60_minutes"),
        ({"boxes": [8, None]}, "a_topic_has_1_to_6_boxes_of_1_to_60_minutes"),
        ({"boxes": [61]}, "a_topic_has_1_to_6_boxes_of_1_to_60_minutes"),
        ({"boxes": [5] * 7}, "a_topic_has_1_to_6_boxes_of_1_to_60_minutes"),
        ({"rule": "nobody"}, "thumbs_are_weighed_by_a_rule_that_the_board_knows"),
        ({"tie": "coin"}, "thumbs_are_weighed_by_a_rule_that_the_board_knows"),
    ],
)
def test_the_database_refuses_it_too(rules, constraint):
    Program.objects.create(slug="circles", name="Circles")
    with pytest.raises(IntegrityError, match=constraint):
        Program.objects.update(**rules)


def test_organizers_read_the_rules_of_the_board_and_whoever_runs_the_site_changes_them(client, django_user_model):
    program = Program.objects.create(slug="circles", name="Circles", boxes=[9, 4])
    person = django_user_model.objects.create_user("olga@example.org", is_staff=True)
    Organizer.objects.create(program=program, person=person)
    client.force_login(person)
    address = reverse("admin:members_program_change", args=[program.pk])
    assert "9, 4" in client.get(address).content.decode()
    assert client.post(address, {"boxes": "8, 5"}).status_code == 404

import pytest
from django.urls import reverse

from members.models.program import Program

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

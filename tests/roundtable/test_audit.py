import pytest

from roundtable import audit
from roundtable.audit import AuditLine

pytestmark = pytest.mark.django_db


def test_a_line_holds_ids_and_a_count(ada, clock):
    audit.note(ada, "exported applications", "program:1", 86)
    audit.note(None, "let invitations lapse", "draft:2")
    assert list(AuditLine.objects.order_by("pk").values_list("at", "actor", "verb", "about", "count")) == [
        (clock.moment, ada.pk, "exported applications", "program:1", 86),
        (clock.moment, None, "let invitations lapse", "draft:2", 1),
    ]


def test_the_line_stays_when_its_person_goes(ada):
    audit.note(ada, "did", "meeting:7")
    ada.delete()
    assert AuditLine.objects.get().actor is None

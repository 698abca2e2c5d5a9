"""`manage.py rotate_field_keys`"""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from roundtable import vault


class Command(BaseCommand):
    help = "Wraps all data keys with the first key of FIELD_KEYS; older ones may then leave the ring."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        count = vault.rewrap_all()
        if options["verbosity"]:
            self.stdout.write(f"{count} data keys wrapped anew.")

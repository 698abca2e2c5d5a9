"""Make the database ready to serve, in one process because starting Django takes longest: `prepare.py [--demo]`."""

import logging
import os
import sys

import django
from django.core.management import CommandError, call_command


def main() -> int:
    """Migrate and, if asked, load the demo; what goes wrong is told in one sentence where there is one."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "roundtable.settings")
    django.setup()
    logging.disable(logging.INFO)  # what the demo does is no news for whoever starts the site
    try:
        call_command("migrate", verbosity=0)
        if "--demo" in sys.argv:
            call_command("demo")
            call_command("demo_circle")
            call_command("demo_pool")
    except CommandError as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

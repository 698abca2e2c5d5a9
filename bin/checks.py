"""All checks that run no test. Each is silent when it passes; all run, even after one has failed."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = [sys.executable]
MANAGE = [*PYTHON, "manage.py"]
LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"
# What a real installation must give; the values only have to have the right form.
PRODUCTION = {
    "DEBUG": "false",
    "PRIVATE": "false",
    "SECRET_KEY": "made up for this check, of fifty characters and more, not used",
    "FIELD_KEYS": "1:AbCdEfGhIjKlMnOpQrStUvWxYz0123456789+/AbCdE=",
    "ALLOWED_HOSTS": "roundtable.example",
    "SITE_URL": "https://roundtable.example",
    "ANYMAIL": '{"WEBHOOK_SECRET": "made:up"}',
}


def files(pattern: str, *folders: str) -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for folder in folders for path in (ROOT / folder).rglob(pattern))


def steps() -> dict[str, list[str]]:
    source = files("*.py", "roundtable", "members", "groups", "meetings", "tests")
    return {
        "format": [*PYTHON, "-m", "ruff", "format", "--check", "."],
        "ruff": [*PYTHON, "-m", "ruff", "check", "."],
        "imports": [*PYTHON, "-c", LINT_IMPORTS],
        "types": [*PYTHON, "-m", "mypy", "."],
        "templates": [
            str(Path(sys.executable).with_name("djade")),
            "--check",
            "--target-version=5.2",
            *files("*.html", "templates"),
        ],
        "upgrade": [*PYTHON, "-m", "django_upgrade", "--check", "--target-version=5.2", *source],
        "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
        "deploy": [*MANAGE, "check", "--deploy", "--fail-level=WARNING"],
    }


def passes(name: str, command: list[str]) -> bool:
    surroundings = os.environ | (PRODUCTION if name == "deploy" else {})
    done = subprocess.run(command, cwd=ROOT, env=surroundings, check=False, capture_output=True, text=True)
    if done.returncode:
        sys.stdout.write(f"--- {name}\n{done.stdout}{done.stderr}")
    return done.returncode == 0


def main() -> int:
    """Exit with 1 if any check failed."""
    verdicts = [passes(name, command) for name, command in steps().items()]
    return int(not all(verdicts))


if __name__ == "__main__":
    sys.exit(main())

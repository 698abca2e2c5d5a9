"""Make the virtual environment, or bring it up to date with the requirements, then run Python in it.

Needs nothing but Python: `python3 bin/environment.py [--dev] -m module ...`.
"""

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
PARSERS = ROOT / "tests" / "meetings" / "parsers"


def stamp(requirements: Path) -> Path:
    """The file that says that just these requirements are installed for just this Python."""
    wanted = hashlib.sha256(requirements.read_bytes() + os.fsencode(PYTHON.resolve())).hexdigest()
    return VENV / f"{requirements.stem}-{wanted[:16]}"


def make_venv() -> None:
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=False, capture_output=True, text=True)
    said = made.stdout + made.stderr
    if made.returncode and ("ensurepip" in said or "No module named venv" in said):
        sys.exit("Python's venv module is missing: install it first (on Debian: apt install python3-venv).")
    if made.returncode:
        sys.exit(f"The virtual environment could not be made: {said.strip()}")


def is_sound() -> bool:
    """Whether the environment's Python is there and finds its packages: after an upgrade of Python it does not."""
    if not PYTHON.exists():
        return False
    return subprocess.run([PYTHON, "-c", "import pip"], check=False, capture_output=True).returncode == 0


def install(requirements: Path) -> None:
    if not is_sound():
        make_venv()
    sys.stderr.write(f"Installing {requirements.name} ...\n")
    options = ["--quiet", "--no-input", "--disable-pip-version-check", "--require-hashes"]
    command = [str(PYTHON), "-m", "pip", "install", *options, "-r", str(requirements)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{done.stderr.strip()}\nThe packages of {requirements.name} could not be installed; see above.")
    for old in VENV.glob(f"{requirements.stem}-????????????????"):
        old.unlink()
    stamp(requirements).touch()


def install_parsers() -> None:
    """What reads our calendar files with node. Where there is no npm, or it fails, the test says that it is skipped."""
    lock, npm = PARSERS / "package-lock.json", shutil.which("npm")
    mark = PARSERS / "node_modules" / f".of-{hashlib.sha256(lock.read_bytes()).hexdigest()[:16]}"
    if npm is None or mark.exists():
        return
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"]
    done = subprocess.run([npm, "ci", *options], cwd=PARSERS, check=False, capture_output=True, text=True)
    if done.returncode:
        sys.stderr.write("ical.js could not be installed, so nothing is read with it.\n")
    else:
        mark.touch()


def bring_up_to_date(names: list[str]) -> None:
    """One at a time: two commands may start together."""
    (ROOT / "var").mkdir(exist_ok=True)
    with (ROOT / "var" / "environment.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for requirements in (ROOT / name for name in names):
            if not stamp(requirements).exists():
                install(requirements)
        if "requirements-dev.txt" in names:
            install_parsers()


def main() -> NoReturn:
    """Install what the product needs, with `--dev` also what checking it needs, and become the program asked for."""
    if sys.version_info < (3, 11):  # noqa: UP036  # runs before anything has checked
        sys.exit(f"Python 3.11 or newer is needed; python3 here is {sys.version.split()[0]}.")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, frame: sys.exit(128 + number))  # an unwound stack ends pip, too
    dev, command = sys.argv[1:2] == ["--dev"], sys.argv[1:]
    try:
        bring_up_to_date(["requirements.txt", "requirements-dev.txt"] if dev else ["requirements.txt"])
    except PermissionError as error:
        sys.exit(f"{error.filename} cannot be written: start as the account that owns this folder.")
    os.environ |= {"PYTHONPATH": str(ROOT), "PYTHONTZPATH": ""}  # the zones of the pinned tzdata count
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a site is three processes: each would compile all of it anew
    os.execv(PYTHON, [str(PYTHON), "-P", *command[dev:]])  # noqa: S606  # no shell is wanted


if __name__ == "__main__":
    main()

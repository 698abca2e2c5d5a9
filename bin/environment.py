"""Make the virtual environment, and make it again when requirements have changed. Needs nothing but Python."""

import fcntl
import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def stamp(requirements: Path) -> Path:
    """The file that says that just these requirements are installed for just this Python."""
    wanted = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()
    return VENV / f"{requirements.stem}-{wanted[:16]}"


def make_venv() -> None:
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=False, capture_output=True, text=True)
    if made.returncode:
        advice = "Python's venv module is missing: install it (on Debian: apt install python3-venv)."
        sys.exit(advice if "ensurepip" in made.stdout + made.stderr else made.stdout + made.stderr)


def install(requirements: Path) -> None:
    sys.stderr.write(f"Installing {requirements.name} ...\n")
    options = ["--quiet", "--no-input", "--disable-pip-version-check", "--require-hashes"]
    done = subprocess.run([PYTHON, "-m", "pip", "install", *options, "-r", requirements], check=False)
    if done.returncode:
        sys.exit(f"The packages of {requirements.name} could not be installed; pip's reason stands above.")
    for old in VENV.glob(f"{requirements.stem}-*"):
        old.unlink()
    stamp(requirements).touch()


def main() -> None:
    """Install what the product needs, and with `--dev` what checking it needs."""
    if sys.version_info < (3, 11):  # noqa: UP036  # runs before anything has checked
        sys.exit(f"Python 3.11 or newer is needed; python3 here is {sys.version.split()[0]}.")
    names = ["requirements.txt", "requirements-dev.txt"] if "--dev" in sys.argv else ["requirements.txt"]
    (ROOT / "var").mkdir(exist_ok=True)
    with (ROOT / "var" / "environment.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not PYTHON.exists():
            make_venv()
        for requirements in (ROOT / name for name in names):
            if not stamp(requirements).exists():
                install(requirements)


if __name__ == "__main__":
    main()

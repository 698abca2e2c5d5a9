"""Run one benchmark of bench/, or each of them in turn."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def run(path: Path, arguments: list[str]) -> int:
    command = [sys.executable, "-m", f"bench.{path.stem}", *arguments]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def main() -> int:
    """Exit with 1 if a benchmark failed, or if there is none of that name."""
    known = {path.stem: path for path in sorted((ROOT / "bench").glob("*.py")) if "__main__" in path.read_text()}
    name, arguments = (sys.argv[1], sys.argv[2:]) if sys.argv[1:] else (None, [])
    if name and name not in known:
        sys.stderr.write(f"There is no benchmark {name}; there are: {', '.join(known)}.\n")
        return 1
    chosen = [known[name]] if name else list(known.values())
    codes = [run(path, arguments) for path in chosen]
    return int(any(codes))


if __name__ == "__main__":
    sys.exit(main())

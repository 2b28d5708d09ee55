#!/usr/bin/env python3
"""Usage: run.py PROGRAM [GROUP...] [-v]   Groups are the files of cases/; default: all. Exit code 0: every case passed."""
import importlib
import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from harness import Failure, World, run_case  # noqa: E402


def run_group(program, name, verbose):
    group = importlib.import_module(f"cases.{name}")
    world, failed = World(program), 0
    try:
        for case in group.CASES:
            try:
                run_case(world, case)
            except (Failure, json.JSONDecodeError, UnicodeDecodeError, subprocess.TimeoutExpired) as problem:
                failed += 1
                print(f"FAILED {name}: {case.name}\n  {' '.join(map(str, case.words()))}\n  {problem}")
            else:
                if verbose:
                    print(f"ok     {name}: {case.name}")
    finally:
        world.close()
    print(f"{name}: {len(group.CASES) - failed} passed, {failed} failed")
    return failed


def main():
    words = [word for word in sys.argv[1:] if word != "-v"]
    if not words:
        sys.exit(__doc__)
    names = words[1:] or sorted(path.stem for path in (pathlib.Path(__file__).parent / "cases").glob("[a-z]*.py"))
    sys.exit(1 if sum(run_group(words[0], name, "-v" in sys.argv) for name in names) else 0)


if __name__ == "__main__":
    main()

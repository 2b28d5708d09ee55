#!/usr/bin/env python3
"""Usage: run.py PROGRAM [GROUP...] [-v] [--reference PROGRAM]
Groups are the files of cases/; default: all. Exit code 0: every case passed. With a reference program every case is run with both,
each in a world of its own, and their JSON documents must be equal, apart from what differs from run to run (same_document.py).
"""
import argparse
import importlib
import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from harness import Failure, World, run_case  # noqa: E402
from same_document import difference  # noqa: E402


def compare(world, reference):
    for (words, ours), (_, theirs) in zip(world.documents, reference.documents):
        found = difference(world, ours, reference, theirs)
        if found:
            raise Failure(f"{' '.join(map(str, words))}: the document differs from the reference program's: {found}")
    if len(world.documents) != len(reference.documents):
        raise Failure(f"{len(world.documents)} documents, {len(reference.documents)} from the reference program")


def run_group(program, name, verbose, reference=None):
    group = importlib.import_module(f"cases.{name}")
    worlds = [World(path) for path in (program, reference) if path]
    cases = [case for case in group.CASES if not (case.linux_only and any(world.windows for world in worlds))]
    failed, compared = 0, 0
    try:
        for case in cases:
            try:
                for world in reversed(worlds):
                    run_case(world, case)
                if reference:
                    compare(*worlds)
                    compared += len(worlds[0].documents)
            except (Failure, json.JSONDecodeError, UnicodeDecodeError, subprocess.TimeoutExpired) as problem:
                failed += 1
                print(f"FAILED {name}: {case.name}\n  {' '.join(map(str, case.words()))}\n  {problem}")
            else:
                if verbose:
                    print(f"ok     {name}: {case.name}")
            for world in worlds:
                world.documents.clear()
    finally:
        for world in worlds:
            world.close()
    same = f", {compared} documents as the reference program's" if reference else ""
    print(f"{name}: {len(cases) - failed} passed, {failed} failed{same}")
    return failed


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("program")
    parser.add_argument("groups", nargs="*")
    parser.add_argument("-v", action="store_true", dest="verbose")
    parser.add_argument("--reference")
    given = parser.parse_args()
    names = given.groups or sorted(path.stem for path in (pathlib.Path(__file__).parent / "cases").glob("[a-z]*.py"))
    sys.exit(1 if sum(run_group(given.program, name, given.verbose, given.reference) for name in names) else 0)


if __name__ == "__main__":
    main()

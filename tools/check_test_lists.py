#!/usr/bin/env python3
"""Refuses a test source that no CMakeLists.txt names, and a suite that the tests' own CMakeLists.txt does not know.

    tools/check_test_lists.py [ROOT]    ROOT: the checkout (default: the one this script lies in)
"""

import re
import sys
from pathlib import Path


def words(path, root):
    """Everything a CMakeLists.txt names, as paths from its own folder where it is one; folders may be globbed, sources not."""
    text = re.sub(r"#[^\n]*", "", path.read_text(encoding="utf-8"))
    text = text.replace("${CMAKE_SOURCE_DIR}", str(root)).replace("${CMAKE_CURRENT_SOURCE_DIR}", str(path.parent))
    found = {word for word in re.split(r'[\s()";]+', text) if word}
    globbed = {list_.parent for word in found if word.endswith("*/CMakeLists.txt") for list_ in path.parent.glob(word)}
    return {(path.parent / word).resolve() for word in found} | {folder.resolve() for folder in globbed}


def check(root):
    tests = root / "tests"
    lists = sorted(tests.rglob("CMakeLists.txt"))
    named = {path.parent.resolve(): words(path, root) for path in lists}
    problems = []
    files = sorted(path for path in tests.rglob("*") if path.suffix in (".cpp", ".cc", ".c"))
    for path in files:
        if not any(path.resolve() in names for names in named.values()):
            problems.append(f"{path.relative_to(root).as_posix()}: no CMakeLists.txt names it")
    for folder in named:
        if folder == tests.resolve():
            continue
        if not any(folder in names for parent, names in named.items() if parent != folder and folder.is_relative_to(parent)):
            problems.append(f"{folder.relative_to(root.resolve()).as_posix()}: no CMakeLists.txt above adds this folder")
    return problems, len(files)


def main(arguments):
    root = Path(arguments[0] if arguments else Path(__file__).resolve().parent.parent)
    problems, count = check(root)
    print("\n".join(problems + [f"test lists: {count} files, {len(problems)} problems"]))
    return 1 if problems or not count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

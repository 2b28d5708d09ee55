#!/usr/bin/env python3
"""Refuses an include that tools/layers.json does not allow, and operating-system macros outside their folders.

    tools/check_layers.py [ROOT]        ROOT: the checkout (default: the one this script lies in)
"""

import json
import re
import sys
from pathlib import Path

from source_text import line_of, sources, without_comments

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"]+)"', re.M)
MACRO = re.compile(r"^[ \t]*#[^\n]*\b(_WIN32|_WIN64|__linux__|__unix__|__APPLE__|__MINGW32__|_MSC_VER)\b", re.M)


def layer_of(path, layers):
    """The longest layer name that is a folder of the path: transport/sim before transport."""
    fitting = [name for name in layers if path == name or path.startswith(name + "/")]
    return max(fitting, key=len, default=None)


def check(root):
    rules = json.loads((root / "tools/layers.json").read_text(encoding="utf-8"))
    layers, problems = rules["layers"], []
    for name, allowed in layers.items():
        problems += [f"tools/layers.json: {name} names the unknown layer {other}" for other in allowed if other not in layers]
    files = sources(root / "src")
    for path in files:
        relative = path.relative_to(root / "src").as_posix()
        place = f"src/{relative}"
        layer = layer_of(relative, layers)
        if layer is None:
            problems.append(f"{place}: this folder is no layer of tools/layers.json")
            continue
        text = without_comments(path.read_text(encoding="utf-8"))
        for match in INCLUDE.finditer(text):
            target = layer_of(match[1], layers)
            beside = (path.parent / match[1]).exists() and not (root / "src" / match[1]).exists()
            if beside or target == layer:
                continue
            line = line_of(text, match.start())
            if target is None:
                problems.append(f'{place}:{line}: "{match[1]}" is in no layer')
            elif target not in layers[layer]:
                problems.append(f'{place}:{line}: {layer} must not include {target} ("{match[1]}")')
        if not any(relative.startswith(folder + "/") for folder in rules["platform_macros_only_in"]):
            for match in MACRO.finditer(text):
                problems.append(f"{place}:{line_of(text, match.start(1))}: {match[1]} outside {rules['platform_macros_only_in']}")
    return problems, len(files)


def main(arguments):
    root = Path(arguments[0] if arguments else Path(__file__).resolve().parent.parent)
    problems, count = check(root)
    print("\n".join(problems + [f"layers: {count} files, {len(problems)} problems"]))
    return 1 if problems or not count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

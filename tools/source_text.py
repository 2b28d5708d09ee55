"""What the checkers share: C++ sources without their comments, with line numbers kept."""

import re
from pathlib import Path

TOKEN = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|//[^\n]*|/\*.*?\*/|R"(\w*)\((?:.|\n)*?\)\1"', re.S)


def without_comments(text):
    def blank(match):
        token = match.group(0)
        return re.sub(r"[^\n]", " ", token) if token.startswith(("//", "/*")) else token

    return TOKEN.sub(blank, text)


def sources(root, suffixes=(".h", ".cpp", ".c")):
    return sorted(path for path in Path(root).rglob("*") if path.suffix in suffixes)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1

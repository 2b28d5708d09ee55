#!/usr/bin/env python3
"""Usage: unity_groups.py FILE...   Prints "file<TAB>group" for the C++ files that can be compiled together.

Compiling several files as one saves reading the same headers again and again, but then everything in their unnamed namespaces
meets. So files that declare the same name there, or of which one calls (or, for a constant, names) what another one declares there, go into different groups;
files that define macros or include headers full of macros stay alone. It reads the text only roughly: too careful is fine, and
what it misses stops the build, never changes it.
"""
import pathlib
import re
import sys

LARGEST_GROUP = 20
LARGEST_TEXT = 90_000  # characters
ALONE = re.compile(r"^\s*#\s*(?:include\s*<(?:windows|winsock2|ws2tcpip|shlobj|wbemidl|boost/asio|boost/beast|openssl/)|define\b)", re.MULTILINE)
NOISE = re.compile(r'R"(\w*)\((?:.|\n)*?\)\1"|//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|^\s*#[^\n]*', re.DOTALL | re.MULTILINE)
UNNAMED = re.compile(r"\bnamespace\s*\{")
NAME = r"[A-Za-z_]\w*"
KINDS = re.compile(rf"\b(?:struct|class|union|enum(?:\s+class)?)\s+({NAME})|\busing\s+({NAME})\s*=|\bnamespace\s+({NAME})\s*=")
BEFORE = re.compile(rf"({NAME})\s*(?:\(|=|\[|\{{|$)")
MORE = re.compile(rf",\s*({NAME})\s*=")
CALL = re.compile(rf"(?<![\w.>:])(?:({NAME})\s*(?:\(|<)|(k[A-Z]\w*))")
WORDS = {"if", "for", "while", "switch", "return", "sizeof", "decltype", "noexcept", "static_assert", "operator", "alignof", "catch",
         "const", "constexpr", "static", "template", "requires", "inline", "explicit"}


def block_end(text, start):
    depth = 1
    for at in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        if depth == 0:
            return at
    return len(text)


def flat(text):
    """Without what is inside of braces, parentheses kept."""
    out, depth = [], 0
    for char in text:
        if char == "{":
            depth += 1
            if depth == 1:
                out.append("{")
        elif char == "}":
            depth -= 1
            if depth == 0:
                out.append("}")
        elif depth == 0:
            out.append(char)
    return "".join(out)


def declared(text):
    names = set()
    for match in UNNAMED.finditer(text):
        body = flat(text[match.end():block_end(text, match.end())])
        for statement in re.split(r";|\}", body):
            statement = re.sub(r"\btemplate\s*<[^{;]*?>\s*(?=\b(?:struct|class|auto|void|bool|std|Result|const|typename|[A-Z]))", "", statement)
            kinds = [name for found in KINDS.findall(statement) for name in found if name]
            if kinds:
                names.update(kinds)
                continue
            found = BEFORE.search(statement)
            while found and found.group(1) in WORDS:
                found = BEFORE.search(statement, found.end())
            if found and not found.group(1).isupper():  # TEST(…) and its like declare other names
                names.add(found.group(1))
                if "(" not in statement[:found.end()]:
                    names.update(MORE.findall(statement))  # int a = 1, b = 2
    return names


def groups_of(paths):
    groups = []  # [files, declared, called, size]
    for path in paths:
        source = pathlib.Path(path)
        if source.suffix != ".cpp" or not source.exists():
            continue
        raw = source.read_text(encoding="utf-8")
        if ALONE.search(raw):
            continue
        text = NOISE.sub(" ", raw)
        names, calls = declared(text), {name for pair in CALL.findall(text) for name in pair if name} - WORDS
        calls -= names | {name for name in calls if name.isupper()}
        for group in groups:
            if len(group[0]) < LARGEST_GROUP and group[3] + len(raw) <= LARGEST_TEXT \
                    and not names & (group[1] | group[2]) and not calls & group[1]:
                group[0].append(path)
                group[1] |= names
                group[2] |= calls
                group[3] += len(raw)
                break
        else:
            groups.append([[path], names, calls, len(raw)])
    return groups


def main():
    for number, group in enumerate(groups_of(sys.argv[1:])):
        if len(group[0]) > 1:
            for path in group[0]:
                print(f"{path}\t{number}")


if __name__ == "__main__":
    main()

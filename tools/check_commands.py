#!/usr/bin/env python3
"""Holds the commands that texts tell people to type against the program: a remedy that names an option which does not exist is none.

    tools/check_commands.py PROGRAM [ROOT]      ROOT: the checkout (default: the one this script lies in)

Looked at: i18n/*.json in both languages, docs, README and the page's sources; every "exhyperv …" up to the end of its sentence, line or
quotation. Commands and options are what the program's own --help lists.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

from source_text import line_of

# What follows the program's name in prose and is no command.
PROSE = {"on", "only", "or", "is", "processes", "while"}
PLACEHOLDERS = re.compile(r"^(\{\w+\}|<.*|COMMAND|…|\.\.\.|[^\x00-\x7f]+.*)$")
OPTION_LINE = re.compile(r"^  (?:(-\w), )?(--[\w-]+)(?: ([A-Z][^ ]*))?(?:  |$)", re.M)
COMMAND_LINE = re.compile(r"^  ([a-z][\w-]*(?: [a-z][\w-]*)?)  ", re.M)
NAMED = re.compile(r"(?<![\w./\\-])exhyperv(?:\.exe)? +(?=\S)")
TOKEN = re.compile(r'"[^"]*"|\'[^\']*\'|[^\s]+')
SENTENCE_END = re.compile(r"[.,;:!?)\]}]+$|[\u3000-\u303f\uff00-\uffef”’]")
CLOSING = {'"': '"', "'": "'", "“": "”", "`": "`", "‘": "’"}


def help_of(program, words=()):
    done = subprocess.run([program, *words, "--help", "--lang", "en"], capture_output=True, text=True, check=True, timeout=60)
    return done.stdout


def section(text, heading):
    found = re.search(rf"^{heading}\n(.*?)(?:\n\n|\Z)", text, re.M | re.S)
    return found[1] if found else ""


def options_in(text):
    """Option -> does a value follow?"""
    options = {}
    for short, name, value in OPTION_LINE.findall(text):
        options[name] = bool(value)
        if short:
            options[short] = bool(value)
    return options


def grammar(program):
    """Of every command its options, those of every command included; "" is the program alone."""
    whole = help_of(program)
    everywhere = options_in(section(whole, "Options of every command"))
    commands = {"": everywhere}
    for name in COMMAND_LINE.findall(section(whole, "Commands")):
        commands[name] = options_in(section(help_of(program, name.split()), "Options")) | everywhere
    return commands


def commands_in(text):
    """(offset, what follows the program's name) of each command in a text."""
    for match in NAMED.finditer(text):
        rest = text[match.end():].split("\n", 1)[0]
        before = text[match.start() - 1] if match.start() else ""
        if before in CLOSING:
            rest = rest.split(CLOSING[before], 1)[0]
        yield match.start(), rest.split("`", 1)[0]


def tokens_of(rest):
    """Up to the end of the sentence; a shell's comment, pipe or next command ends it, too."""
    tokens = []
    for token in TOKEN.findall(rest):
        if token in ("|", "#", "&&") or token.startswith("#"):
            break
        end = SENTENCE_END.search(token) if not re.fullmatch(r"\{\w+\}|\[[^]]*\]", token) else None
        clean = token[:end.start()] if end else token
        if clean:
            tokens.append(clean)
        if end:
            break
    return tokens


def check(rest, commands):
    """What is wrong with one command; None when it can be typed."""
    tokens = tokens_of(rest)
    known = commands[""]
    words = []
    at = 0
    while at < len(tokens) and len(words) < 2:
        token = tokens[at]
        if token.startswith("-"):
            if words and " ".join(words) in commands:
                break
            name = token.split("=", 1)[0]
            if name not in known:
                return f"{name} is no option of every command"
            at += 2 if known[name] and "=" not in token else 1
            continue
        words.append(token)
        at += 1
    name = " ".join(words)
    if name not in commands:
        name = words[0]
    if words and name not in commands:
        groups = {command.split()[0] for command in commands if " " in command}
        if words[0] in PROSE or PLACEHOLDERS.match(words[0]):
            return None
        if words[0] in groups and (len(words) == 1 or PLACEHOLDERS.match(words[1]) or words[1] == "…"):
            return None
        return f"there is no command {' '.join(words)}"
    for token in tokens:
        option = token.split("=", 1)[0]
        if re.fullmatch(r"--?[a-z][\w-]*", option) and option not in commands[name]:
            return f"{option} is no option of {name or 'the program'}"
    return None


def texts_of(root):
    """(place, text, offset -> line)"""
    for path in sorted((root / "i18n").glob("*.json")):
        for key, entry in json.loads(path.read_text(encoding="utf-8")).items():
            for language, wording in entry.items():
                for text in wording.values() if isinstance(wording, dict) else [wording]:
                    yield f"i18n/{path.name}: {key} ({language})", text, None
    files = [*root.glob("*.md"), *(root / "docs").rglob("*.md"), *(root / "web/src").rglob("*.tsx")]
    for path in sorted(files):
        yield path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"), line_of


def main(arguments):
    if not arguments:
        sys.exit(__doc__)
    root = Path(arguments[1] if len(arguments) > 1 else Path(__file__).resolve().parent.parent)
    commands = grammar(arguments[0])
    problems, count = [], 0
    for place, text, line in texts_of(root):
        for offset, rest in commands_in(text):
            count += 1
            problem = check(rest, commands)
            if problem:
                where = f"{place}:{line(text, offset)}" if line else place
                problems.append(f"{where}: {problem}: exhyperv {rest.strip()}")
    print("\n".join([*problems, f"commands: {count} in texts, {len(commands) - 1} of the program, {len(problems)} problems"]))
    return 1 if problems or len(commands) < 2 or not count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

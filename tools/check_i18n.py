#!/usr/bin/env python3
"""Holds the catalogue (i18n/*.json) and the sources together.

    tools/check_i18n.py [ROOT]          ROOT: the checkout (default: the one this script lies in)

- Each key stands once, in both languages, with the same placeholders; an error has a title, a cause and a remedy.
- Each error code of the sources (fail("…"), Error{"…"}) has its entry; each error entry is named by a source.
- A fail("…", {{…}}) that lists its arguments lists all that the text asks for.
- Each message key of the sources (Message{"…"}, literals that start like one) has its entry.
"""

import json
import re
import sys
from pathlib import Path

from source_text import line_of, sources, without_comments

LANGUAGES = {"en", "zh-Hans"}
ERROR_PARTS = {"title", "cause", "remedy"}
MESSAGE_PREFIXES = ("check.", "step.", "cli.", "event.", "plan.", "text.")
KEY = r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+"
ERROR_USE = re.compile(r'\b(?:fail|parse_error|wbem_error)\(\s*"([^"]*)"|\bError(?:\s+\w+)?\s*[{(]\s*"([^"]*)"')
LISTED_ARGUMENTS = re.compile(r'\bfail\(\s*"([^"]+)"\s*,\s*(\{\s*\{[^;]*);')
ARGUMENT = re.compile(r'\{\s*"(\w+)"\s*,')
MESSAGE_USE = re.compile(r'\bMessage(?:\s+\w+)?\s*[{(]\s*"(' + KEY + ')"')
LITERAL = re.compile(r'"(' + KEY + ')"')
WEB_LITERAL = re.compile(r"""["'`](""" + KEY + """)["'`]""")
PLACEHOLDER = re.compile(r"\{([A-Za-z0-9_]+)\}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def load(root):
    entries, problems = {}, []
    for path in sorted((root / "i18n").glob("*.json")):
        place = f"i18n/{path.name}"

        def unique(pairs, place=place):
            keys = [key for key, _ in pairs]
            problems.extend(f"{place}: {key} stands twice" for key in sorted({k for k in keys if keys.count(k) > 1}))
            return dict(pairs)

        try:
            content = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=unique)
        except ValueError as error:
            problems.append(f"{place}: {error}")
            continue
        for key, entry in content.items():
            if key in entries:
                problems.append(f"{place}: {key} stands in {entries[key][0]} too")
            entries[key] = (place, entry)
    return entries, problems


def check_texts(place, key, texts):
    """texts: language -> wording of one text."""
    problems = []
    for language, text in texts.items():
        if not isinstance(text, str) or not text.strip():
            problems.append(f"{place}: {key}: {language} is empty or no text")
    if problems:
        return problems
    names = {language: set(PLACEHOLDER.findall(text)) for language, text in texts.items()}
    if names["en"] != names["zh-Hans"]:
        problems.append(f"{place}: {key}: different placeholders: {sorted(names['en'])} and {sorted(names['zh-Hans'])}")
    return problems


def check_entry(place, key, entry):
    if not isinstance(entry, dict) or set(entry) != LANGUAGES:
        return [f"{place}: {key}: needs exactly the languages {sorted(LANGUAGES)}"]
    if not key.startswith("error."):
        return check_texts(place, key, entry)
    problems = []
    if any(not isinstance(entry[language], dict) or set(entry[language]) != ERROR_PARTS for language in LANGUAGES):
        return [f"{place}: {key}: needs exactly {sorted(ERROR_PARTS)} in both languages"]
    for part in sorted(ERROR_PARTS):
        problems += check_texts(place, f"{key}.{part}", {language: entry[language][part] for language in LANGUAGES})
        words = PLACEHOLDER.sub("", entry["zh-Hans"][part] or "")
        if re.search("[a-z]{3}", words) and not CHINESE.search(words):
            problems.append(f"{place}: {key}.{part}: zh-Hans holds no Chinese")
    return problems


def placeholders(entries, key):
    parts = entries.get(key, (None, {}))[1].get("en", {})
    return {name for part in parts.values() for name in PLACEHOLDER.findall(part)} if isinstance(parts, dict) else set()


def check_sources(root, entries):
    problems, literals = [], set()
    for path in sources(root / "src"):
        place = path.relative_to(root).as_posix()
        text = without_comments(path.read_text(encoding="utf-8"))
        codes = set()
        for match in ERROR_USE.finditer(text):
            code = match[1] if match[1] is not None else match[2]
            if not code:
                continue  # built step by step; the literal below is seen all the same
            codes.add(code)
            if f"error.{code}" not in entries:
                problems.append(f"{place}:{line_of(text, match.start())}: error.{code} is not in the catalogue")
        for match in LISTED_ARGUMENTS.finditer(text):
            missing = placeholders(entries, f"error.{match[1]}") - set(ARGUMENT.findall(match[2]))
            if missing:
                problems.append(f"{place}:{line_of(text, match.start())}: error.{match[1]} needs {sorted(missing)} too")
        for match in LITERAL.finditer(text):
            literals.add(match[1])
        messages = {match[1]: match.start() for match in MESSAGE_USE.finditer(text)}
        messages |= {match[1]: match.start() for match in LITERAL.finditer(text) if match[1].startswith(MESSAGE_PREFIXES)}
        for key, offset in sorted(messages.items()):
            if key not in entries and key not in codes and f"error.{key}" not in entries:
                problems.append(f"{place}:{line_of(text, offset)}: {key} is not in the catalogue")
    for path in sources(root / "web/src", (".ts", ".tsx")):
        literals.update(match[1] for match in WEB_LITERAL.finditer(path.read_text(encoding="utf-8")))
    for key in sorted(entries):
        if key.startswith("error.") and key.removeprefix("error.") not in literals:
            problems.append(f"{entries[key][0]}: {key}: no source names this code")
    return problems


def main(arguments):
    root = Path(arguments[0] if arguments else Path(__file__).resolve().parent.parent)
    entries, problems = load(root)
    for key, (place, entry) in entries.items():
        problems += check_entry(place, key, entry)
    problems += check_sources(root, entries)
    print("\n".join(problems + [f"catalogue: {len(entries)} entries, {len(problems)} problems"]))
    return 1 if problems or not entries else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

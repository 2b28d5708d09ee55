#!/usr/bin/env python3
"""Merges i18n/*.json into one constant table for the program and one file a language for the page.

Usage: gen_text.py --out DIR FILE.json...
Writes DIR/catalogue_table.cpp and DIR/i18n/<language>.json. Refuses (exit code 1, one line a finding) what would show a
person a hole: a language missing, an error without title, cause or remedy, a key in two files, placeholders that differ
between the languages, braces that are no placeholder.
"""
import argparse
import json
import pathlib
import re
import sys

LANGUAGES = ("en", "zh-Hans")  # the order of text::Language
ERROR_PARTS = ("title", "cause", "remedy")
KEY = re.compile(r"[a-z0-9_]+(\.[a-z0-9_-]+)+\Z")
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def no_duplicates(pairs):
    seen = {}
    for key, value in pairs:
        if key in seen:
            raise ValueError(f"key {key!r} twice")
        seen[key] = value
    return seen


def placeholders(text):
    """The names in a text, or None when a brace stands alone. {{ and }} are literal braces."""
    bare = text.replace("{{", "").replace("}}", "")
    if re.search(r"[{}]", PLACEHOLDER.sub("", bare)):
        return None
    return set(PLACEHOLDER.findall(bare))


def flatten(name, document, findings):
    """Yields (key, {language: text}); an error's parts become keys of their own."""
    for key, languages in document.items():
        where = f"{name}: {key}"
        if not KEY.match(key):
            findings.append(f"{where}: not a key (small letters, digits, '_', at least one '.')")
            continue
        if not isinstance(languages, dict) or set(languages) != set(LANGUAGES):
            findings.append(f"{where}: needs exactly the languages {', '.join(LANGUAGES)}")
            continue
        if key.startswith("error."):
            wrong = [tag for tag in LANGUAGES
                     if not isinstance(languages[tag], dict) or set(languages[tag]) != set(ERROR_PARTS)]
            if wrong:
                findings.append(f"{where}: needs exactly {', '.join(ERROR_PARTS)} in {', '.join(wrong)}")
                continue
            for part in ERROR_PARTS:
                yield f"{key}.{part}", {tag: languages[tag][part] for tag in LANGUAGES}
        else:
            yield key, languages


def check(name, key, texts, findings):
    for tag in LANGUAGES:
        if not isinstance(texts[tag], str) or not texts[tag].strip():
            findings.append(f"{name}: {key}: {tag} is empty or no text")
            return
    found = {tag: placeholders(texts[tag]) for tag in LANGUAGES}
    for tag, names in found.items():
        if names is None:
            findings.append(f"{name}: {key}: {tag} has a brace that is no {{placeholder}} (write {{{{ or }}}})")
            return
    first = found[LANGUAGES[0]]
    for tag in LANGUAGES[1:]:
        # A remedy may name in one language what the other puts differently; a title or plain text may not.
        if found[tag] != first:
            findings.append(f"{name}: {key}: placeholders differ: {sorted(first)} and {tag} {sorted(found[tag])}")


def literal(text):
    out = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{out}"sv'


def merge(paths, findings):
    catalogue, origin = {}, {}
    for path in sorted(paths, key=lambda p: p.name):
        try:
            document = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=no_duplicates)
        except (ValueError, OSError) as problem:
            findings.append(f"{path.name}: {problem}")
            continue
        if not isinstance(document, dict):
            findings.append(f"{path.name}: the document must be an object")
            continue
        for key, texts in flatten(path.name, document, findings):
            if key in catalogue:
                findings.append(f"{path.name}: {key}: already in {origin[key]}")
                continue
            check(path.name, key, texts, findings)
            catalogue[key], origin[key] = texts, path.name
    return catalogue


def write_if_changed(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != content:
        path.write_text(content, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=pathlib.Path, help="where to write; without it only the checks are made")
    parser.add_argument("files", nargs="+", type=pathlib.Path)
    arguments = parser.parse_args()
    findings = []
    catalogue = merge(arguments.files, findings)
    if findings:
        print("\n".join(findings), file=sys.stderr)
        return 1
    if not arguments.out:
        return 0
    # What the page says in words of its own (web/tools/catalogue.ts) is of no use to the program.
    keys = sorted((key for key in catalogue if not key.startswith("page.")), key=lambda key: key.encode())  # byte order, as std::string_view compares
    rows = "\n".join(f"    {{{literal(key)}, {{{', '.join(literal(catalogue[key][tag]) for tag in LANGUAGES)}}}}},"
                     for key in keys)
    write_if_changed(arguments.out / "catalogue_table.cpp", f"""// Generated by tools/gen_text.py from i18n/*.json.
#include "text/catalogue_table.h"

namespace exhyperv::text {{
namespace {{
using namespace std::string_view_literals;
constexpr std::array<Entry, {len(keys)}> kEntries{{{{
{rows}
}}}};
}} // namespace

std::span<const Entry> entries() {{
    return kEntries;
}}

}} // namespace exhyperv::text
""")
    for tag in LANGUAGES:
        write_if_changed(arguments.out / "i18n" / f"{tag}.json",
                         json.dumps({key: catalogue[key][tag] for key in keys}, ensure_ascii=False, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Writes docs/compatibility.md from data/compatibility.json, and holds that file to its schema.

Usage: gen_compatibility.py [ROOT] [--check]    ROOT: the checkout (default: the one this script lies in)
                                                --check: exit code 1 when the page on the disk says something else
"""
import json
import re
import sys
from pathlib import Path

ANSWERS = ("yes", "no", "conditional", "unknown")
MEMBERS = {"card", "ids", "identified", "function_level_reset", "display_output", "note", "source"}

INTRO = """# Cards in a VM of their own

What people found out about a card after they handed it to a VM whole (Discrete Device Assignment). Made by
`tools/gen_compatibility.py` from [data/compatibility.json](../data/compatibility.json), which is built into the program: `exhyperv device
show` shows the row of your card, and a card that cannot be reset alone is warned of in every plan. The rows are reports; none was
tried by the project itself.

- **Recognised**: the guest sees the card and its driver starts.
- **Reset**: the card can be reset alone (function-level reset). Without that, restarting the VM can restart the host.
- **Picture**: a screen on the card's own connectors shows the guest.

| Card | PCI ids | Recognised | Reset | Picture | Source |
|---|---|---|---|---|---|
"""

OUTRO = """
## Add your card
`exhyperv device report "NAME"` writes the row. Replace each `unknown` by what you saw, run `python3 tools/gen_compatibility.py`, and send
both files as a pull request.
"""


def problems(document):
    """What schema/compatibility.schema.json asks for; the program's own parser is as strict."""
    found, seen = [], set()
    if document.get("format") != 1 or not isinstance(document.get("cards"), list):
        return ["format is not 1, or cards is no list"]
    for number, row in enumerate(document["cards"]):
        place = f"cards[{number}]"
        if set(row) - MEMBERS or (MEMBERS - {"note"}) - set(row):
            found.append(f"{place}: members are not {', '.join(sorted(MEMBERS))}")
            continue
        found += [f"{place}: {name} is none of {', '.join(ANSWERS)}"
                  for name in ("identified", "function_level_reset", "display_output") if row[name] not in ANSWERS]
        found += [f"{place}: {name} is empty" for name in ("card", "source", "ids") if not row[name]]
        if "conditional" in row.values() and "note" not in row:
            found.append(f"{place}: conditional without a note that says when")
        for id_ in row["ids"]:
            if not re.fullmatch(r"[0-9A-F]{4}:[0-9A-F]{4}", id_) or id_ in seen:
                found.append(f"{place}: {id_} is no id, or stands twice")
            seen.add(id_)
    return found


def cell(text):
    return text.replace("|", "\\|").replace("\n", " ")


def page(document):
    out, notes = INTRO, []
    for row in document["cards"]:
        mark = ""
        if "note" in row:
            notes.append(row["note"]["en"])
            mark = f" ({len(notes)})"
        answers = [row[name] + (mark if row[name] == "conditional" else "")
                   for name in ("identified", "function_level_reset", "display_output")]
        out += f"| {cell(row['card'])} | {', '.join(row['ids'])} | {' | '.join(answers)} | {cell(row['source'])} |\n"
    if notes:
        out += "\n" + "".join(f"({number}) {note}\n" for number, note in enumerate(notes, 1))
    return out + OUTRO


def main():
    words = [word for word in sys.argv[1:] if word != "--check"]
    root = Path(words[0]) if words else Path(__file__).resolve().parent.parent
    document = json.loads((root / "data" / "compatibility.json").read_text(encoding="utf-8"))
    for problem in problems(document):
        print(f"data/compatibility.json: {problem}", file=sys.stderr)
    if problems(document):
        return 1
    target = root / "docs" / "compatibility.md"
    wanted = page(document)
    if "--check" not in sys.argv:
        target.write_text(wanted, encoding="utf-8")
        return 0
    if not target.exists() or target.read_text(encoding="utf-8") != wanted:
        print("docs/compatibility.md is not in step with data/compatibility.json: run tools/gen_compatibility.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

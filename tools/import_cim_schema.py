#!/usr/bin/env python3
"""Makes schema/cim/virtualization_v2.classes from the schema facts: the named classes, their ancestors, nothing else.

    tools/import_cim_schema.py ../shared/hyperv/wmi-schema.json schema/cim/virtualization_v2.list > schema/cim/virtualization_v2.classes
    tools/import_cim_schema.py --compare ../shared/hyperv/wmi-schema.json schema/cim/virtualization_v2.classes

--compare prints each difference between the table and the facts and ends with 1 when there is one; without the facts it
says "skipped: no schema file" and ends with 0.
"""

import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import cim_classes as table

NAME_SPACE = r"root\virtualization\v2"


def facts_type(member):
    text = member["t"]
    array = text.endswith("[]")
    base = text[:-2] if array else text
    if member.get("ref"):
        return table.Type("reference", array, base)
    if base.lower() in table.TYPES:
        return table.Type(base.lower(), array)
    return table.Type("object", array, base)


def facts_class(entry, oldest, newest):
    def span(builds):  # the facts' first and last build stand for "ever since" and "until today"
        return (0 if builds[0] == oldest else builds[0], None if builds[1] == newest else builds[1])

    builds = span(entry["builds"])
    item = table.Class(NAME_SPACE, entry["name"], entry["super"] or "", bool(entry.get("assoc")), builds)
    for member in entry["props"]:
        own = span(member["builds"]) if "builds" in member else builds
        item.properties.append(table.Property(member["n"], facts_type(member), bool(member.get("key")), bool(member.get("w")), own))
    for method in entry.get("methods", []):
        own = span(method["builds"]) if "builds" in method else builds
        parameters = [table.Parameter(p["n"], facts_type(p), p["direction"].lower().replace("/", "")) for p in method["params"]]
        item.methods.append(table.Method(method["n"], parameters, own))
    return item


def load_facts(path):
    with open(path, encoding="utf-8") as file:
        facts = json.load(file)
    builds = [int(build) for build in facts["builds"]]
    return {entry["name"]: facts_class(entry, builds[0], builds[-1]) for entry in facts["classes"]}


def with_ancestors(facts, names):
    wanted, order = set(), []

    def add(name):
        if name in wanted:
            return
        if name not in facts:
            raise SystemExit(f"no such class in the facts: {name}")
        wanted.add(name)
        if facts[name].super:
            add(facts[name].super)
        order.append(facts[name])

    for name in names:
        add(name)
    return order


def members(item):
    """Every fact of a class as one comparable line each."""
    lines = [f"class super={item.super or '-'} association={item.association} builds={table.range_text(item.builds)}"]
    for p in item.properties:
        lines.append(f"property {p.name} {p.type.text()} key={p.key} write={p.writable} {table.range_text(p.builds)}")
    for m in item.methods:
        parameters = ", ".join(f"{p.direction} {p.name} {p.type.text()}" for p in m.parameters)
        lines.append(f"method {m.name}({parameters}) {table.range_text(m.builds)}")
    return lines


def compare(facts_path, table_path):
    if not os.path.exists(facts_path):
        print("skipped: no schema file")
        return 0
    facts, differences, compared = load_facts(facts_path), 0, 0
    for item in table.parse(table_path):
        if item.name not in facts:
            print(f"{item.name}: not in the facts")
            differences += 1
            continue
        ours, theirs = members(item), members(facts[item.name])
        compared += len(theirs)
        for line in [line for line in ours if line not in theirs]:
            print(f"{item.name}: only in the table: {line}")
            differences += 1
        for line in [line for line in theirs if line not in ours]:
            print(f"{item.name}: only in the facts: {line}")
            differences += 1
    print(f"{compared} facts compared, {differences} differences")
    return 1 if differences else 0


def main(arguments):
    if arguments[:1] == ["--compare"]:
        return compare(arguments[1], arguments[2])
    facts = load_facts(arguments[0])
    names = [line.split("#")[0].strip() for line in open(arguments[1], encoding="utf-8")]
    classes = with_ancestors(facts, [name for name in names if name])
    head = ["The classes of root\\virtualization\\v2 that ExHyperV and its simulated host know, by Windows build.",
            "Made by tools/import_cim_schema.py from schema facts and virtualization_v2.list; tools/cim_classes.py tells the format."]
    sys.stdout.write(table.write(classes, head))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

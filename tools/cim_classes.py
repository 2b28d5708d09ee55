"""Reads and writes schema/cim/*.classes, the text form of the CIM class tables.

    namespace root\\virtualization\\v2
    class Msvm_PciExpress : CIM_LogicalDevice 10586-
      property LocationPath string
      property VirtualSystemIdentifiers string[] write 14393-
      property Antecedent ref:CIM_ManagedElement key
      method RequestStateChange
        in RequestedState uint16
        out Job ref:CIM_ConcreteJob

`association` instead of `class` marks an association. A build range follows a name's other words: `14393-` (until today),
`10240-16299`, `-10240` (gone after 10240); a member without one exists as long as its class. `object:Class` is an embedded instance.
"""

import re
from dataclasses import dataclass, field

TYPES = ["boolean", "uint8", "sint8", "uint16", "sint16", "uint32", "sint32", "uint64", "sint64", "real32", "real64",
         "char16", "string", "datetime", "reference", "object"]
ALWAYS = (0, None)  # every build; None as the end: until today


@dataclass
class Type:
    base: str
    array: bool = False
    target: str = ""  # class of a reference or embedded object

    def text(self):
        base = {"reference": "ref", "object": "object"}.get(self.base, self.base)
        return base + (":" + self.target if self.target else "") + ("[]" if self.array else "")


@dataclass
class Property:
    name: str
    type: Type
    key: bool = False
    writable: bool = False
    builds: tuple = ALWAYS


@dataclass
class Parameter:
    name: str
    type: Type
    direction: str = "in"  # in, out, inout


@dataclass
class Method:
    name: str
    parameters: list = field(default_factory=list)
    builds: tuple = ALWAYS


@dataclass
class Class:
    name_space: str
    name: str
    super: str = ""
    association: bool = False
    builds: tuple = ALWAYS
    properties: list = field(default_factory=list)
    methods: list = field(default_factory=list)


def parse_type(text):
    match = re.fullmatch(r"(\w+)(?::(\w+))?(\[\])?", text)
    if not match:
        raise ValueError(f"not a type: {text}")
    base = "reference" if match[1] == "ref" else match[1]
    if base not in TYPES or (match[2] and base not in ("reference", "object")):
        raise ValueError(f"not a type: {text}")
    return Type(base, bool(match[3]), match[2] or "")


def range_text(builds):
    return f"{builds[0] or ''}-{'' if builds[1] is None else builds[1]}"


def take_range(words, default):
    if words and (match := re.fullmatch(r"(\d*)-(\d*)", words[-1])):
        words.pop()
        return (int(match[1] or 0), int(match[2]) if match[2] else None)
    return default


def parse(path):
    classes, name_space, current, method = [], "", None, None
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        words = line.split("#")[0].split()
        if not words:
            continue
        try:
            word = words.pop(0)
            if word == "namespace":
                (name_space,) = words
            elif word in ("class", "association"):
                builds = take_range(words, ALWAYS)
                name = words.pop(0)
                base = ""
                if words:
                    colon, base = words
                    assert colon == ":"
                current, method = Class(name_space, name, base, word == "association", builds), None
                classes.append(current)
            elif word == "property":
                builds = take_range(words, current.builds)
                name, type_text, *flags = words
                assert set(flags) <= {"key", "write"}
                current.properties.append(Property(name, parse_type(type_text), "key" in flags, "write" in flags, builds))
            elif word == "method":
                builds = take_range(words, current.builds)
                (name,) = words
                method = Method(name, [], builds)
                current.methods.append(method)
            elif word in ("in", "out", "inout"):
                name, type_text = words
                method.parameters.append(Parameter(name, parse_type(type_text), word))
            else:
                raise ValueError(f"unknown word {word}")
        except (ValueError, AssertionError, AttributeError, IndexError) as error:
            raise SystemExit(f"{path}:{number}: {error or 'malformed line'}: {line.strip()}")
    return classes


def write(classes, head):
    lines = [f"# {text}" if text else "#" for text in head]
    name_space = None
    for item in classes:
        if item.name_space != name_space:
            name_space = item.name_space
            lines += ["", f"namespace {name_space}"]
        words = ["association" if item.association else "class", item.name]
        words += [":", item.super] if item.super else []
        words += [range_text(item.builds)] if item.builds != ALWAYS else []
        lines += ["", " ".join(words)]
        for member in item.properties:
            words = ["  property", member.name, member.type.text()]
            words += ["key"] if member.key else []
            words += ["write"] if member.writable else []
            words += [range_text(member.builds)] if member.builds != item.builds else []
            lines.append(" ".join(words))
        for method in item.methods:
            words = ["  method", method.name] + ([range_text(method.builds)] if method.builds != item.builds else [])
            lines.append(" ".join(words))
            lines += [f"    {p.direction} {p.name} {p.type.text()}" for p in method.parameters]
    return "\n".join(lines) + "\n"

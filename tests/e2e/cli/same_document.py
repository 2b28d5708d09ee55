"""Compares a JSON document of two programs, each run in a world of its own.

Equal but for what no two runs share: identifiers and times made in the run (each becomes a mark by its order of appearance, so that
who refers to whom still counts), how long something took, process numbers, space on the disk, and where the world's folders are.
"""
import json
import re

IDENTIFIER = re.compile(r"(?<![0-9a-zA-Z])[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}(?![0-9a-zA-Z])")
TIME = re.compile(r"\b\d{4}-?\d\d-?\d\dT\d\d:?\d\d:?\d\d(?:\.?\d+)?Z(?:-[0-9a-f]{4,})?")
BESIDE = re.compile(r"\.new-\d+-\d+")  # a temporary file's name has the process number
NUMBER = re.compile(r"\b(process) \d+")
TAKES = re.compile(r"(?:^|_)(?:ms|seconds|duration|elapsed|bytes_per_second)$")
PROCESS = ("process", "pid")


class Marks:
    def __init__(self, world):
        self.names = {}
        path = world.command[-1]
        self.programs = (f"'{world.native(path)}'", world.native(path), path)
        self.roots = sorted({world.native(world.root), str(world.root)}, key=len, reverse=True)

    def text(self, text):
        for name in self.programs:
            text = text.replace(name, "exhyperv")
        for root in self.roots:
            text = re.sub(re.escape(root) + r"[^\s\"'，。]*", lambda match: "<world>" + match.group()[len(root):].replace("\\", "/"), text)
        text = TIME.sub("<time>", BESIDE.sub(".new-<n>", NUMBER.sub(r"\1 <n>", text)))
        return IDENTIFIER.sub(lambda match: self.names.setdefault(match.group().lower(), f"<id {len(self.names)}>"), text)


def marked(value, marks, name=""):
    if isinstance(value, dict):
        free = value.get("args", {}).get("free") if isinstance(value.get("args"), dict) else None
        if free:  # space on this machine's disk
            value = json.loads(json.dumps(value).replace(json.dumps(free)[1:-1], "<free>"))
        native = value.get("native")
        if isinstance(native, dict) and native.get("kind") in ("posix", "win32"):  # each system's own words and number
            reason = (value.get("args") or {}).get("reason")
            if reason:
                value = json.loads(json.dumps(value).replace(json.dumps(reason)[1:-1], "<reason>"))
            value.update(native="<native>", detail="<detail>")
        return {key: marked(entry, marks, key) for key, entry in value.items()}
    if isinstance(value, list):
        return [marked(entry, marks, name) for entry in value]
    if TAKES.search(name) or name in PROCESS:
        return f"<{name}>"
    return marks.text(value) if isinstance(value, str) else value


def first_difference(ours, theirs, path=""):
    if type(ours) is not type(theirs):
        return f"{path}: {ours!r} and {theirs!r}"
    if isinstance(ours, dict):
        if list(ours) != list(theirs):
            return f"{path}: members {list(ours)} and {list(theirs)}"
        pairs = [(f"{path}.{key}", ours[key], theirs[key]) for key in ours]
    elif isinstance(ours, list):
        if len(ours) != len(theirs):
            return f"{path}: {len(ours)} and {len(theirs)} entries"
        pairs = [(f"{path}[{at}]", mine, other) for at, (mine, other) in enumerate(zip(ours, theirs))]
    else:
        return "" if ours == theirs else f"{path}: {ours!r} and {theirs!r}"
    return next((found for found in (first_difference(mine, other, where) for where, mine, other in pairs) if found), "")


def difference(world, ours, reference, theirs):
    """What differs first, as text; empty when nothing does."""
    return first_difference(marked(json.loads(ours), Marks(world)), marked(json.loads(theirs), Marks(reference)))

"""Runs tables of command lines against the real program.

Checked of every case, besides what the case itself says:
- the exit code;
- nothing on the screen is an unfilled {placeholder}, a bare catalogue key or a terminal sequence;
- an error for people has its three parts on standard error, and standard output stays free of it;
- with `--json`: standard output is one document of schema exhyperv/1 whose exit_code is the process's, standard error is empty.

PROGRAM may be a Windows program (.exe): then it is run by Wine (EXHYPERV_WINE, else "wine64"), and the same cases must hold.
"""
import dataclasses
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile

KILLED = "killed"  # an exit code for Case
PLACEHOLDER = re.compile(r"\{[a-z_]+\}")
# A test point (EXHYPERV_FAIL_AT) is named like a key: "the point step.x.before".
KEY = re.compile(r"(?<!point )\b(?:error|check|step|cli|app|fact|plan)\.[a-z_]+\.[a-z_.]+\b")
LANGUAGES = ("en", "zh-Hans")
MARKS = {"en": ("Why:", "What to do:"), "zh-Hans": ("原因：", "处理方法：")}


@dataclasses.dataclass
class Case:
    name: str
    args: list                      # what is typed after "exhyperv"; a str is split at blanks
    code: int = 0
    out: tuple = ()                 # must all be on standard output (English run)
    err: tuple = ()                 # must all be on standard error (English run)
    absent: tuple = ()              # must be on neither
    error: str = ""                 # error code: checked in a --json run of its own, texts in both languages
    json: dict = dataclasses.field(default_factory=dict)  # "result.vms.0.name" -> value, or a callable that judges it
    unchanged: bool = False         # VMs, cards, images and history are the same afterwards
    env: dict = dataclasses.field(default_factory=dict)
    files: dict = dataclasses.field(default_factory=dict)  # name -> text, written into the working directory first
    host: str = ""                  # --host, when not the default
    raw: bool = False               # output is a script or help: no check for keys and braces
    once: bool = False              # changes something: run only as given, not again in other languages and as JSON
    linux_only: bool = False        # Windows has here what other systems lack, or Wine lacks what it needs
    before: object = None           # callable(world), run first
    after: object = None            # callable(world), judges what is left on the disk

    def words(self):
        words = self.args.split() if isinstance(self.args, str) else list(self.args)
        return words + (["--host", self.host] if self.host else [])


class Failure(Exception):
    pass


class World:
    """A data directory and a working directory, thrown away at the end."""

    def __init__(self, program):
        self.windows = program.endswith(".exe")
        emulator = [os.environ.get("EXHYPERV_WINE", "wine64")] if self.windows and os.name != "nt" else []
        self.command = [*emulator, os.path.abspath(program)]
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="exhyperv-e2e-"))
        self.data, self.work = self.root / "data", self.root / "work"
        self.data.mkdir()
        self.work.mkdir()
        self.documents = []  # (what was typed, the JSON document), in order
        self.configure(None)

    def close(self):
        shutil.rmtree(self.root, ignore_errors=True)

    def native(self, path):
        """A path of this machine as the program sees it."""
        return "Z:" + str(path).replace("/", "\\") if self.windows else str(path)

    def configure(self, text):
        """Writes config.json, or with None what a world begins with: the simulated host, which is not Windows' own default."""
        file = self.data / "config.json"
        if text is None and not self.windows:
            file.unlink(missing_ok=True)
        else:
            file.write_text(self.with_host(text or "{}") if self.windows else text, encoding="utf-8")

    @staticmethod
    def with_host(text):
        try:
            return json.dumps({"default_host": "sim:workstation", **json.loads(text)})
        except json.JSONDecodeError:
            return text  # a mistake is what is tested

    @property
    def killed(self):
        """Exit code of a program that kills itself at a test point; Windows knows no signals."""
        return 137 if self.windows else -signal.SIGKILL

    def environment(self, env=None):
        clean = {key: value for key, value in os.environ.items()
                 if key not in ("LANG", "LC_ALL", "LC_MESSAGES", "LANGUAGE", "NO_COLOR", "TERM")}
        clean.update(EXHYPERV_DATA_DIR=self.native(self.data), LANG="C.UTF-8", HOME=str(self.root))
        clean.update(env or {})
        return clean

    def run(self, words, env=None, **options):
        for _ in range(2):
            done = subprocess.run([*self.command, *words], cwd=self.work, env=self.environment(env), stdin=subprocess.DEVNULL,
                                  capture_output=True, timeout=300, **options)
            # The program never fails without a word: it was Wine that did not start it, seen once on a busy machine.
            if not (self.windows and done.returncode == 1 and not done.stdout and not done.stderr):
                break
        if "--json" in words:
            self.documents.append((words, done.stdout))
        return done

    def ask(self, *words):
        """The result of a --json command that must succeed."""
        done = self.run([*words, "--json"])
        if done.returncode != 0:
            raise Failure(f"{' '.join(words)}: exit code {done.returncode}: {done.stdout.decode(errors='replace')}")
        return json.loads(done.stdout)["result"]

    def images(self):
        return sorted(path for path in self.data.rglob("*") if path.suffix in (".vhdx", ".avhdx", ".vhd"))

    def image(self, name):
        """The image file of a VM of the simulated host, by its bare file name."""
        found = [path for path in self.images() if path.name == name]
        if len(found) != 1:
            raise Failure(f"{name}: {len(found)} images of that name")
        return found[0]

    def fingerprint(self, host):
        where = ["--host", host] if host else []
        seen = [self.ask(*words, *where) for words in (["vm", "list"], ["gpu", "list"], ["history"])]
        return seen, {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in self.images()}


def lookup(document, path):
    for part in path.split("."):
        try:
            document = document[int(part)] if isinstance(document, list) else document[part]
        except (KeyError, IndexError, ValueError):
            raise Failure(f"no {path} in the document") from None
    return document


def expect(condition, message):
    if not condition:
        raise Failure(message)


def check_text(case, done, language, code):
    out, err = done.stdout.decode(), done.stderr.decode()
    shown = f"\n--- stdout\n{out}--- stderr\n{err}"
    expect(done.returncode == code, f"exit code {done.returncode}, expected {code}{shown}")
    if not case.raw:
        for text in (out, err):
            expect(not PLACEHOLDER.search(text), f"an unfilled placeholder{shown}")
            expect(not KEY.search(text), f"a bare catalogue key{shown}")
    expect("\x1b" not in out + err, f"a terminal sequence without a terminal{shown}")
    if case.error:
        why, what = MARKS[language]
        expect("✗" in err and why in err and what in err, f"the error lacks title, cause or remedy{shown}")
        expect(why not in out, f"the error is on standard output{shown}")
    if language == "en":
        for part in case.out:
            expect(part in out, f"not on standard output: {part!r}{shown}")
        for part in case.err:
            expect(part in err, f"not on standard error: {part!r}{shown}")
        for part in case.absent:
            expect(part not in out + err, f"should not be there: {part!r}{shown}")


def check_json(case, done):
    text = done.stdout.decode()
    shown = f"\n--- stdout\n{text}--- stderr\n{done.stderr.decode()}"
    expect(done.returncode == case.code, f"--json: exit code {done.returncode}, expected {case.code}{shown}")
    expect(done.stderr == b"", f"--json: standard error is not empty{shown}")
    document = json.loads(text)
    expect(document["schema"] == "exhyperv/1" and document["exit_code"] == case.code, f"--json: wrong envelope{shown}")
    if case.error:
        error = document.get("error", {})
        expect(error.get("code") == case.error, f"--json: error {error.get('code')}, expected {case.error}{shown}")
        expect(all(error.get(part) for part in ("title", "cause", "remedy")), f"--json: the error lacks a text{shown}")
        for part in ("title", "cause", "remedy"):
            expect(not PLACEHOLDER.search(error[part]), f"--json: unfilled placeholder in {part}{shown}")
    for path, wanted in case.json.items():
        value = lookup(document, path)
        fits = wanted(value) if callable(wanted) else value == wanted
        expect(fits, f"--json: {path} is {value!r}{'' if callable(wanted) else f', expected {wanted!r}'}{shown}")


def run_case(world, case):
    for name, text in case.files.items():
        (world.work / name).write_text(text, encoding="utf-8")
    if case.before:
        case.before(world)
    before = world.fingerprint(case.host) if case.unchanged else None
    code = world.killed if case.code == KILLED else case.code
    check_text(case, world.run(case.words(), case.env), "en", code)
    if not case.once:
        if case.error:
            check_text(case, world.run([*case.words(), "--lang", "zh-Hans"], case.env), "zh-Hans", code)
        if case.error or case.json:
            check_json(case, world.run([*case.words(), "--json"], case.env))
    if before is not None:
        seen, images = world.fingerprint(case.host)
        expect(seen == before[0], "something was changed on the host")
        # The simulated host makes an image when it is first opened: new ones are not changes.
        changed = [path for path, state in before[1].items() if images.get(path) != state]
        expect(not changed, f"images were changed: {changed}")
    if case.after:
        case.after(world)

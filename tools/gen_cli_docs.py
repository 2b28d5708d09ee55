#!/usr/bin/env python3
"""Writes docs/cli.md: every command's help and, where an example can be run on the simulated host, its real output.

Usage: gen_cli_docs.py PROGRAM [--check]    --check: exit code 1 when the file on the disk differs (times and ids left aside)
The examples run in order on a fresh world in a temporary folder; durations, times and ids are replaced by fixed ones.
"""
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "cli.md"

# (heading, help of which command, what is typed and shown)
CHAPTERS = [
    ("The program", "", []),
    ("status", "status", ["status"]),
    ("vm list", "vm list", ["vm list"]),
    ("vm show", "vm show", ["vm show win11"]),
    ("vm start", "vm start", ["vm start win11"]),
    ("vm stop", "vm stop", ["vm stop win11"]),
    ("vm turn-off", "vm turn-off", ["vm turn-off win11"]),
    ("gpu list", "gpu list", ["gpu list"]),
    ("gpu show", "gpu show", ['gpu show "RTX 4070"']),
    ("gpu add", "gpu add", ['gpu add "RTX 4070" --vm win11 --dry-run', 'gpu add "RTX 4070" --vm win11 --yes',
                            'gpu add "RTX 4070" --vm win11 --yes', 'gpu add "RTX 4070" --vm running --yes',
                            'gpu add "RTX 4070" --vm twin --yes', 'gpu add "RTX 4070" --vm bitlocker --yes --lang zh-Hans']),
    ("gpu drift", "gpu drift", ["gpu drift"]),
    ("gpu sync", "gpu sync", ["sim update-driver \"RTX 4070\" 32.0.15.7000", "gpu sync --vm win11 --yes"]),
    ("guest inspect", "guest inspect", ["guest inspect win11"]),
    ("guest import", "guest import", []),
    ("guest purge", "guest purge", []),
    ("history", "history", ["history"]),
    ("gpu remove", "gpu remove", ["gpu remove --vm win11 --purge --yes"]),
    ("recover", "recover", ["recover"]),
    ("selftest", "selftest", []),
    ("policy show", "policy show", ["--host sim:server2025 policy show"]),
    ("policy allow", "policy allow", ["--host sim:server2025 policy allow --yes"]),
    ("policy restore", "policy restore", ["--host sim:server2025 policy restore --yes"]),
    ("device list", "device list", ["--host sim:server2025 device list"]),
    ("device show", "device show", ['--host sim:server2025 device show "NVIDIA A16"']),
    ("device assign", "device assign", ['--host sim:server2025 device assign "NVIDIA A16" --vm render --dry-run',
                                        '--host sim:server2025 device assign "NVIDIA A16" --vm render --yes',
                                        'device assign "RTX 4070" --vm win11 --yes']),
    ("device return", "device return", ['--host sim:server2025 device return "NVIDIA A16" --yes']),
    ("device recover", "device recover", ["--host sim:server2025 device recover --yes"]),
    ("device report", "device report", ['device report "RTX 4070"']),
    ("display advise", "display advise", ["display advise --vm win11"]),
    ("sim update-driver", "sim update-driver", []),
    ("sim scenarios", "sim scenarios", ["sim scenarios"]),
    ("sim reset", "sim reset", ["sim reset --yes"]),
    ("host list", "host list", ["host add sim:server2025 --name lab", "host list", "host remove lab"]),
    ("host add", "host add", []),
    ("host remove", "host remove", []),
    ("ui", "ui", []),
    ("serve", "serve", []),
    ("serve passwd", "serve passwd", []),
    ("completion", "completion", []),
]

INTRO = """# The command line

Nouns, then verbs; options anywhere. This page is made by `tools/gen_cli_docs.py` from the program itself on the simulated host
`sim:workstation`: the outputs are real, only times and ids are replaced. JSON: [cli-json.md](cli-json.md). Exit codes:
[exit-codes.md](exit-codes.md).

- Text goes to standard output, errors and notices to standard error. An error says what happened, why, and what to do; `--verbose` adds
  codes and the host's own words.
- The language follows the locale (`LANG=zh_CN.UTF-8`), `config.json` or `--lang`.
- Colours and redrawn progress only on a terminal; `NO_COLOR` and `--no-color` are honoured.
- State lives in `EXHYPERV_DATA_DIR`, else `~/.local/share/exhyperv` (`%LocalAppData%\\ExHyperV` on Windows): `config.json`
  (`{"language": "zh-Hans", "default_host": "sim:server2025"}`), `logs/`, and the journal of each host in `hosts/`.
- Ctrl-C stops a change at the next safe place and undoes it; a second Ctrl-C ends the program at once, and `exhyperv recover` takes over.
"""


def steady(text, data, program):
    text = text.replace(program, "exhyperv")
    text = text.replace(str(data), "~/.local/share/exhyperv")
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "2026-01-31 12:00:00", text)
    text = re.sub(r"\d+\.\d (s\b|秒)|\b\d+ s\b", "1.0 s", text)
    text = re.sub(r"[0-9.]+ [KMG]?B/s", "400 MB/s", text)
    text = re.sub(r"[0-9.]+ [KMGT]iB free beside", "67.0 GiB free beside", text)  # of the machine this was made on
    text = re.sub(r"\b[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\b", "3F2504E0-4F89-11D3-9A0C-0305E82C3301", text)
    text = re.sub(r"(?m)^[0-9A-F]{8}  ", "3F2504E0  ", text)
    return re.sub(r"\b\w+@\w[\w.-]*", "you@computer", text)


def main():
    program = os.path.abspath(sys.argv[1])
    page = [INTRO]
    with tempfile.TemporaryDirectory(prefix="exhyperv-docs-") as data:
        env = {**os.environ, "EXHYPERV_DATA_DIR": data, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "COLUMNS": "100",
               "EXHYPERV_PCI_IDS": "none"}  # names from the database differ from machine to machine

        def run(words):
            done = subprocess.run([program, *words], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True)
            return done.stdout, done.returncode

        run(["status"])  # the world is made here, not in the first example
        for heading, command, examples in CHAPTERS:
            page.append(f"## {heading}\n")
            page.append(f"```text\n{run([*command.split(), '--help'])[0].rstrip()}\n```\n")
            for example in examples:
                text, code = run(shlex.split(example))
                page.append(f"```console\n$ exhyperv {example}\n{steady(text, data, program).rstrip()}\n"
                            f"{f'[exit code {code}]' + chr(10) if code else ''}```\n")
    text = "\n".join(page)
    if "--check" in sys.argv:
        if TARGET.read_text(encoding="utf-8") != text:
            sys.exit("docs/cli.md is not what the program says: run tools/gen_cli_docs.py")
        return
    TARGET.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

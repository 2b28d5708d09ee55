#!/usr/bin/env python3
"""Usage: local_host.py PROGRAM REFERENCE PROVIDER STANDINS PLANT_WORLD SCENARIO
The shipping Windows program on `local:` under Wine: COM to the simulated host's provider DLL, Configuration Manager by the stand-in,
the prefix's own registry and drives. Its JSON documents must be those of the Linux program on `sim:SCENARIO`, apart from what differs
from run to run and from the host's name. Needs WINEPREFIX (the template) and EXHYPERV_WINE.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "e2e" / "cli"))
from plant import LocalHost  # noqa: E402
from same_document import Marks, first_difference, marked  # noqa: E402

GPU = "RTX 4070"
DEVICE = "NVIDIA A16"
DIRECT = ["--engine", "direct"]  # the default differs: windows_engine.py is about the other one
# What is typed, and the exit code both programs must end with. In order, on one world each.
SEQUENCES = {
    "workstation": [
        (["status"], 0), (["vm", "list"], 0), (["gpu", "list"], 0), (["gpu", "show", GPU], 0), (["device", "list"], 0),
        (["device", "show", "RTX 4070"], 0), (["gpu", "add", GPU, "--vm", "win11", *DIRECT, "--dry-run"], 0),
        (["gpu", "add", GPU, "--vm", "win11", *DIRECT, "--yes"], 0), (["gpu", "add", GPU, "--vm", "win11", *DIRECT, "--yes"], 0),
        (["vm", "show", "win11"], 0), (["gpu", "remove", "--vm", "win11", "--purge", *DIRECT, "--yes"], 0), (["history"], 0),
        (["device", "assign", GPU, "--vm", "win11", "--yes"], 3)],
    "server2025": [
        (["status"], 0), (["device", "list"], 0), (["device", "assign", DEVICE, "--vm", "render", "--yes"], 0),
        (["device", "list"], 0), (["vm", "show", "render"], 0), (["device", "return", DEVICE, "--yes"], 0), (["device", "list"], 0),
        (["device", "recover", "--yes"], 0), (["history"], 0)],
}
# A step that fails on the way is undone, whoever made it fail.
FAULTS = {
    "server2025": [
        ('{"faults": [{"call": "devices.disable", "times": 9, "error": {"code": "device.not_disableable"}}]}',
         ["device", "assign", DEVICE, "--vm", "render", "--yes"], 5),
        ('{"faults": [{"call": "invoke", "method": "AddResourceSettings", "times": 9, "return_value": 32773}]}',
         ["device", "assign", DEVICE, "--vm", "render", "--yes"], 5)],
    "workstation": [
        ('{"faults": [{"call": "invoke", "method": "AddResourceSettings", "times": 9, "return_value": 32773}]}',
         ["gpu", "add", GPU, "--vm", "win11", *DIRECT, "--yes"], 5)],
}
# Of the host or the user, not of what it answers. A scripted fault has no native code, Windows has; address bits are this
# processor's on local:.
LEFT_OUT = {"native", "detail", "host_uri", "uri", "simulated", "user", "holder", "physical_address_bits", "free_bytes"}


class Folder:
    """What same_document.py asks of a world."""

    def __init__(self, root):
        self.root = root
        self.command = ["exhyperv"]  # the documents compared name no program

    def native(self, path):
        return "Z:" + str(path).replace("/", "\\")


def settled(value, scenario):
    """The document without what belongs to one host."""
    if isinstance(value, dict):
        if "ceiling" in value.get("args", {}):  # of MMIO space: this processor's
            value = {"key": value["key"]}
        return {key: settled(entry, scenario) for key, entry in value.items() if key not in LEFT_OUT}
    if isinstance(value, list):
        return [settled(entry, scenario) for entry in value]
    if isinstance(value, str):
        for name in (f"sim:{scenario}", "local:"):
            value = value.replace(f" --host {name}", "").replace(name, "HOST")
    return value


def difference(ours, theirs, scenario, folder):
    documents = [marked(settled(json.loads(text), scenario), Marks(Folder(folder))) for text in (ours, theirs)]
    return first_difference(*documents)


def main():
    program, reference, provider, standins, plant_world, scenario = sys.argv[1:]
    problems, compared = [], 0
    with tempfile.TemporaryDirectory(prefix="exhyperv-local-") as folder:
        host = LocalHost(pathlib.Path(folder) / "windows", os.environ["WINEPREFIX"], os.environ.get("EXHYPERV_WINE", "wine64"), program,
                         provider, standins, plant_world, scenario)
        script = pathlib.Path(folder) / "faults.json"
        data = pathlib.Path(folder) / "linux"
        data.mkdir()

        def linux(words, faults=""):
            uri = f"sim:{scenario}" + (f"?faults={script}" if faults else "")
            return subprocess.run([reference, "--host", uri, *words], capture_output=True, timeout=300, check=False,
                                  env={**os.environ, "EXHYPERV_DATA_DIR": str(data)})

        def step(words, code, faults=""):
            nonlocal compared
            if faults:
                script.write_text(faults, encoding="utf-8")
            words = [*words, "--json", "--lang", "en"]
            ours = host.run(*words, environment={"EXHYPERV_WMI_FAULTS": "Z:" + str(script).replace("/", "\\")} if faults else None)
            theirs = linux(words, faults)
            what = " ".join(words) + (" with " + faults if faults else "")
            for name, done in (("local:", ours), ("sim:", theirs)):
                if done.returncode != code:
                    problems.append(f"{what}: {name} ended with {done.returncode}, not {code}\n"
                                    + done.stdout.decode(errors="replace")[-2000:] + done.stderr.decode(errors="replace")[-2000:])
                    return
            found = difference(ours.stdout, theirs.stdout, scenario, folder)
            if found:
                problems.append(f"{what}: the documents differ at {found}")
            compared += 1

        try:
            for words, code in SEQUENCES[scenario]:
                step(words, code)
            for faults, words, code in FAULTS[scenario]:
                step(words, code, faults)
                step(["device", "list"], 0)
        finally:
            host.close()
    for problem in problems:
        print("FAILED", problem)
    print(f"{scenario}: {compared} documents on local: as on sim:, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

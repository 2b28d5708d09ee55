#!/usr/bin/env python3
"""Usage: through_com.py EXHYPERV_EXE PROVIDER_DLL TEMPLATE_PREFIX CLONE_SCRIPT

The shipping program against the simulated host behind COM: a copy of the Wine prefix in which our provider is registered in place
of Windows' own locator. What the program says of `local:` must be what it says of the same scenario as `sim:`; faults of the
provider must be errors in both languages, and none may take longer than its deadline. Only commands that need nothing of the
machine but its management provider stand here.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

LOCATOR = r"HKLM\Software\Classes\CLSID\{4590F811-1D3A-11D0-891F-00AA004B2E24}\InprocServer32"


def native(path):
    return "Z:" + str(path).replace("/", "\\")


class Place:
    def __init__(self, program, dll, template, clone):
        self.wine = os.environ["EXHYPERV_WINE"]
        self.program = program
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="exhyperv-com-"))
        self.prefix = self.root / "prefix"
        subprocess.run(["sh", clone, template, str(self.prefix)], check=True)
        self.environment = dict(os.environ, WINEPREFIX=str(self.prefix), EXHYPERV_DATA_DIR=native(self.root / "data"))
        for words in (["/ve", "/d", native(dll)], ["/v", "ThreadingModel", "/d", "Both"]):
            subprocess.run([self.wine, "reg", "add", LOCATOR, *words, "/f"], env=self.environment, check=True,
                           stdout=subprocess.DEVNULL)

    def close(self):
        server = shutil.which("wineserver") or "/usr/lib/wine/wineserver"
        subprocess.run([server, "-k"], env=self.environment, check=False)
        subprocess.run([server, "-w"], env=self.environment, check=False)
        shutil.rmtree(self.root, ignore_errors=True)

    def run(self, *words, scenario="workstation", faults=None, trace=None, more=None):
        env = dict(self.environment, EXHYPERV_WMI_SCENARIO=scenario, LANG="C.UTF-8", **(more or {}))
        if faults is not None:
            file = self.root / "faults.json"
            file.write_text(json.dumps({"faults": faults}), encoding="utf-8")
            env["EXHYPERV_WMI_FAULTS"] = native(file)
        if trace:
            trace.unlink(missing_ok=True)
            env["EXHYPERV_WMI_TRACE"] = native(trace)
        return subprocess.run([self.wine, self.program, *words], env=env, capture_output=True, timeout=300)

    def document(self, *words, **options):
        done = self.run(*words, "--json", **options)
        try:
            return done.returncode, json.loads(done.stdout)
        except json.JSONDecodeError:
            sys.exit(f"{words}: no document\n{done.stdout.decode()}{done.stderr.decode()}")


FAILED = []


def expect(condition, message):
    if not condition:
        FAILED.append(message)
        print("FAILED", message)


def without_names(value):
    """Names of cards come from device nodes, which Wine does not have; everything else comes from the management provider."""
    if isinstance(value, dict):
        return {key: without_names(entry) for key, entry in value.items() if key != "gpu_name"}
    return [without_names(entry) for entry in value] if isinstance(value, list) else value


def same_list(place):
    for scenario in ("workstation", "server2025", "chinese"):
        code, ours = place.document("vm", "list", "--host", "local:", scenario=scenario)
        reference, theirs = place.document("vm", "list", "--host", f"sim:{scenario}")
        expect(code == reference == 0, f"vm list of {scenario}: {ours.get('error')}")
        expect(without_names(ours.get("result")) == without_names(theirs.get("result")), f"vm list of {scenario} through COM differs")


def constant(place):
    _, status = place.document("status", "--host", "sim:large?vms=3")
    afar = "dcom://" + status["result"]["host"]["computer_name"]  # where device nodes come through COM, too

    def calls(words, host, scenario):
        trace = place.root / "trace"
        code, _ = place.document(*words, "--host", host, scenario=scenario, trace=trace)
        expect(code == 0, f"{words} of {scenario}")
        return len(trace.read_text(encoding="utf-8").splitlines())
    for words, host in ((("vm", "list"), "local:"), (("gpu", "list"), afar)):
        few, many = (calls(words, host, scenario) for scenario in ("large?vms=3&devices=4", "large?vms=120&devices=60"))
        expect(few == many, f"{words} costs {few} calls with 3 VMs and {many} with 120")
        print(f"{' '.join(words)}: {few} calls with 3 VMs, {many} with 120")


def failures(place):
    vms = {"call": "query", "class": "Msvm_ComputerSystem", "times": 1000}
    cases = [
        ("a provider that hangs", [dict(vms, delay_ms=3600000)], "call.timeout", "--timeout", "2s"),
        ("access denied", [dict(vms, error={"hresult": "0x80041003", "text": "Zugriff verweigert"})], "cim.access_denied"),
        ("a provider that disappears", [dict(vms, lost="before")], "session.lost"),
        ("a disconnected object", [dict(vms, error={"hresult": "0x80010108"})], "session.lost"),
        ("a class that is missing", [dict(vms, error={"hresult": "0x80041010"})], "hyperv.class_missing"),
        ("no Hyper-V at all", [dict(vms, error={"hresult": "0x8004100E"})], "hyperv.not_installed"),
    ]
    for name, faults, code, *words in cases:
        call = ("vm", "list", "--host", "local:", *words)
        exit_code, document = place.document(*call, faults=faults)
        error = document.get("error") or {}
        expect(exit_code != 0 and error.get("code") == code, f"{name}: {exit_code} {error}")
        for language in ("en", "zh-Hans"):
            done = place.run(*call, "--lang", language, faults=faults)
            text = done.stderr.decode()
            expect(done.returncode == exit_code and len(text.splitlines()) >= 3, f"{name} in {language}: {text}")
            expect("{" not in text, f"{name} in {language}: a placeholder\n{text}")
            expect(done.stdout == b"", f"{name} in {language}: something on standard output")
        print(f"{name}: {code}")


USER, PASSWORD = "CONTOSO\\admin", "correct horse"


def of_card(card):
    return {key: card.get(key) for key in ("name", "vendor", "instance_path", "interface_path", "driver_version", "driver_date", "problem",
                                           "partitionable", "partition_count", "partitions")}


def from_afar(place):
    """dcom://: another machine. The locator is given its name and the user's credentials, and lets in nobody else."""
    scenario = "server2025"
    _, theirs = place.document("status", "--host", f"sim:{scenario}")
    there = theirs["result"]["host"]["computer_name"]
    uri = f"dcom://{USER}@{there}"
    door = {"EXHYPERV_WMI_USER": USER, "EXHYPERV_WMI_PASSWORD": PASSWORD}

    def ask(*words, host=uri, password=PASSWORD):
        more = dict(door, EXHYPERV_HOST_PASSWORD=password) if password is not None else door
        code, document = place.document(*words, "--host", host, scenario=scenario, more=more)
        for secret in (password, PASSWORD):
            expect(not secret or secret not in json.dumps(document), f"{words}: the password is in the document")
        return code, document

    code, ours = ask("status")
    host = (ours.get("result") or {}).get("host", {})
    expect(code == 0 and host.get("uri") == f"dcom://{USER}@{there.lower()}" and host.get("build") == theirs["result"]["host"]["build"],
           f"status from afar: {code} {ours}")
    expect(host.get("elevated") is False and "require_secure_device_assignment" not in host, f"status from afar claims more: {host}")
    expect([note["code"] for note in ours.get("notices", [])] == ["host.remote"], f"no word of the view from afar: {ours.get('notices')}")

    code, ours = ask("vm", "list")
    _, theirs = place.document("vm", "list", "--host", f"sim:{scenario}")
    expect(code == 0 and ours.get("result") == theirs["result"], "vm list from afar differs, names of cards included")

    code, ours = ask("gpu", "list")
    _, theirs = place.document("gpu", "list", "--host", f"sim:{scenario}")
    seen = {card["instance_path"]: card for card in (ours.get("result") or {}).get("gpus", [])}
    on_host = [card for card in theirs["result"]["gpus"] if card["place"]["kind"] == "host"]
    expect(code == 0 and on_host, f"gpu list from afar: {code} {ours.get('error')}")
    for card in on_host:
        other = seen.get(card["instance_path"], {})
        expect(of_card(other) == of_card(card), f"from afar {card['name']} is {other}")
        expect("vram_bytes" not in other, f"memory of {card['name']}, which only the registry knows")

    refused = [
        (("device", "list"), {}, 3, "host.devices_not_local"),
        (("policy", "show"), {}, 3, "host.registry_not_local"),
        (("gpu", "add", on_host[0]["instance_path"], "--vm", "render", "--yes"), {}, 3, "app.remote_looks_only"),
        (("device", "assign", on_host[0]["instance_path"], "--vm", "render", "--dry-run"), {}, 3, "app.remote_looks_only"),
        (("status",), {"password": "guessed"}, 9, "host.sign_in_refused"),
        (("status",), {"password": None}, 9, "app.host_password"),
        (("status",), {"host": f"dcom://{there}"}, 9, "host.sign_in_refused"),
        (("status",), {"host": f"dcom://{USER}@nowhere"}, 9, "host.not_reached"),
        (("status",), {"host": f"dcom://admin:{PASSWORD}@{there}"}, 2, "app.host_uri_password"),
    ]
    for words, how, expected, name in refused:
        code, document = ask(*words, **how)
        expect(code == expected and (document.get("error") or {}).get("code") == name,
               f"{words} from afar {how}: {code} {document.get('error')}")
    print(f"from afar: vm list, gpu list and status of {there}, {len(refused)} refusals")


def main():
    place = Place(*sys.argv[1:5])
    try:
        same_list(place)
        constant(place)
        failures(place)
        from_afar(place)
    finally:
        place.close()
    sys.exit(1 if FAILED else 0)


if __name__ == "__main__":
    main()

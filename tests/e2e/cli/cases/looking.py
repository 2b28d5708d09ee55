"""Commands that only look: every one of them, as text and JSON, in both languages."""
import json
import pathlib
import tempfile

from harness import Case, expect


def write_config(text):
    def write(world):
        world.configure(text)
    return write


def remove_config(world):
    world.configure(None)


def no_colours_with(words, env):
    def check(world):
        expect(b"\x1b" not in world.run(words, env).stdout, "colours without a terminal")
    return check


def report_is_whole(world):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "report.json")
        done = world.run(["selftest", "--report", world.native(path)])
        expect(done.returncode == 0, done.stderr.decode())
        report = path.read_text(encoding="utf-8")
        expect(json.loads(report)["failed"] is False, report)
        for name in ("STUDIO", "win11", "legacy"):
            expect(name not in report, f"the report names {name}")


def image_is_readable(world):
    path = world.image("win11.vhdx")
    done = world.run(["guest", "inspect", world.native(path)])
    expect(done.returncode == 0 and b"Windows 11" in done.stdout, done.stdout.decode() + done.stderr.decode())


CASES = [
    Case("policy show of a client", "policy show", out=("no server",), json={"result.policy.server": False}),
    Case("policy show of a server", "policy show", host="sim:server2025", out=("policy allow",), unchanged=True,
         json={"result.policy.server": True, "result.policy": lambda policy: "require_secure_device_assignment" not in policy}),
    Case("policy allow --dry-run", "policy allow --dry-run", host="sim:server2025", out=("set the two device assignment policy values to 0",),
         unchanged=True),
    Case("policy allow", "policy allow --yes", host="sim:server2025", once=True, out=("Both policy values are 0",)),
    Case("policy shows what was set", "policy show", host="sim:server2025", out=("may share",),
         json={"result.policy.require_secure_device_assignment": 0}),
    Case("policy restore", "policy restore --yes", host="sim:server2025", once=True, out=("does not exist, as before",)),
    Case("policy restore with nothing to do", "policy restore --yes", host="sim:server2025", out=("has not changed the values",)),
    Case("host add", "host add sim:server2025 --name lab", out=("sim:server2025",), json={"result.host.name": "lab"}),
    Case("host list", "host list", out=("sim:workstation", "default", "lab"), unchanged=True,
         json={"result.hosts.0.default": True, "result.hosts.1.name": "lab"}),
    Case("host remove", "host remove lab", once=True, out=("sim:server2025",)),
    Case("host remove of an unknown one", "host remove lab", code=4, error="app.host_unknown"),
    Case("host add of no host", "host add nonsense", code=2, error="app.host_uri"),
    Case("status", "status", out=("STUDIO", "26100", "NVIDIA GeForce RTX 4070", "WDDM 3.2"), unchanged=True,
         json={"result.host.computer_name": "STUDIO", "result.host.build": 26100, "result.host.server": False,
               "result.host.simulated": True, "result.gpus.total": 2, "result.open_operations": []}),
    Case("status in Chinese", "status --lang zh-Hans", out=()),
    Case("status names what stands in the way, and the way out", "status", host="sim:server2025",
         out=("exhyperv policy allow", "VIA USB 3.0", "GTX 1070", "exhyperv device recover"),
         json={"result.checks": lambda checks: {"policy.allow", "device.recover"} <= {check.get("fix") for check in checks}}),
    Case("status of a server shows its policy values", "status", host="sim:server2025", out=("RequireSecureDeviceAssignment",),
         json={"result.host.server": True}),
    Case("vm list", "vm list", out=("win11", "running", "NAME", "old-1709"), unchanged=True,
         json={"result.vms": lambda vms: {"win11", "running", "linux"} <= {vm["name"] for vm in vms},
               "result.vms.0.state": lambda state: state in ("off", "running")}),
    Case("vm list in Chinese", "vm list --lang zh-Hans", out=()),
    Case("vm show", "vm show win11", out=("win11", "8 GiB", "win11.vhdx", "High MMIO space"),
         json={"result.vm.name": "win11", "result.vm.state": "off", "result.vm.processors": 8,
               "result.vm.gpu_partitions": []}),
    Case("vm show does not mind the case of a name", "vm show WIN11", out=("win11",)),
    Case("vm show of a VM named like the host", "vm show STUDIO", out=("studio.vhdx",)),
    Case("vm show names the partition a VM has", "vm show shared", out=("Intel(R) UHD Graphics 770",),
         json={"result.vm.gpu_partitions.0.gpu_name": "Intel(R) UHD Graphics 770", "result.vm.gpu_partitions.0.stale": False}),
    Case("gpu list", "gpu list", out=("NVIDIA GeForce RTX 4070", "12 GiB", "32.0.15.6094", "shared"), unchanged=True,
         json={"result.gpus": lambda gpus: len(gpus) == 2 and all(gpu["partitionable"] for gpu in gpus)}),
    Case("gpu show", ["gpu", "show", "RTX 4070"], out=("NVIDIA", "PCI\\VEN_10DE&DEV_2786", "GPUPARAV"),
         json={"result.gpu.vendor": "NVIDIA", "result.gpu.vram_bytes": 12 << 30, "result.gpu.place.kind": "host"}),
    Case("gpu show by vendor in small letters", "gpu show nvidia", out=("RTX 4070",)),
    Case("guest inspect of a VM", "guest inspect win11", out=("Windows 11", "26100", "NTFS", "WDDM 3.2", "ControlSet001"),
         unchanged=True,
         json={"result.disks.0.partitions": lambda partitions: any(
             entry.get("windows", {}).get("build") == 26100 for entry in partitions)}),
    Case("guest inspect of an image file, without a host", "--version", after=image_is_readable),
    Case("guest inspect of a Linux guest", "guest inspect linux", unchanged=True,
         out=("Ubuntu 24.04.1 LTS", "6.8.0-45-generic  (no dxgkrnl", "6.6.36.3-dxgkrnl  (dxgkrnl: module)", "sudo ldconfig"),
         json={"result.disks.0.partitions": lambda partitions: any(
             entry.get("linux", {}).get("id") == "ubuntu" for entry in partitions)}),
    Case("guest inspect of a BitLocker guest says why it is closed", "guest inspect bitlocker", out=("BitLocker",)),
    Case("guest inspect of an MBR disk", "guest inspect legacy", out=("MBR",)),
    Case("history of a host where nothing was done", "history", out=("Nothing was done",), json={"result.operations": []}),
    Case("recover where nothing is open", "recover", out=("Nothing to recover",), unchanged=True),
    Case("the self-test changes nothing and writes its report", "selftest", unchanged=True, after=report_is_whole,
         out=("selftest.classes", "exhyperv-selftest.json"),
         json={"result.failed": False, "result.checks": lambda checks: len(checks) == 12}),
    Case("the self-test cannot write its report", "selftest --report no-such-folder/report.json", code=4, error="file.not_found"),
    Case("sim scenarios", "sim scenarios", out=("sim:workstation", "sim:server2025", "sim:large"),
         json={"result.scenarios": lambda all_: {"workstation", "large"} <= {entry["name"] for entry in all_}}),
    Case("a large host", "vm list", host="sim:large?vms=30", json={"result.vms": lambda vms: len(vms) >= 30}),
    Case("names of a Chinese host line up", "vm list", host="sim:chinese"),
    Case("NO_COLOR", "status", after=no_colours_with(["status"], {"NO_COLOR": "1"})),
    Case("the configuration chooses the language", "vm list", before=write_config('{"language": "zh-Hans"}'),
         out=("名称",), absent=("NAME",)),
    Case("an option comes before the configuration", "vm list --lang en", out=("NAME",)),
    Case("the configuration chooses the host", "status", before=write_config('{"default_host": "sim:server2025"}'),
         json={"result.host.server": True}),
    Case("a configuration with an unknown field", "status", before=write_config('{\n "hots": "sim:"\n}'), code=2,
         error="app.config_field", err=("hots",)),
    Case("a configuration that is no JSON", "status", before=write_config('{\n "language": en\n}'), code=2,
         error="app.config_syntax", err=("Line 2",), after=remove_config),
]

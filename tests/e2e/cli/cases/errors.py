"""Bad input: a clear error in both languages, the right exit code, and nothing changed."""
from harness import Case

ADD = ["gpu", "add", "RTX 4070", "--yes", "--vm"]


def refused(name, vm, *, seen, host=""):
    """A VM whose guest or state speaks against it: refused by a check that says so."""
    return Case(name, [*ADD, vm], code=3, error="plan.blocked", out=("✗",) + seen, unchanged=True, host=host,
                absent=("/files/",))  # disks are called what the host calls them


def scenario(name, text, *, line, field):
    return Case(name, "status", host="sim:./bad.json", files={"bad.json": text}, code=9, error="sim.bad_scenario",
                err=(f"line {line}", field))


CASES = [
    Case("unknown VM", [*ADD, "win12"], code=4, error="vm.not_found", err=("win12", "win11"), unchanged=True),
    Case("two VMs of one name", [*ADD, "twin"], code=4, error="vm.ambiguous", err=("twin",), unchanged=True),
    Case("unknown card", ["gpu", "add", "RTX 9999", "--vm", "win11", "--yes"], code=4, error="gpu.not_found", unchanged=True),
    Case("a word that fits both cards", ["gpu", "add", "R", "--vm", "win11", "--yes"], code=4, error="gpu.ambiguous",
         unchanged=True),
    Case("unknown VM to show", "vm show nobody", code=4, error="vm.not_found"),
    Case("unknown card to show", "gpu show nothing", code=4, error="gpu.not_found"),
    Case("unknown operation", "history deadbeef", code=4, error="cli.operation_not_found"),
    Case("unknown open operation", "recover deadbeef", code=4, error="cli.operation_not_found"),
    refused("running VM", "running", seen=("--shutdown",)),
    refused("guest of build 16299", "old-1709", seen=("16299",)),
    refused("no Windows on the disk", "data-only", seen=()),
    refused("a Linux guest that was not shut down", "linux-unclean", seen=("sudo poweroff",)),
    refused("an encrypted Linux guest", "linux-luks", seen=("LUKS",)),
    refused("BitLocker", "bitlocker", seen=("BitLocker",)),
    refused("a hibernated guest", "hibernated", seen=()),
    refused("fast startup", "fast-startup", seen=()),
    refused("a dirty volume", "dirty", seen=()),
    refused("a dirty hive", "dirty-hive", seen=("SYSTEM", "D:\\VMs")),
    refused("a truncated VHDX", "truncated", seen=()),
    refused("a full disk", "full", seen=()),
    refused("two Windows on one disk", "two-windows", seen=("--partition",)),
    refused("a VM without a disk", "no-disk", seen=()),
    Case("the same in a dry run: evidence first, exit code 3", ["gpu", "add", "RTX 4070", "--vm", "running", "--dry-run"],
         code=3, out=("✗", "would be refused"), unchanged=True, json={"result.plan.blocked": True, "result.dry_run": True}),
    Case("nobody to ask and no --yes", ["gpu", "add", "RTX 4070", "--vm", "win11"], code=2, error="cli.confirmation_needed",
         err=("--yes",), unchanged=True),
    Case("resetting without a word of consent", "sim reset", code=2, error="cli.confirmation_needed", unchanged=True),
    Case("guest inspect of a VM without disks", "guest inspect no-disk", code=3, error="cli.no_virtual_disk"),
    Case("guest inspect of a truncated image", "guest inspect truncated", code=3, error="disk.truncated"),
    Case("guest inspect of a file that is not there", "guest inspect ./nowhere.vhdx", code=4, error="disk.not_found"),
    Case("a partition that is not there", ["gpu", "add", "RTX 4070", "--vm", "win11", "--partition", "99", "--dry-run"], code=3,
         out=("has no partition 99",), unchanged=True),
    Case("a disk that is not the VM's", ["gpu", "add", "RTX 4070", "--vm", "win11", "--disk", "D:\\nosuch.vhdx", "--dry-run"], code=3,
         out=("Give one of its disks", "win11.vhdx"), unchanged=True),
    Case("an unknown scenario is not offered on the page", "host add sim:nosuch", code=4, error="sim.unknown_scenario", unchanged=True),
    Case("a data directory that is a file", "status", env={"EXHYPERV_DATA_DIR": "/etc/passwd"}, code=9, error="app.data_directory",
         err=("EXHYPERV_DATA_DIR",), linux_only=True),
    Case("unknown scenario", "status", host="sim:mainframe", code=4, error="sim.unknown_scenario", err=("mainframe",)),
    Case("unknown parameter of a scenario", "status", host="sim:large?vm=5", code=2, error="sim.bad_parameter"),
    scenario("a scenario with a syntax error", '{\n  "title": "x",\n  "host": {,\n}', line=3, field=""),
    scenario("a scenario with an unknown field", '{\n  "title": "x",\n  "host": {\n    "nmae": "A",\n    "build": 26100\n  }\n}',
             line=4, field="nmae"),
    scenario("a scenario with a wrong type", '{\n  "title": "x",\n  "host": {\n    "name": "A",\n    "build": "new"\n  }\n}',
             line=5, field="build"),
]

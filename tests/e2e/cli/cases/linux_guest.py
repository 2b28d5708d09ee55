"""A Linux guest: what it lacks is said beforehand, add, sync and remove work as for a Windows guest."""
import shutil

from harness import Case, expect

ADD = ["gpu", "add", "RTX 4070", "--vm", "linux"]
IMPORT = ["guest", "import", "root.vhdx", "--driver-store", "store", "--card", "PCI\\VEN_10DE&DEV_2786"]
REMOVE = ["gpu", "remove", "--vm", "linux", "--purge"]


def drivers(world):
    disks = world.ask("guest", "inspect", "linux")["disks"]
    return [entry for partition in disks[0]["partitions"] for entry in partition.get("drivers", [])]


def has_driver(world):
    found = drivers(world)
    expect(len(found) == 1 and found[0]["version"] == "32.0.15.6094" and found[0]["files"] > 50, f"drivers: {found}")
    rows = [row for row in world.ask("gpu", "drift")["drift"] if row["vm_name"] == "linux"]
    expect([row["drift"] for row in rows] == ["same"], f"drift: {rows}")


def has_newer_driver(world):
    expect([entry["version"] for entry in drivers(world)] == ["32.0.15.7283"], f"drivers: {drivers(world)}")


def take_away_store_and_image(world):
    """What somebody would copy from a host: the driver store, the libraries for Linux; and the image of a VM that has no driver."""
    system32 = next(world.data.rglob("FileRepository")).parent.parent
    shutil.copytree(system32 / "DriverStore/FileRepository", world.work / "store/FileRepository", copy_function=shutil.copy2)
    shutil.copytree(system32 / "lxss", world.work / "store/lxss", copy_function=shutil.copy2)
    shutil.copyfile(world.image("linux.vhdx"), world.work / "root.vhdx")
    has_none(world)


def has_none(world):
    expect(drivers(world) == [], f"drivers are left: {drivers(world)}")


CASES = [
    Case("a dry run names the kernels without dxgkrnl and the remedy", [*ADD, "--dry-run"], unchanged=True,
         out=("Ubuntu 24.04.1 LTS", "6.8.0-45-generic", "dxgkrnl", "sudo ldconfig", "tell its loader"),
         absent=("registry",), json={"result.plan.blocked": False}),
    Case("the same in Chinese", [*ADD, "--dry-run", "--lang", "zh-Hans"], unchanged=True, out=("sudo ldconfig",)),
    Case("add puts the driver where WSL has it", [*ADD, "--yes"], once=True, out=("Done in",), absent=("registry",), after=has_driver),
    Case("a second time nothing is to be done", [*ADD, "--yes"], unchanged=True, out=("Nothing is to be done",)),
    Case("guest inspect shows where", "guest inspect linux", unchanged=True,
         out=("/usr/lib/wsl/drivers/nv_dispi.inf_amd64_", "/usr/lib/wsl/lib", "Driver of NVIDIA GeForce RTX 4070")),
    Case("the host's driver is updated", ["sim", "update-driver", "RTX 4070", "32.0.15.7283"], once=True),
    Case("sync brings the guest up", "gpu sync --vm linux --yes", once=True, out=("Done in",),
         after=has_newer_driver),
    Case("remove takes everything out", [*REMOVE, "--yes"], once=True, out=("Done in",), after=take_away_store_and_image),
    Case("an image without a host", [*IMPORT, "--dry-run"], unchanged=True,
         out=("Ubuntu 24.04.1 LTS", "sudo ldconfig"), json={"result.plan.linux.name": "Ubuntu 24.04.1 LTS"}),
    Case("gets the driver and is read back", [*IMPORT, "--yes"], once=True, out=("Done in", "all agree"), absent=("registry",)),
    Case("a second time nothing is to be done in it", [*IMPORT, "--yes"], unchanged=True),
    Case("and loses it", "guest purge root.vhdx --yes", once=True, out=("Done in",)),
    Case("a reset makes the host anew", "sim reset --yes", once=True),
]

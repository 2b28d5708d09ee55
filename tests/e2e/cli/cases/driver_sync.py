"""Drivers in guests after the first import: drift, sync, and images without a host."""
import shutil

from harness import Case, expect

ADD = ["gpu", "add", "RTX 4070", "--vm", "win11", "--yes"]
CARD = "PCI\\VEN_10DE&DEV_2786"
STORE = "store"
# An image of its own has no host that says how to open it; Windows' default needs what Wine lacks.
IMPORT = ["guest", "import", "golden.vhdx", "--driver-store", STORE, "--card", CARD, "--engine", "direct"]


def rows_of(world):
    return {row["vm_name"]: row for row in world.ask("gpu", "drift")["drift"]}


def lags(world):
    row = rows_of(world)["win11"]
    expect(row["drift"] == "older" and row["lags"] and row["source"] == "guest", f"{row}")
    expect(row["host_version"] == "32.0.15.9999" and row["guest_version"] == "32.0.15.6094", f"{row}")


def in_step(world):
    row = rows_of(world)["win11"]
    expect(row["drift"] == "same" and row["file_count"] == 0, f"{row}")


def take_away_store_and_image(world):
    """What somebody would copy from a host: the driver store; and an image that is nobody's."""
    shutil.copytree(next(world.data.rglob("FileRepository")), world.work / STORE, copy_function=shutil.copy2)
    shutil.copyfile(world.image("win11.vhdx"), world.work / "golden.vhdx")
    done = world.run(["guest", "purge", "golden.vhdx", "--engine", "direct", "--yes"])
    expect(done.returncode == 0, done.stdout.decode() + done.stderr.decode())


def take_away_a_chain(world):
    """A VM's image with the leaf of its checkpoint, side by side as the host keeps them."""
    world.ask("guest", "inspect", "checkpointed")
    for image in world.images():
        if image.name.lower().startswith("checkpointed"):
            shutil.copyfile(image, world.work / image.name)


def has_driver(world):
    disk = world.ask("guest", "inspect", world.native(world.work / "golden.vhdx"))["disks"][0]
    drivers = [entry for partition in disk["partitions"] for entry in partition.get("drivers", [])]
    expect(len(drivers) == 1 and drivers[0]["version"] == "32.0.15.9999" and drivers[0]["files"] > 50, f"{drivers}")


def has_none(world):
    disk = world.ask("guest", "inspect", world.native(world.work / "golden.vhdx"))["disks"][0]
    drivers = [entry for partition in disk["partitions"] for entry in partition.get("drivers", [])]
    expect(drivers == [], f"{drivers}")


CASES = [
    Case("a partition and its driver", ADD, once=True, out=("Done in",)),
    Case("nothing drifts", "gpu drift", out=("win11", "in step"), unchanged=True, after=in_step),
    Case("the host's driver is updated", ["sim", "update-driver", "RTX 4070", "32.0.15.9999"], once=True, out=("32.0.15.9999",)),
    Case("drift says so", "gpu drift", out=("older", "32.0.15.9999", "32.0.15.6094", "gpu sync"), unchanged=True, after=lags),
    Case("status says so, too, without a look into the guest", "status", out=("Not the host's driver any more: win11", "exhyperv gpu sync"),
         unchanged=True, json={"result.checks": lambda checks: any(check.get("fix") == "gpu.sync" for check in checks)}),
    Case("and which files differ", "gpu drift --vm win11", out=("missing", "nv_dispi.inf"), unchanged=True),
    Case("a dry run of sync", "gpu sync --dry-run", out=("Steps", "This was a dry run"), unchanged=True,
         json={"result.plan.steps": lambda steps: [step["id"] for step in steps] == ["guest.import"]}),
    Case("sync brings it up", "gpu sync --all --yes", once=True, out=("Done in",), after=in_step),
    Case("then status finds nothing to be said", "status", out=("Checks",), absent=("gpu sync",), unchanged=True),
    Case("a partition whose guest has no driver is named", "gpu sync --dry-run", out=("no driver of the card: shared", "exhyperv gpu add"),
         absent=("win11",), unchanged=True),
    Case("a second time nothing is to be done", "gpu sync --yes", out=("nothing is to be done",), unchanged=True),
    Case("history has it", "history", json={"result.operations.0.state": "done"}),
    Case("with nothing that runs nobody waits", "gpu sync --when-off --yes", out=("nothing is to be done",), unchanged=True),
    Case("nor is anybody taken off the list", "gpu sync --forget-waiting --yes", out=("nothing is to be done",), unchanged=True),
    Case("now or later, not both", "gpu sync --vm win11 --when-off --shutdown", code=2, error="cli.contradiction"),
    Case("an extra of the store", ["gpu", "sync", "--vm", "win11", "--extra", "nv_dispi.inf_*\\nvapi.dll", "--dry-run"],
         out=("This was a dry run",), unchanged=True),
    Case("an extra nobody has", ["gpu", "sync", "--vm", "win11", "--extra", "C:\\nothing.dll=Program Files\\x.dll", "--dry-run"],
         code=3, unchanged=True, out=("C:\\nothing.dll",)),
    Case("an extra where Windows keeps its registry",
         ["gpu", "add", "RTX 4070", "--vm", "win11", "--extra", "C:\\Windows=Windows\\System32\\config\\x", "--dry-run"], code=3,
         unchanged=True),
    Case("both at once is a contradiction", "gpu sync --all --vm win11", code=2, error="cli.contradiction"),
    Case("no version", ["sim", "update-driver", "RTX 4070", "newest"], code=2, error="sim.bad_driver_version", unchanged=True),
    Case("a hive whose changes are in its logs is completed", ["gpu", "add", "RTX 4070", "--vm", "logged-hive", "--yes"], once=True,
         out=("Done in",)),
    Case("a golden image: what would be written", [*IMPORT, "--dry-run"], before=take_away_store_and_image,
         out=("NVIDIA GeForce RTX 4070", "32.0.15.9999", "This was a dry run"), unchanged=True, after=has_none,
         json={"result.dry_run": True, "result.plan.fits": True, "result.plan.files_to_write": lambda count: count > 50}),
    Case("the whole store", [*IMPORT, "--full-store", "--dry-run"], out=("Besides", "This was a dry run"), unchanged=True),
    Case("done, and read back", [*IMPORT, "--yes"], once=True, out=("Read back afterwards", "all agree", "Done in"), after=has_driver),
    Case("a second time nothing is to be done", [*IMPORT, "--yes"], out=("nothing is to be done",)),
    Case("purge takes it out", "guest purge golden.vhdx --engine direct --yes", once=True, out=("Done in",), after=has_none),
    Case("purge of an image with nothing in it", "guest purge golden.vhdx --engine direct --yes", out=("nothing is to be done",)),
    Case("a parent of a checkpoint", "vm show checkpointed", once=True, before=take_away_a_chain),
    Case("is not written to", ["guest", "import", "checkpointed.vhdx", *IMPORT[3:], "--yes"], code=3, error="disk.has_child",
         unchanged=True, err=("builds on",)),
    Case("nor cleaned", ["guest", "purge", "checkpointed.vhdx", "--yes"], code=3, error="disk.has_child", unchanged=True),
    Case("a card nobody has a driver for", ["guest", "import", "golden.vhdx", "--driver-store", STORE, "--card", "PCI\\VEN_1234&DEV_5678"],
         code=4, error="store.no_package"),
    Case("no card at all", ["guest", "import", "golden.vhdx", "--driver-store", STORE, "--card", "RTX 4070"], code=2,
         error="store.bad_card"),
    Case("no driver store", ["guest", "import", "golden.vhdx", "--driver-store", "nowhere", "--card", CARD], code=4,
         error="store.not_found"),
    Case("no image", ["guest", "import", "nowhere.vhdx", "--driver-store", STORE, "--card", CARD], code=4, error="disk.not_found"),
]

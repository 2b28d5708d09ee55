"""The main job from beginning to end: add, add again, look, remove, and all is as it was."""
from harness import Case, expect

ADD = ["gpu", "add", "RTX 4070", "--vm", "win11"]
REMOVE = ["gpu", "remove", "--vm", "win11", "--purge"]
before = {}


def remember(world):
    before["vm"] = world.ask("vm", "show", "win11")["vm"]
    before["gpus"] = world.ask("gpu", "list")["gpus"]


def has_partition(world):
    vm = world.ask("vm", "show", "win11")["vm"]
    expect([entry["gpu_name"] for entry in vm["gpu_partitions"]] == ["NVIDIA GeForce RTX 4070"], f"partitions: {vm}")
    expect(vm["settings"]["guest_controlled_cache_types"] is True, f"settings: {vm['settings']}")
    disks = world.ask("guest", "inspect", "win11")["disks"]
    drivers = [entry for partition in disks[0]["partitions"] for entry in partition.get("drivers", [])]
    expect(len(drivers) == 1 and drivers[0]["version"] == "32.0.15.6094" and drivers[0]["files"] > 0, f"drivers: {drivers}")


def is_as_before(world):
    vm = world.ask("vm", "show", "win11")["vm"]
    expect(vm == before["vm"], f"the VM differs: {vm}\nbefore: {before['vm']}")
    expect(world.ask("gpu", "list")["gpus"] == before["gpus"], "the cards differ")
    disks = world.ask("guest", "inspect", "win11")["disks"]
    drivers = [entry for partition in disks[0]["partitions"] for entry in partition.get("drivers", [])]
    expect(drivers == [], f"drivers are left: {drivers}")


CASES = [
    Case("a dry run shows evidence, steps and reasons, and changes nothing", [*ADD, "--dry-run"], unchanged=True,
         out=("Checks", "Steps", "Why", "If a later step fails", "This was a dry run"),
         json={"result.dry_run": True, "result.plan.blocked": False, "result.plan.steps": lambda steps: len(steps) >= 3}),
    Case("the same in Chinese", [*ADD, "--dry-run", "--lang", "zh-Hans"], out=(), unchanged=True),
    Case("add does it, step by step, and says how to look at it", [*ADD, "--yes"], before=remember, once=True,
         out=("Steps", "✓ 1/", "Read back afterwards", "Done in", "guest inspect win11", "gpu remove --vm win11 --purge"),
         after=has_partition),
    Case("a second time nothing is to be done", [*ADD, "--yes"], out=("Nothing is to be done",), unchanged=True,
         json={"result.outcome": "nothing_to_do"}),
    Case("a dry run says so, too", [*ADD, "--dry-run"], out=("Nothing is to be done",), unchanged=True),
    Case("the card names its user", ["gpu", "show", "RTX 4070"], out=("win11",)),
    Case("guest inspect names the driver", "guest inspect win11", out=("Driver of NVIDIA GeForce RTX 4070", "32.0.15.6094")),
    Case("history has it", "history", out=("done",), json={"result.operations.0.state": "done"}),
    Case("remove shows what it will do", [*REMOVE, "--dry-run"], out=("Steps",), unchanged=True),
    Case("remove takes everything back", [*REMOVE, "--yes"], once=True, out=("Done in",), after=is_as_before),
    Case("a second removal has nothing to do", [*REMOVE, "--yes"], out=("Nothing is to be done",), unchanged=True),
    Case("add in Chinese", [*ADD, "--yes", "--lang", "zh-Hans"], once=True, out=("已完成，用时", "查看结果")),
    Case("remove as JSON", [*REMOVE, "--yes", "--json"], once=True, out=('"outcome": "done"',), after=is_as_before, raw=True),
    Case("only the partition, without drivers", [*ADD, "--yes", "--no-drivers"], once=True, out=("Done in",)),
    Case("remove without --purge", ["gpu", "remove", "--vm", "win11", "--yes"], once=True, after=is_as_before),
    Case("a running VM, after asking its guest to shut down", ["gpu", "add", "RTX 4070", "--vm", "running", "--shutdown", "--yes"],
         once=True, out=("Done in",)),
    Case("a reset makes the host anew", "sim reset --yes", once=True, out=("as new",), after=is_as_before),
    Case("and its history", "history", json={"result.operations": []}),
]

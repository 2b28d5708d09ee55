#!/usr/bin/env python3
"""Usage: special_disks.py PROGRAM PROVIDER STANDINS PLANT_WORLD
Disks that only the *windows* engine writes to, by the shipping program under Wine over the stand-ins: a pass-through disk, which must
be offline again whatever happened, a kill included; and a volume that looks encrypted to our own engine and that the "host" has
unlocked. Both must get the driver, and be as before once it is taken out. Needs WINEPREFIX (the template) and EXHYPERV_WINE.

There is no BitLocker here: its identifier is put into the boot code of a plain NTFS volume, where our own engine sees it and the
stand-in, like a host with the key, does not mind.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from plant import windows_path  # noqa: E402
from windows_engine import GPU, Host, content, difference, killed_at, must  # noqa: E402

SCENARIO = pathlib.Path(__file__).resolve().parents[3] / "data" / "scenarios" / "workstation.json"
DISK = {"number": 3, "name": "Spare disk", "controller": "nvme1", "size_gib": 931, "online": False}
WHOLE = {"name": "whole", "state": "off", "memory_mib": 4096, "disks": [{"physical": 3, "image": {"build": 26100}}]}
BITLOCKER = uuid.UUID("4967d63b-2e29-4ad8-8399-f6a339e3d001").bytes_le
BOOT_CODE = 0xA0  # where the identifier stands in an encrypted volume's first sector
KILL_AFTER = (1, 4)


def scenario(file):
    document = json.loads(SCENARIO.read_text(encoding="utf-8"))
    document["disks"].append(DISK)
    document["vms"] = [vm for vm in document["vms"] if vm["name"] == "win11"] + [WHOLE]
    file.write_text(json.dumps(document), encoding="utf-8")
    return windows_path(file)


def words(vm, *more):
    return ["gpu", "add", GPU, "--vm", vm, "--copy", *more]


def checks(host, vm):
    """id -> the check's evidence key, of a dry run."""
    plan = json.loads(must(host.run(*words(vm, "--dry-run", "--json")), f"the plan for {vm}"))["result"]["plan"]
    return {check["id"]: (check["verdict"], check["evidence"]["key"]) for check in plan["checks"]}


def expect(condition, message):
    if not condition:
        raise SystemExit(message)


def has_driver(host, vm):
    found = json.loads(must(host.run("guest", "inspect", vm, "--json"), f"guest inspect {vm}"))["result"]["disks"]
    return any(partition.get("drivers") for disk in found for partition in disk["partitions"])


def but_for_the_hive(volumes):
    """A hive that gave values back keeps the room they had: its values are windows_engine.py's and the Linux tests' business."""
    return [{name: {key: value for key, value in entry.items() if key not in ("Size", "content") or not name.endswith("config/SYSTEM")}
             for name, entry in files.items()} for files in volumes]


def in_and_out(host, vm, image, scratch, reason):
    """The driver goes in by default, never by *direct*, and comes out again."""
    before = content(image, scratch / "before")
    expect(checks(host, vm)["guest.engine"] == ("pass", f"check.guest.engine.{reason}"), f"{vm}: {checks(host, vm)}")
    refused = host.run(*words(vm, "--engine", "direct", "--yes"))
    expect(refused.returncode == 3, f"{vm} by direct: exit code {refused.returncode}")
    expect(not difference(content(image, scratch / "refused"), before), f"{vm}: a refusal changed the disk")
    must(host.run(*words(vm, "--yes")), f"gpu add for {vm}")
    expect(has_driver(host, vm), f"{vm}: no driver is found in the guest")
    must(host.run("gpu", "remove", "--vm", vm, "--purge", "--yes"), f"gpu remove for {vm}")
    after = content(image, scratch / "after")
    found = difference(but_for_the_hive(after), but_for_the_hive(before))
    expect(not found, f"{vm} after gpu remove --purge: {found}")
    print(f"{vm}: the driver went in and came out, {reason}")
    return after


def pass_through(host, scratch):
    (image,) = host.world.glob("sim/*/files/disks/3.img")
    offline = ("pass", "check.guest.pass_through.offline")
    expect(checks(host, "whole")["guest.pass_through"] == offline, f"{checks(host, 'whole')}")
    before = in_and_out(host, "whole", image, scratch, "pass_through")
    expect(checks(host, "whole")["guest.pass_through"] == offline, "the disk stayed online")
    kept = pathlib.Path(host.folder) / "data" / "disks"
    kills = 0
    for record in KILL_AFTER:
        if not killed_at(host, image, words("whole", "--yes"), record):
            print(f"step {record}: it was through before the kill")
            continue
        kills += 1
        left = sorted(entry.suffix for entry in kept.iterdir())
        expect(left == [".exhyperv-online", ".exhyperv-undo"], f"killed at step {record}: kept outside: {left}")
        must(host.run("recover", "--yes"), f"recover after a kill at step {record}")
        expect(not list(kept.iterdir()), f"killed at step {record}: still kept outside: {list(kept.iterdir())}")
        expect(checks(host, "whole")["guest.pass_through"] == offline, f"killed at step {record}: the disk stayed online")
        found = difference(content(image, scratch / "recovered"), before)
        expect(not found, f"killed at step {record} and recovered: {found}")
        print(f"whole: killed at step {record}: as before, and offline")
    expect(kills > 0, "no kill came in time")


def encrypt(image, scratch):
    """As our own engine sees it."""
    raw = scratch / "plain.raw"
    subprocess.run(["qemu-img", "convert", "-O", "raw", str(image), str(raw)], check=True)
    table = json.loads(subprocess.run(["sfdisk", "--json", str(raw)], check=True, capture_output=True).stdout)["partitiontable"]
    with raw.open("r+b") as file:
        file.seek(table["partitions"][-1]["start"] * 512 + BOOT_CODE)
        file.write(BITLOCKER)
    image.unlink()
    subprocess.run(["qemu-img", "convert", "-O", "vhdx", str(raw), str(image)], check=True)
    raw.unlink()


def main():
    program, provider, standins, plant_world = sys.argv[1:]
    template, wine = os.environ["WINEPREFIX"], os.environ.get("EXHYPERV_WINE", "wine64")
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="exhyperv-disks-"))
    host = None
    try:
        host = Host(scratch / "host", template, wine, program, provider, standins, plant_world, scenario(scratch / "scenario.json"))
        pass_through(host, scratch)
        encrypt(host.image, scratch)
        in_and_out(host, "win11", host.image, scratch, "unlocked")
        expect(not host.left_beside(), f"left {host.left_beside()}")
    finally:
        if host:
            host.close()
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()

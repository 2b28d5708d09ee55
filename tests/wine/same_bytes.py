#!/usr/bin/env python3
"""Usage: same_bytes.py WINE EXHYPERV.EXE EXHYPERV   The direct guest-disk engine writes the same on Windows (under Wine) as on Linux.

Both programs get a copy of one and the same guest image and driver store and import the same driver: into a Windows guest and into a
Linux guest. Then everything in both volumes is compared, read by 7-Zip: names, sizes, attributes, modification times of what was
imported, and the bytes of every file, the registry hives included. Only the import's own record differs in the times and numbers made
in the run; it is compared without them.
"""
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "e2e" / "cli"))
from harness import World  # noqa: E402
from same_document import first_difference, marked, Marks  # noqa: E402

CARD = "PCI\\VEN_10DE&DEV_2786"
DRIVERS = re.compile(r"HostDriverStore|usr/lib/wsl/")
RECORD = re.compile(r"exhyperv[^/]*\.json$", re.IGNORECASE)  # what the import writes about itself


def must(done, what):
    if done.returncode != 0:
        raise SystemExit(f"{what}: exit code {done.returncode}\n{done.stdout.decode(errors='replace')}{done.stderr.decode(errors='replace')}")
    return done.stdout


def material(world):
    """A Windows and a Linux image and a driver store as somebody would carry them away from a host, made by the Linux program."""
    for vm in ("win11", "linux"):
        must(world.run(["gpu", "add", "RTX 4070", "--vm", vm, "--dry-run"]), "making the host's files")
    system32 = next(world.data.rglob("FileRepository")).parent.parent
    return [world.image("win11.vhdx"), world.image("linux.vhdx")], system32


def tool(*words, **options):
    return must(subprocess.run(words, capture_output=True, **options), words[0])


def carve(raw, start, size, target):
    """Copies a part of a file, without reading or writing its holes."""
    with open(raw, "rb") as source, open(target, "wb") as out:
        out.truncate(size)
        at = start
        while at < start + size:
            try:
                at = os.lseek(source.fileno(), at, os.SEEK_DATA)
                hole = min(os.lseek(source.fileno(), at, os.SEEK_HOLE), start + size)
            except OSError:  # nothing but holes from here on
                break
            while at < hole:
                data = os.pread(source.fileno(), min(hole - at, 4 << 20), at)
                os.pwrite(out.fileno(), data, at - start)
                at += len(data)


def is_guest_volume(file):
    """NTFS or ext4, by their marks."""
    head = file.read(0x43A)
    return head[3:11] == b"NTFS    " or head[0x438:] == b"\x53\xef"


def volumes(image, folder):
    """Every NTFS and ext4 partition of the image, as a file of its own."""
    raw = folder / "raw"
    tool("qemu-img", "convert", "-f", "raw" if image.suffix == ".img" else "vhdx", "-O", "raw", str(image), str(raw))
    table = json.loads(tool(shutil.which("sfdisk") or "/usr/sbin/sfdisk", "-J", str(raw)))["partitiontable"]
    out = []
    for number, part in enumerate(table["partitions"]):
        target = folder / f"part{number}"
        carve(raw, part["start"] * 512, part["size"] * 512, target)
        with open(target, "rb") as file:
            if is_guest_volume(file):
                out.append(target)
    raw.unlink()
    return out


def tree(volume, folder):
    """name -> (what 7-Zip lists of it, hash of the content)"""
    listing = tool("7zz" if shutil.which("7zz") else "7z", "l", "-slt", "-sccUTF-8", str(volume)).decode()
    entries = {}  # without [SYSTEM]/$MFT and its like: every time of a run is in there
    for block in listing.split("----------\n", 1)[1].split("\n\n"):
        fields = dict(line.split(" = ", 1) for line in block.splitlines() if " = " in line)
        if "Path" in fields and not fields["Path"].startswith("[SYSTEM]"):
            kept = {name: fields.get(name, "") for name in ("Folder", "Size", "Attributes", "Mode", "User ID", "Group ID", "Symbolic Link", "Links")}
            dated = DRIVERS.search(fields["Path"]) and fields.get("Folder") == "-" and not kept["Symbolic Link"]
            kept["Modified"] = fields.get("Modified", "") if dated else ""
            entries[fields["Path"]] = kept
    tool("7zz" if shutil.which("7zz") else "7z", "x", "-y", "-snld", f"-o{folder}", str(volume))
    for name, kept in entries.items():
        path = folder / name
        kept["content"] = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() and not path.is_symlink() else ""
    return entries


def compare(ours, theirs, worlds):
    seen = {"files": 0, "bytes": 0, "hives": 0, "records": 0}
    mine, others = (tree(volume, folder) for volume, folder in (ours, theirs))
    if set(mine) != set(others):
        raise SystemExit(f"other names: {sorted(set(mine) ^ set(others))[:10]}")
    for name in sorted(mine):
        left, right = dict(mine[name]), dict(others[name])
        if RECORD.search(name):
            documents = [json.loads((folder / name).read_text(encoding="utf-8")) for _, folder in (ours, theirs)]
            found = first_difference(*(marked(document, Marks(world)) for document, world in zip(documents, worlds)))
            if found:
                raise SystemExit(f"{name}: {found}")
            for entry in (left, right):
                entry.update(content="", Modified="", Size="")
            seen["records"] += 1
        if left != right:
            raise SystemExit(f"{name}: {left} under Wine, {right} on Linux")
        if left["Folder"] == "-":
            seen["files"] += 1
            seen["bytes"] += int(left["Size"] or 0)
            seen["hives"] += name.lower().endswith(("config/system", "config/software"))
    return seen


def compare_imports(image, worlds, scratch):
    places, sizes = [], []
    for number, world in enumerate(worlds):
        copy = world.work / image.name
        shutil.copyfile(image, copy)
        words = ["guest", "import", image.name, "--driver-store", "store", "--card", CARD, "--engine", "direct", "--yes"]
        must(world.run(words), f"guest import of program {number}")
        folder = scratch / str(number)
        folder.mkdir(parents=True)
        places.append([(volume, folder / f"{volume.name}.files") for volume in volumes(copy, folder)])
        sizes.append(copy.stat().st_size)
    if sizes[0] != sizes[1]:
        raise SystemExit(f"{image.name}: the images have other lengths: {sizes[0]} under Wine, {sizes[1]} on Linux")
    if not places[0] or len(places[0]) != len(places[1]):
        raise SystemExit(f"{image.name}: {len(places[0])} and {len(places[1])} volumes")
    for ours, theirs in zip(*places):
        seen = compare(ours, theirs, worlds)
        print(f"{image.name}, {ours[0].name}: equal; {seen['files']} files, {seen['bytes']} bytes, {seen['hives']} hives, {seen['records']} records")


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    wine, windows, linux = sys.argv[1:]
    os.environ["EXHYPERV_WINE"] = wine
    worlds = [World(windows), World(linux)]
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="exhyperv-bytes-"))
    try:
        images, system32 = material(worlds[1])
        for world in worlds:
            shutil.copytree(system32 / "DriverStore/FileRepository", world.work / "store/FileRepository", copy_function=shutil.copy2)
            shutil.copytree(system32 / "lxss", world.work / "store/lxss", copy_function=shutil.copy2)
        for image in images:
            compare_imports(image, worlds, scratch / image.stem)
    finally:
        for world in worlds:
            world.close()
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()

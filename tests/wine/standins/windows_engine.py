#!/usr/bin/env python3
"""Usage: windows_engine.py PROGRAM PROVIDER STANDINS PLANT_WORLD
The *windows* disk engine of the shipping program under Wine, virtdisk by the stand-in: what it leaves in a guest's image must be what
the *direct* engine leaves, file by file, hives included, after `gpu add` and after `gpu remove --purge`; and a kill while it changes the
guest must leave the guest as it was or complete, once `recover` was run. Needs WINEPREFIX (the template) and EXHYPERV_WINE.

Files are copied (--copy), and the card is one whose driver needs no junction: Wine's files know no links.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from plant import LocalHost  # noqa: E402
from same_bytes import RECORD, tree, volumes  # noqa: E402

GPU = "UHD Graphics 770"
ADD = ["gpu", "add", GPU, "--vm", "win11", "--copy", "--yes"]
PURGE = ["gpu", "remove", "--vm", "win11", "--purge", "--yes"]
KILL_AFTER = (1, 2, 4, 7)  # steps in the undo log


def must(done, what):
    if done.returncode != 0:
        raise SystemExit(f"{what}: exit code {done.returncode}\n{done.stdout.decode(errors='replace')}{done.stderr.decode(errors='replace')}")
    return done.stdout


class Host(LocalHost):
    @property
    def image(self):
        (found,) = self.world.glob("sim/*/files/*/VMs/win11/win11.vhdx")
        return found

    def left_beside(self):
        """What is beside the image and should not be there when all is done."""
        return [entry.name for entry in self.image.parent.iterdir() if entry.name.startswith(self.image.name) and entry != self.image]


def content(image, folder):
    """name -> what 7-Zip lists of it and the hash of its bytes, of each NTFS volume; the import's record without bytes and times."""
    folder.mkdir()
    found = []
    for volume in volumes(image, folder):
        files = tree(volume, folder / f"{volume.name}.files")
        for name, entry in files.items():
            if entry["Folder"] == "+":  # Wine's directories have no read-only bit
                entry["Attributes"] = entry["Attributes"].replace("R", "")
            if RECORD.search(name):
                entry.update(content="", Modified="", Size="")
        found.append(files)
    shutil.rmtree(folder)
    return found


def difference(ours, theirs):
    if len(ours) != len(theirs) or not ours:
        return f"{len(ours)} and {len(theirs)} volumes"
    for mine, other in zip(ours, theirs):
        if set(mine) != set(other):
            return f"other names: {sorted(set(mine) ^ set(other))[:10]}"
        for name in sorted(mine):
            if mine[name] != other[name]:
                return f"{name}: {mine[name]} and {other[name]}"
    return ""


def killed_at(host, image, words, record):
    """Runs `gpu add` and kills it when that step is in the undo log; False when it was through before."""
    log = pathlib.Path(f"{image}.volume3") / "ExHyperV.undo" / f"{record:010}.undo"
    running = subprocess.Popen([host.wine, str(host.program), "--host", "local:", *words], cwd=host.folder,
                               env=host.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 300
    while running.poll() is None and not log.exists():
        if time.monotonic() > deadline:
            running.kill()
            raise SystemExit("gpu add hangs")
    running.kill()
    return running.wait() < 0


def main():
    program, provider, standins, plant_world = sys.argv[1:]
    template, wine = os.environ["WINEPREFIX"], os.environ.get("EXHYPERV_WINE", "wine64")
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="exhyperv-engine-"))
    hosts = {}
    try:
        for engine in ("windows", "direct"):
            hosts[engine] = Host(scratch / engine, template, wine, program, provider, standins, plant_world, "workstation")
            must(hosts[engine].run(*ADD[:-1], "--dry-run"), "making the guest")
        golden = scratch / "golden.vhdx"
        shutil.copyfile(hosts["direct"].image, golden)
        shutil.copyfile(golden, hosts["windows"].image)
        before = content(golden, scratch / "before")

        for words in (ADD, PURGE):
            after = {}
            for engine, host in hosts.items():
                must(host.run(*words, "--engine", engine), f"{' '.join(words)} by {engine}")
                if host.left_beside():
                    raise SystemExit(f"{' '.join(words)} by {engine}: left {host.left_beside()}")
                after[engine] = content(host.image, scratch / f"after-{engine}")
            found = difference(after["windows"], after["direct"])
            if found:
                raise SystemExit(f"{' '.join(words)}: by windows and by direct: {found}")
            if words == ADD and not difference(after["windows"], before):
                raise SystemExit("gpu add changed nothing")
            print(f"{' '.join(words[:2])}: equal; {sum(len(files) for files in after['windows'])} files and directories")

        host, kills = hosts["windows"], 0
        for record in KILL_AFTER:
            shutil.copyfile(golden, host.image)
            if not killed_at(host, host.image, [*ADD, "--engine", "windows"], record):
                print(f"step {record}: it was through before the kill")
                continue
            kills += 1
            if f"{host.image.name}.exhyperv-undo" not in host.left_beside():
                raise SystemExit(f"killed at step {record}: nothing outside says so: {host.left_beside()}")
            must(host.run("recover", "--yes"), f"recover after a kill at step {record}")
            if host.left_beside():
                raise SystemExit(f"killed at step {record}: left {host.left_beside()}")
            found = difference(content(host.image, scratch / "recovered"), before)
            if found:
                raise SystemExit(f"killed at step {record} and recovered: {found}")
            print(f"killed at step {record}: as before")
        if kills == 0:
            raise SystemExit("no kill came in time")
    finally:
        for host in hosts.values():
            host.close()
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()

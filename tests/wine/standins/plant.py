"""A Wine prefix that is the simulated host: its registry, its drives, its management provider and Configuration Manager."""
import os
import pathlib
import shutil
import subprocess

LOCATOR = r"HKLM\Software\Classes\CLSID\{4590F811-1D3A-11D0-891F-00AA004B2E24}\InprocServer32"


def windows_path(path):
    """Z: is the root in a prefix of clone_prefix.sh."""
    return "Z:" + str(path).replace("/", "\\")


def entry_of(folder, name):
    """The entry of that name without regard to case, as Windows finds it; where it would be when there is none."""
    for entry in folder.iterdir() if folder.is_dir() else ():
        if entry.name.lower() == name.lower():
            return entry
    return folder / name


def link_tree(source, target):
    """Links what is in `source` into `target`; folders that both have are merged."""
    for entry in sorted(source.iterdir()):
        place = entry_of(target, entry.name)
        if not place.exists():
            place.symlink_to(entry)
        elif entry.is_dir() and place.is_dir():
            link_tree(entry, place)


class LocalHost:
    """A prefix of its own below `folder`, made from a template; `programs` are the folders with the DLLs and exhyperv.exe."""

    def __init__(self, folder, template, wine, program, provider, standins, plant_world, scenario):
        self.folder = pathlib.Path(folder)
        self.wine = wine
        self.prefix = self.folder / "prefix"
        self.world = self.folder / "world"
        self.world.mkdir(parents=True)
        scripts = pathlib.Path(__file__).resolve().parent.parent
        subprocess.run(["sh", str(scripts / "clone_prefix.sh"), str(template), str(self.prefix)], check=True)
        self.programs = self.folder / "programs"
        self.programs.mkdir()
        for file in (program, provider, plant_world, *pathlib.Path(standins).glob("*.dll")):
            shutil.copy2(file, self.programs)
        self.program = self.programs / pathlib.Path(program).name
        self.environment = {
            **os.environ, "WINEPREFIX": str(self.prefix), "WINEARCH": "win64", "WINEDEBUG": "-all", "DISPLAY": "",
            "WINEDLLOVERRIDES": "mscoree,mshtml,winemenubuilder.exe=;cfgmgr32,virtdisk=n",
            "EXHYPERV_WMI_SCENARIO": scenario, "EXHYPERV_WMI_DATA": windows_path(self.world),
            "EXHYPERV_DATA_DIR": windows_path(self.folder / "data")}
        self.windows("reg", "add", LOCATOR, "/ve", "/d", windows_path(self.programs / pathlib.Path(provider).name), "/f")
        self.windows("reg", "add", LOCATOR, "/v", "ThreadingModel", "/d", "Both", "/f")
        self.windows(str(self.programs / pathlib.Path(plant_world).name))
        self.link_drives()

    def windows(self, *words):
        done = subprocess.run([self.wine, *words], env=self.environment, capture_output=True, timeout=300, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{words}: {done.returncode}\n{done.stdout.decode(errors='replace')}{done.stderr.decode(errors='replace')}")
        return done

    def link_drives(self):
        (files,) = self.world.glob("sim/*/files")
        for drive in sorted(entry for entry in files.iterdir() if len(entry.name) == 1):  # not the physical disks
            device = self.prefix / "dosdevices" / (drive.name.lower() + ":")
            if device.exists():
                link_tree(drive, device)
            else:
                device.symlink_to(drive)

    def run(self, *words, environment=None):
        """The program on `local:`; the result of subprocess.run."""
        return subprocess.run([self.wine, str(self.program), "--host", "local:", *words], capture_output=True, timeout=300, check=False,
                              env={**self.environment, **(environment or {})}, cwd=self.folder)

    def close(self):
        server = shutil.which("wineserver") or "/usr/lib/wine/wineserver"
        for option in ("-k", "-w"):
            subprocess.run([server, option], env=self.environment, check=False, capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)

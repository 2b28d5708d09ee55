#!/usr/bin/env python3
"""Usage: fetch_libraries.py DIRECTORY

Debian's source packages of the libraries that Debian does not build for Windows, unpacked into DIRECTORY/src/<name>. apt fetches
them through a package list of its own (the machine's is left alone) and checks them against Debian's signed index. What is
there already is not fetched again. Debian's patches are applied where the archive hands them out; where it has only the upstream
archive, the message says so and DIRECTORY/src/<name>/.exhyperv-source too.
"""
import hashlib
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile

# Upstream versions the build is known to work with, best first; within one, a newer Debian revision first.
LIBRARIES = {"ntfs-3g": [r"2022\.10\.3"], "hivex": [r"1\.3\.23", r"1\.3\.24"], "pugixml": [r"1\.13", r"1\.1[45]"],
             "openssl": [r"3\.0\.\d+", r"3\.5\.\d+"], "e2fsprogs": [r"1\.47\.0", r"1\.47\.\d"]}
SUITES = [("debian", "bookworm"), ("debian-security", "bookworm-security"), ("debian", "trixie"),
          ("debian-security", "trixie-security"), ("debian", "sid")]
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
FILE_LINE = re.compile(r"^'(\S+)' (\S+) (\d+) SHA256:([0-9a-f]{64})$", re.MULTILINE)


def mirrors():
    """Where this machine's own apt gets Debian and its security updates from: {"debian": address, "debian-security": address}."""
    done = subprocess.run(["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)", "Origin: Debian", "Created-By: Packages"],
                          capture_output=True, text=True, timeout=60)
    known = {}
    for address, release in (line.split() for line in done.stdout.splitlines()):
        if release.endswith("-security"):
            known.setdefault("debian-security", address)
        elif "-" not in release: # not updates or backports
            known.setdefault("debian", address)
    return known


class Apt:
    def __init__(self, root):
        self.root, self.archives = root, root / "archives"
        for part in ("apt/lists/partial", "apt/cache/archives/partial", "archives"):
            (root / part).mkdir(parents=True, exist_ok=True)
        known = mirrors()
        lines = [f"deb-src [signed-by={KEYRING}] {known[archive]} {suite} main" for archive, suite in SUITES if archive in known]
        (root / "apt/sources.list").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def run(self, program, *words):
        settings = {"Dir::Etc::sourcelist": self.root / "apt/sources.list", "Dir::Etc::sourceparts": "/dev/null",
                    "Dir::State::lists": self.root / "apt/lists", "Dir::Cache": self.root / "apt/cache",
                    "APT::Sandbox::User": "root", "Acquire::http::Timeout": "20", "Acquire::Retries": "2"}
        options = [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]
        done = subprocess.run([program, *options, *words], cwd=self.archives, capture_output=True, text=True, timeout=600)
        return done.returncode, done.stdout, done.stderr

    def versions(self, package):
        _, out, _ = self.run("apt-cache", "showsrc", package)
        return re.findall(r"^Version: (\S+)$", out, re.MULTILINE)


def upstream_of(version):
    return version.split(":", 1)[-1].rsplit("-", 1)[0]


def checksum(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def fetch(apt, package, version):
    """The checked files of one source package, by kind: 'orig' and perhaps 'debian'."""
    _, listed, _ = apt.run("apt-get", "source", "--download-only", "--print-uris", f"{package}={version}")
    wanted = {name: digest for _, name, _, digest in FILE_LINE.findall(listed)}
    apt.run("apt-get", "source", "--download-only", f"{package}={version}")
    found = {}
    for name, digest in wanted.items():
        path = apt.archives / name
        kind = "orig" if ".orig.tar" in name and not name.endswith(".asc") else "debian" if ".debian.tar" in name else ""
        if kind and path.exists() and checksum(path) == digest:
            found[kind] = path
    # --print-uris leaves out what is there and right already: apt has checked those.
    stem = f"{package}_{upstream_of(version)}"
    for path in apt.archives.glob(f"{stem}.orig.tar.*"):
        if not path.name.endswith(".asc") and path.name not in wanted:
            found.setdefault("orig", path)
    for path in apt.archives.glob(f"{package}_{version.split(':', 1)[-1]}.debian.tar.*"):
        if path.name not in wanted:
            found.setdefault("debian", path)
    return found


def unpack(archive, target):
    """Into `target`, without the archive's own top folder."""
    shutil.rmtree(target, ignore_errors=True)
    scratch = target.with_name(target.name + ".unpacking")
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    with tarfile.open(archive) as tar:
        root = scratch.resolve()
        for member in tar.getmembers():
            place = (scratch / member.name).resolve()
            if place != root and root not in place.parents:
                raise SystemExit(f"{archive.name}: {member.name} would be unpacked outside of its folder")
        tar.extractall(scratch)
    entries = list(scratch.iterdir())
    (entries[0] if len(entries) == 1 and entries[0].is_dir() else scratch).rename(target)
    shutil.rmtree(scratch, ignore_errors=True)


def patch(target, archive):
    with tarfile.open(archive) as tar:
        names = tar.getnames()
        series = next((name for name in names if name.endswith("patches/series")), None)
        if not series:
            return
        lines = tar.extractfile(series).read().decode().splitlines()
        for line in lines:
            name = line.split("#")[0].split()
            if name:
                text = tar.extractfile(series[:-len("series")] + name[0]).read()
                subprocess.run(["patch", "-p1", "--quiet", "--no-backup-if-mismatch"], cwd=target, input=text, check=True)


def obtain(apt, package, patterns, root):
    target = root / "src" / package
    if (target / ".exhyperv-source").exists():
        return True
    versions = apt.versions(package)
    for pattern in patterns:
        fitting = [version for version in versions if re.fullmatch(pattern, upstream_of(version))]
        bare = None  # an archive without Debian's patches: better than none, worse than a later revision with them
        for version in reversed(fitting):
            files = fetch(apt, package, version)
            if "orig" in files and "debian" in files:
                unpack(files["orig"], target)
                patch(target, files["debian"])
                (target / ".exhyperv-source").write_text(f"{package} {version}\n", encoding="utf-8")
                print(f"{package} {version}")
                return True
            bare = bare or ((version, files["orig"]) if "orig" in files else None)
        if bare:
            unpack(bare[1], target)
            note = f"{package} {upstream_of(bare[0])}, WITHOUT Debian's patches (the archive did not hand them out)"
            (target / ".exhyperv-source").write_text(note + "\n", encoding="utf-8")
            print(note)
            return True
    return False


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    root = pathlib.Path(sys.argv[1]).resolve()
    if all((root / "src" / name / ".exhyperv-source").exists() for name in LIBRARIES):
        return
    lacking = [program for program in ("apt-get", "apt-cache", "patch") if not shutil.which(program)]
    if lacking:
        sys.exit(f"The Windows libraries' sources are fetched with Debian's tools; missing here: {', '.join(lacking)}")
    apt = Apt(root)
    code, out, err = apt.run("apt-get", "update")
    missing = [name for name, patterns in LIBRARIES.items() if not obtain(apt, name, patterns, root)]
    if missing:
        reason = (err or out).strip()
        sys.exit(f"Not to be had from Debian's archive: the sources of {', '.join(missing)}. The Windows build needs them; the "
                 f"Linux build does not.\nIs the network reachable? apt said:\n{reason or f'exit code {code}'}")


if __name__ == "__main__":
    main()

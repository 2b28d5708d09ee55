#!/usr/bin/env python3
"""Makes the NTFS volume templates that are compiled into the program: gen_ntfs_template.py OUT.cpp SIZE...

Runs mkntfs (package ntfs-3g) on a sparse file for each volume size, keeps the 4 KiB pages that are not zero, compresses them and
writes a C++ array. mkntfs -T makes its output reproducible (times of 1970, serial from a fixed seed), so the same mkntfs gives
the same array. Pages of 0xFF only are the empty $LogFile; format_ntfs() writes those itself, so they are only counted here.
"""

import array
import os
import subprocess
import sys
import tempfile
import zlib

PAGE = 4096


def make_volume(path, size):
    with open(path, "wb") as volume:
        volume.truncate(size)
    mkntfs = next(p for p in ("/usr/sbin/mkntfs", "/sbin/mkntfs", "/usr/bin/mkntfs") if os.path.exists(p))
    subprocess.run(
        [mkntfs, "-F", "-Q", "-T", "-q", "-s", "512", "-c", "4096", "-p", "2048", "-H", "255", "-S", "63", path],
        check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={"LC_ALL": "C", "PATH": os.environ.get("PATH", "")})


def data_pages(path):
    """(page number, bytes) of every page that is neither zero nor 0xFF throughout."""
    zero, full = bytes(PAGE), b"\xff" * PAGE
    with open(path, "rb") as volume:
        end = os.fstat(volume.fileno()).st_size
        position = 0
        while position < end:
            try:
                start = os.lseek(volume.fileno(), position, os.SEEK_DATA)
            except OSError:
                return  # nothing but holes from here on
            stop = os.lseek(volume.fileno(), start, os.SEEK_HOLE)
            start -= start % PAGE
            position = min(end, -(-stop // PAGE) * PAGE)
            for offset in range(start, position, PAGE):
                page = os.pread(volume.fileno(), PAGE, offset).ljust(PAGE, b"\0")
                if page != zero and page != full:
                    yield offset // PAGE, page


def template(size):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "volume")
        make_volume(path, size)
        pages = list(data_pages(path))
    raw = b"".join(number.to_bytes(8, "little") + page for number, page in pages)
    # The upper-case table counts up by ones: differences of 16-bit words compress twenty times better than the words.
    words = array.array("H", raw)
    deltas = array.array("H", ((word - before) & 0xFFFF for before, word in zip([0, *words], words)))
    return len(pages), zlib.compress(deltas.tobytes(), 9)


def main():
    out, sizes = sys.argv[1], [int(size) for size in sys.argv[2:]]
    lines = ['#include "guest/ntfs/ntfs_template.h"', "", "namespace exhyperv::guest {", "namespace {", ""]
    rows = []
    for index, size in enumerate(sorted(sizes)):
        count, packed = template(size)
        lines.append(f"constexpr unsigned char kPacked{index}[] = {{")
        for start in range(0, len(packed), 32):
            lines.append(",".join(str(byte) for byte in packed[start:start + 32]) + ",")
        lines += ["};", ""]
        rows.append(f"    {{{size}ull, {count}u, kPacked{index}, sizeof kPacked{index}}},")
    lines += ["constexpr NtfsTemplate kTemplates[] = {", *rows, "};", "", "} // namespace", "",
              "std::span<const NtfsTemplate> ntfs_templates() { return kTemplates; }", "", "} // namespace exhyperv::guest"]
    with open(out, "w") as file:
        file.write("\n".join(lines) + "\n")


main()

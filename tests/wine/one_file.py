#!/usr/bin/env python3
"""Usage: one_file.py OBJDUMP EXHYPERV.EXE   The program needs nothing beside it: it imports from libraries that every Windows has.

Running it does not show that: Wine has some libraries of its own that Windows lacks (zlib1.dll, for one).
"""
import re
import subprocess
import sys

WINDOWS = {"advapi32", "bcrypt", "cfgmgr32", "crypt32", "gdi32", "iphlpapi", "kernel32", "msvcrt", "mswsock", "ole32", "oleaut32", "shell32",
           "user32", "virtdisk", "ws2_32"}


def main():
    objdump, program = sys.argv[1:]
    told = subprocess.run([objdump, "-p", program], check=True, capture_output=True, text=True).stdout
    names = {name.lower() for name in re.findall(r"^\s*DLL Name: (.+?)\.dll\s*$", told, re.MULTILINE | re.IGNORECASE)}
    if not names:
        raise SystemExit("no imports were found")
    if names - WINDOWS:
        raise SystemExit(f"would have to lie beside the program: {', '.join(sorted(names - WINDOWS))}")
    print(f"{len(names)} libraries of Windows")


if __name__ == "__main__":
    main()

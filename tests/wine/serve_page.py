#!/usr/bin/env python3
"""Usage: serve_page.py WINE EXHYPERV.EXE   The Windows program serves its page and interface from Wine; this machine's client looks.

Seen here: the page and its scripts arrive, the interface wants the key that was printed, a second server is told that the port is taken,
TLS with a certificate of its own making, and Ctrl-C ends the server with exit code 0.
"""
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

WAIT = 90  # seconds, for anything


def native(path):
    return "Z:" + str(path).replace("/", "\\")


class Server:
    def __init__(self, command, root, *words):
        environment = {**os.environ, "EXHYPERV_DATA_DIR": native(root), "LANG": "C.UTF-8"}
        self.log = open(root / "said.txt", "w+b")
        self.process = subprocess.Popen([*command, *words], env=environment, cwd=root, stdin=subprocess.DEVNULL,
                                        stdout=self.log, stderr=subprocess.STDOUT)

    def said(self):
        return pathlib.Path(self.log.name).read_text(encoding="utf-8", errors="replace")

    def address(self):
        end = time.monotonic() + WAIT
        while time.monotonic() < end:
            found = re.search(r"(https?://[^/\s]+)/(?:#token=(\S+))?", self.said())
            if found and "Ctrl-C" in self.said():
                return found.groups()
            assert self.process.poll() is None, f"it ended: {self.said()}"
            time.sleep(0.1)
        raise AssertionError(f"no address: {self.said()}")

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)  # Wine hands it on as Ctrl-C
        code = self.process.wait(WAIT)
        assert code == 0, f"exit code {code}: {self.said()}"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def get(url, headers=None, context=None):
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers or {}), timeout=WAIT, context=context) as answer:
        return answer.status, answer.read()


def plain(command, root):
    server = Server(command, root, "serve", "--host", "sim:workstation", "--port", free_port())
    origin, key = server.address()
    status, page = get(origin + "/")
    assert status == 200, status
    if b"<script" in page:  # a build without the page says so in words
        script = re.search(rb'src="(/assets/[^"]+)"', page).group(1).decode()
        status, code = get(origin + script)
        assert status == 200 and len(code) > 1000, (status, len(code))
    try:
        get(origin + "/api/v1/vms")
        raise AssertionError("the interface answered without the key")
    except urllib.error.HTTPError as refused:
        assert refused.code == 401, refused.code
    assert key, server.said()
    port = origin.rsplit(":", 1)[1]
    other = subprocess.run([*command, "serve", "--host", "sim:workstation", "--port", port, "--json"], capture_output=True, timeout=WAIT,
                           env={**os.environ, "EXHYPERV_DATA_DIR": native(root)}, cwd=root)
    assert json.loads(other.stdout)["error"]["code"] == "server.port_in_use", other.stdout
    server.interrupt()


def encrypted(command, root):
    password = subprocess.run([*command, "serve", "passwd", "admin", "--role", "operator"], input=b"a long password\na long password\n",
                              capture_output=True, timeout=WAIT, env={**os.environ, "EXHYPERV_DATA_DIR": native(root)}, cwd=root)
    assert password.returncode == 0, password.stdout + password.stderr
    server = Server(command, root, "serve", "--host", "sim:workstation", "--port", free_port(), "--listen", "0.0.0.0")
    origin, key = server.address()
    assert origin.startswith("https://") and not key, server.said()
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # of its own making; people compare its fingerprint
    status, page = get("https://localhost:" + origin.rsplit(":", 1)[1] + "/", context=context)
    assert status == 200 and page, status
    server.interrupt()


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    command = [sys.argv[1], os.path.abspath(sys.argv[2])]
    for story in (plain, encrypted):
        root = pathlib.Path(tempfile.mkdtemp(prefix="exhyperv-serve-"))
        try:
            story(command, root)
        finally:
            shutil.rmtree(root, ignore_errors=True)
        print(f"ok {story.__name__}")


if __name__ == "__main__":
    main()

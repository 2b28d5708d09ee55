"""The page's server as a program of its own: one for each host, ended by closing the last page."""
import http.client
import json
import pathlib
import re
import socket
import subprocess
import threading
import time
import urllib.parse

from harness import Case, expect

PATIENCE = 120  # seconds until a server that does not do what it should counts as broken


class Server:
    """`ui --no-browser --until-closed`; its page is an event stream that a test opens and closes."""

    def __init__(self, world, words=("ui", "--no-browser", "--until-closed"), env=None):
        folder = world.work / "page"  # a build without the page serves too
        folder.mkdir(exist_ok=True)
        (folder / "index.html").write_text("<!doctype html>", encoding="utf-8")
        self.words = [*words, "--web-dir", world.native(folder)]
        self.process = subprocess.Popen([*world.command, *self.words], cwd=world.work,
                                        env=world.environment(env), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT)
        self.alarm = threading.Timer(PATIENCE, self.process.kill)
        self.alarm.start()
        said = ""
        while "Ctrl-C" not in said:
            line = self.process.stdout.readline().decode()
            expect(line, f"the server ended: {said}")
            said += line
        self.address = re.search(r"http://\S+", said).group()

    def sign_in(self, credentials):
        """The connection, and the headers of a signed-in page; None when it is refused."""
        parts = urllib.parse.urlsplit(self.address)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=PATIENCE)
        origin = f"{parts.scheme}://{parts.netloc}"
        connection.request("POST", "/api/v1/session", json.dumps(credentials), {"Content-Type": "application/json", "Origin": origin})
        answer = connection.getresponse()
        body = json.loads(answer.read())
        if answer.status == 401:
            return connection, None
        cookie = answer.getheader("Set-Cookie", "").split(";")[0]
        expect(answer.status == 200 and cookie, f"no session: {answer.status} {body}")
        return connection, {"Cookie": cookie, "X-ExHyperV-CSRF": body["csrf"], "Origin": origin}

    def token(self):
        return urllib.parse.urlsplit(self.address).fragment.removeprefix("token=")

    def open_page(self):
        connection, headers = self.sign_in({"token": self.token()})
        cookie = headers["Cookie"]
        connection.request("GET", "/api/v1/events", headers={"Cookie": cookie})
        stream = connection.getresponse()
        expect(stream.status == 200, f"no events: {stream.status}")
        return connection, stream

    def ended(self):
        code = self.process.wait(PATIENCE)
        self.alarm.cancel()
        self.process.stdout.close()
        return code

    def close(self):
        self.alarm.cancel()
        self.process.kill()
        self.process.wait()


def closing_the_last_page_ends_the_server(world):
    server = Server(world)
    try:
        connection, stream = server.open_page()
        expect((world.data / "ui").is_dir(), "no address is left for a second start")
        again = world.run(server.words)
        expect(again.returncode == 0 and server.address.encode() in again.stdout and b"served already" in again.stdout,
               again.stdout.decode() + again.stderr.decode())
        while b"alive" not in stream.readline():  # open long enough to be a page
            pass
        stream.close()
        connection.close()
        expect(server.ended() == 0, "the server did not end by itself")
        expect(not list((world.data / "ui").glob("*.address")), "the address was left behind")
    finally:
        server.close()


def a_new_token_is_what_a_second_start_shows(world):
    server = Server(world)
    try:
        connection, headers = server.sign_in({"token": server.token()})
        connection.request("POST", "/api/v1/session/token", headers=headers)
        token = json.loads(connection.getresponse().read())["token"]
        again = world.run(server.words).stdout.decode()
        expect(f"#token={token}" in again and server.token() not in again, again)
    finally:
        server.close()


def the_key_stands_on_no_command_line(world):
    """A browser that notes how it was called, and goes where the file it was given leads."""
    tools, note = world.work / "tools", world.work / "called.txt"
    tools.mkdir()
    browser = tools / "xdg-open"
    browser.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{note}.new"\nmv "{note}.new" "{note}"\n', encoding="utf-8")
    browser.chmod(0o755)
    server = Server(world, ("ui",), {"DISPLAY": ":0", "PATH": f"{tools}:/usr/bin:/bin"})
    try:
        end = time.monotonic() + PATIENCE
        while not note.exists() and time.monotonic() < end:
            time.sleep(0.05)
        called = note.read_text(encoding="utf-8").strip()
        expect(called.startswith("file:///") and server.token() not in called, called)
        door = pathlib.Path(urllib.parse.unquote(urllib.parse.urlsplit(called).path))
        expect(door.stat().st_mode & 0o077 == 0, f"others may read it: {door.stat().st_mode:o}")
        expect(f'url={server.address}"' in door.read_text(encoding="utf-8"), "it leads elsewhere")
    finally:
        server.close()


def passwords_count_at_once(world):
    def passwd(*words, password=None):
        done = subprocess.run([*world.command, "serve", "passwd", "eve", *words], cwd=world.work, env=world.environment(),
                              input=(password or "").encode() + b"\n", capture_output=True, timeout=PATIENCE)
        expect(done.returncode == 0, done.stderr.decode())

    passwd("--role", "operator", password="the first password")
    server = Server(world, ("serve", "--port", str(free_port())))
    try:
        credentials = [{"user": "eve", "password": password} for password in ("the first password", "the second password")]
        connection, headers = server.sign_in(credentials[0])

        def role():
            connection.request("GET", "/api/v1/session", headers=headers)
            return json.loads(connection.getresponse().read()).get("role")

        expect(role() == "operator", "not signed in as an operator")
        passwd(password="the second password")
        expect(role() is None, "the session outlived its password")
        expect(server.sign_in(credentials[0])[1] is None, "the old password still counts")
        connection, headers = server.sign_in(credentials[1])
        expect(headers is not None and role() == "viewer", "the new password does not count")
        passwd("--remove")
        expect(role() is None and server.sign_in(credentials[1])[1] is None, "the account outlived its removal")
    finally:
        server.close()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


CASES = [
    Case("a second start shows the first page, and closing it ends the server", "--version",
         after=closing_the_last_page_ends_the_server),
    Case("a new token is what a second start shows", "--version", after=a_new_token_is_what_a_second_start_shows),
    Case("the key stands on no command line", "--version", after=the_key_stands_on_no_command_line),
    Case("a changed password and a removed account count in a running server", "--version", after=passwords_count_at_once),
    Case("removing an account that is not there", "serve passwd nobody --remove", code=4, error="accounts.none",
         err=("There is no account",)),
]

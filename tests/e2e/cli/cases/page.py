"""The page's server as a program of its own: one for each host, ended by closing the last page."""
import http.client
import json
import re
import subprocess
import threading
import urllib.parse

from harness import Case, expect

PATIENCE = 120  # seconds until a server that does not do what it should counts as broken


class Server:
    """`ui --no-browser --until-closed`; its page is an event stream that a test opens and closes."""

    def __init__(self, world):
        folder = world.work / "page"  # a build without the page serves too
        folder.mkdir(exist_ok=True)
        (folder / "index.html").write_text("<!doctype html>", encoding="utf-8")
        self.words = ["ui", "--no-browser", "--until-closed", "--web-dir", world.native(folder)]
        self.process = subprocess.Popen([*world.command, *self.words], cwd=world.work,
                                        env=world.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT)
        self.alarm = threading.Timer(PATIENCE, self.process.kill)
        self.alarm.start()
        said = ""
        while "Ctrl-C" not in said:
            line = self.process.stdout.readline().decode()
            expect(line, f"the server ended: {said}")
            said += line
        self.address = re.search(r"http://\S+", said).group()

    def open_page(self):
        parts = urllib.parse.urlsplit(self.address)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=PATIENCE)
        origin = f"{parts.scheme}://{parts.netloc}"
        connection.request("POST", "/api/v1/session", json.dumps({"token": parts.fragment.removeprefix("token=")}),
                           {"Content-Type": "application/json", "Origin": origin})
        answer = connection.getresponse()
        cookie = answer.getheader("Set-Cookie", "").split(";")[0]
        expect(answer.status == 200 and cookie, f"no session: {answer.status} {answer.read()}")
        answer.read()
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


CASES = [
    Case("a second start shows the first page, and closing it ends the server", "--version",
         after=closing_the_last_page_ends_the_server),
]

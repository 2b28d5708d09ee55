"""Failures, kills, interruptions and two programs at once: exit codes, what the screen says, and what is left."""
import signal
import subprocess
import time

from harness import KILLED, Case, Failure, expect

ADD = ["gpu", "add", "RTX 4070", "--vm", "win11", "--yes"]
REMOVE = ["gpu", "remove", "--vm", "win11", "--purge", "--yes"]
IN_JOBS = "sim:workstation?answers=job&job_ms=3000"
SLOW = "sim:workstation?latency=150ms"
SLOWER = "sim:workstation?latency=600ms"  # where it takes a second to ask how far it is
before = {}


def fail_at(*points):
    return {"EXHYPERV_FAIL_AT": ",".join(points)}


def kill_at(point):
    return {"EXHYPERV_KILL_AT": point}


def state(world):
    disks = world.ask("guest", "inspect", "win11")["disks"]
    drivers = [entry["version"] for partition in disks[0]["partitions"] for entry in partition.get("drivers", [])]
    return world.ask("vm", "show", "win11")["vm"], drivers


def remember(world):
    before["state"] = state(world)


def as_before(world):
    expect(state(world) == before["state"], f"not as before: {state(world)}\nbefore: {before['state']}")


def all_there(world):
    vm, drivers = state(world)
    expect(len(vm["gpu_partitions"]) == 1 and drivers == ["32.0.15.6094"], f"not complete: {vm} {drivers}")


def start_slow(world, *words):
    """A slow `gpu add` in the background, once its journal says that it is at work."""
    process = subprocess.Popen([*world.command, *ADD, "--host", SLOWER if world.windows else SLOW, *words], env=world.environment(), cwd=world.work,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    deadline, seen = time.monotonic() + 120, len(world.documents)
    while time.monotonic() < deadline and process.poll() is None:
        if any(entry["state"] == "running" for entry in world.ask("history")["operations"]):
            del world.documents[seen:]  # how often was asked says nothing
            return process
        time.sleep(0.05)
    process.kill()
    raise Failure(f"it never was at work: {process.communicate()}")


def interrupted(world):
    process = start_slow(world)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    expect(process.returncode == 8, f"exit code {process.returncode}\n{out.decode()}{err.decode()}")
    # Depending on the moment there are finished steps to undo or none: what counts is that nothing is left of it.
    expect(b"everything is as it was before" in out, out.decode())
    as_before(world)


def busy(world):
    process = start_slow(world)
    second = world.run(["gpu", "add", "RTX 4070", "--vm", "win10", "--yes", "--json"])
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=120)
    expect(second.returncode == 7 and b'"operation.busy"' in second.stdout, second.stdout.decode())
    as_before(world)


def open_journal(world):
    found = list(world.data.glob("hosts/*/journal/open/*.jsonl"))
    expect(len(found) == 1, f"{len(found)} open journals")
    return found[0]


def damage(world):
    """The second line of the open journal, as a disk that lost data leaves it."""
    journal = open_journal(world)
    lines = journal.read_bytes().split(b"\n")
    lines[1] = b"\0" * len(lines[1])
    journal.write_bytes(b"\n".join(lines))


def put_aside(world):
    expect(not list(world.data.glob("hosts/*/journal/open/*.jsonl")), "the damaged journal is still open")
    expect(world.ask("history")["operations"][0]["state"] == "damaged", "history does not tell of it")


def accept_damaged(world):
    """By its id, as the message says; then the host is put in order by hand."""
    identity = open_journal(world).stem.split("_", 1)[1]
    done = world.run(["recover", "--accept", identity, "--yes"])
    expect(done.returncode == 0, done.stdout.decode() + done.stderr.decode())
    put_aside(world)


def damage_record(world):
    """The host's record of what the guest has, and nothing else."""
    identity = world.ask("vm", "show", "win11")["vm"]["id"]
    record = next(world.data.glob("hosts/*/journal")).parent / "guests" / f"{identity}.json"
    record.parent.mkdir(exist_ok=True)
    record.write_text("x")
    before["record"] = record


def mend_record(world):
    before["record"].unlink()
    expect(world.run([*ADD, "--dry-run"]).returncode == 0, "the check stays though the record is gone")


CASES = [
    Case("a step fails: the ones before it are undone", ADD, before=remember, env=fail_at("step.guest.import.before"), code=5,
         once=True, out=("✗ 3/", "Undoing what was done", "↩", "as it was before"), err=("✗", "Why:", "What to do:"),
         after=as_before),
    Case("the same as JSON", [*ADD, "--json"], env=fail_at("step.verify.before"), code=5, once=True, raw=True,
         out=('"outcome": "undone"', '"operation.injected_failure"'), after=as_before),
    Case("history tells of it", "history", out=("undone",)),
    Case("an undo fails, too: what is left is said", ADD, env=fail_at("step.guest.import.before", "undo.partition.add.before"),
         code=6, once=True, out=("Could not be undone", "Not everything could be undone"), err=("✗",)),
    Case("until that is mended every start says so", "vm list", err=("recover",)),
    Case("and no other change begins", ADD, code=3, once=True, out=("✗",)),
    Case("recover mends it", "recover --yes", once=True, out=("as it was before",), after=as_before),
    Case("killed in the middle", ADD, env=kill_at("step.guest.import.before"), code=KILLED, once=True),
    Case("the next start says so", "status", err=("cut off", "recover", "--resume")),
    Case("in Chinese, too", "status --lang zh-Hans", err=()),
    Case("programs hear of it", "vm list", json={"notices.0.code": "operation.open"}),
    Case("status lists it", "status", json={"result.open_operations.0.state": "open"}),
    Case("recover asks before it undoes", "recover", code=2, error="cli.confirmation_needed"),
    Case("recover undoes it", "recover --yes", once=True, out=("as it was before",), after=as_before),
    Case("then nothing is open", "status", absent=("cut off",), json={"result.open_operations": []}),
    Case("killed after the driver was written", ADD, env=kill_at("step.guest.import.after-run"), code=KILLED, once=True),
    Case("recover does the rest", "recover --resume --yes", once=True, out=("Done in",), after=all_there),
    Case("removal killed in the middle", REMOVE, env=kill_at("step.partition.remove.after-run"), code=KILLED, once=True),
    Case("recover takes the removal back", "recover --yes", once=True, after=all_there),
    Case("removal killed again", REMOVE, env=kill_at("step.partition.remove.after-run"), code=KILLED, once=True),
    Case("recover completes the removal", "recover --resume --yes", once=True, after=as_before),
    Case("killed in the middle of an undo", ADD, env={**fail_at("step.guest.import.after-run"), **kill_at("undo.partition.add.before")},
         code=KILLED, once=True),
    Case("then going on is not offered", "status", err=("recover", "undone"), absent=("--resume",)),
    Case("and refused", "recover --resume --yes", code=3, error="operation.cannot_resume"),
    Case("undoing the rest is the way", "recover --yes", once=True, after=as_before),
    Case("killed in the middle once more", ADD, env=kill_at("step.guest.import.before"), code=KILLED, once=True),
    Case("a damaged journal: looking goes on, and says which line of which file", "vm list", before=damage,
         err=(".jsonl", "line 2", "recover --accept"), json={"notices.0.code": "operation.damaged"}),
    Case("status goes on, too", "status", json={"result.open_operations.0.state": "damaged"}),
    Case("but nothing is changed", ADD, code=3, once=True, out=("✗", "line 2", "--accept")),
    Case("and it cannot be undone", "recover --yes", code=9, error="journal.damaged"),
    Case("accepting it puts it aside", "status", once=True, after=accept_damaged),
    Case("then the host can be used again", REMOVE, once=True),
    Case("a damaged record of the guest is noticed before anything is done", [*ADD, "--dry-run"], code=3, before=damage_record,
         out=("Record of imports", ".json", "Move the file away"), once=True, after=mend_record),
    Case("contradicting ways to recover", "recover --resume --accept", code=2, error="cli.contradiction"),
    Case("Ctrl-C stops at the next safe place and undoes", "--version", once=True, after=interrupted),
    Case("another operation is at work", "--version", once=True, after=busy),
    Case("out of time inside a job of the host", [*ADD, "--timeout", "1"], host=IN_JOBS, once=True, code=8, err=("✗",), before=remember,
         out=("as it was before",), after=as_before),
    Case("which is the same host as without that tuning", "history", json={"result.operations.0.state": "undone"}, host=IN_JOBS),
    Case("out of time before anything began", ["vm", "list", "--timeout", "1"], host="sim:workstation?latency=600ms", code=8,
         error="call.timeout"),
]

"""Starting, shutting down and turning off a VM: what the host says, and what is read back."""
from harness import Case, expect

ADD = ["gpu", "add", "RTX 4070", "--vm", "win11", "--yes"]


def is_now(name, state):
    def look(world):
        found = world.ask("vm", "show", name)["vm"]["state"]
        expect(found == state, f"{name} is {found}, not {state}")
    return look


CASES = [
    Case("a VM is started", "vm start win11", once=True, out=("Starting win11", "✓ win11: running"), after=is_now("win11", "running")),
    Case("a second time nothing is to be done", "vm start win11", out=("nothing is to be done",), unchanged=True,
         json={"result.action": "start", "result.changed": False, "result.vm.state": "running"}),
    Case("its guest is asked to shut down", "vm stop win11", once=True, out=("✓ win11: off",), after=is_now("win11", "off")),
    Case("which is not done twice", "vm stop win11", out=("off already",), unchanged=True),
    Case("as JSON", "vm start win11 --json", once=True, raw=True, out=('"changed": true', '"state": "running"')),
    Case("pulling the plug needs a yes", "vm turn-off win11", code=2, error="cli.confirmation_needed", after=is_now("win11", "running")),
    Case("and then does it", "vm turn-off win11 --yes", once=True, out=("not saved is lost", "✓ win11: off"), after=is_now("win11", "off")),
    Case("by GUID or name, not by a part of it", "vm start nobody", code=4, error="vm.not_found", unchanged=True),
    Case("of two VMs of one name neither", "vm start twin", code=4, error="vm.ambiguous", unchanged=True),
    Case("a partition is given", ADD, once=True),
    Case("and the VM starts with it", "vm start win11", once=True, out=("✓ win11: running",)),
    Case("a change of a VM that runs is refused", ["gpu", "remove", "--vm", "win11"], code=3, out=("✗",), once=True),
    Case("after it was shut down it goes", ["gpu", "remove", "--vm", "win11", "--shutdown", "--purge", "--yes"], once=True, out=("Done in",)),
    Case("a VM whose card was pulled does not start, and the host says why", "vm start stale", host="sim:server2025", code=1, once=True,
         err=("✗", "0x80070490")),
    Case("a guest that has not started cannot be asked", "vm stop running --timeout 30", code=0, once=True, out=("running: off",)),
]

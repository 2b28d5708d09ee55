"""Devices, as they are moved: to a VM, to another, home; what is stuck; what is refused."""
from harness import Case, expect

PLAIN = {"EXHYPERV_PCI_IDS": ""}
SERVER = "sim:server2025"
ASSIGN = ["device", "assign", "NVIDIA A16", "--vm", "render"]
before = {}


def place_of(world, name):
    devices = world.ask("--host", SERVER, "device", "list")["devices"]
    return next(device["place"]["kind"] for device in devices if name in device["name"])


def settings_of(world, vm):
    return world.ask("--host", SERVER, "vm", "show", vm)["vm"]["settings"]


def remember(world):
    before["render"] = settings_of(world, "render")
    before["web"] = settings_of(world, "web")


def is_in_vm(world):
    expect(place_of(world, "A16") == "vm", "the card is not in a VM")
    expect(settings_of(world, "render")["guest_controlled_cache_types"] is True, "settings are not prepared")


def is_in_web(world):
    expect(place_of(world, "A16") == "vm", "the card is not in a VM")
    expect(settings_of(world, "render") == before["render"], "settings of the VM it left differ")


def is_home(world):
    expect(place_of(world, "A16") == "host", "the card is not with the host")
    expect(settings_of(world, "render") == before["render"], "settings of render differ")
    expect(settings_of(world, "web") == before["web"], "settings of web differ")


def nothing_is_stuck(world):
    expect(place_of(world, "VIA") == "host", "the controller is not with the host")
    result = world.ask("--host", SERVER, "device", "recover", "--dry-run")
    expect(result["plan"]["steps"] == [], f"still stuck: {result['plan']['steps']}")


CASES = [
    Case("a dry run shows the way and changes nothing", [*ASSIGN, "--dry-run"], host=SERVER, env=PLAIN, unchanged=True,
         out=("Checks", "Steps", "Disable NVIDIA A16", "Add NVIDIA A16 to render", "This was a dry run"),
         json={"result.plan.blocked": False, "result.plan.steps": lambda steps: len(steps) == 5}),
    Case("the same in Chinese", [*ASSIGN, "--dry-run", "--lang", "zh-Hans"], host=SERVER, env=PLAIN, unchanged=True,
         out=("将 NVIDIA A16 添加到 render",)),
    Case("assign does it", [*ASSIGN, "--yes"], host=SERVER, env=PLAIN, once=True, before=remember, after=is_in_vm,
         out=("Read back afterwards", "NVIDIA A16 is in render", "device return")),
    Case("a second time nothing is to be done", [*ASSIGN, "--yes"], host=SERVER, env=PLAIN, unchanged=True,
         out=("Nothing to do",), json={"result.outcome": "nothing_to_do"}),
    Case("to another VM", ["device", "assign", "NVIDIA A16", "--vm", "web", "--yes"], host=SERVER, env=PLAIN, once=True,
         after=is_in_web),
    Case("and home", ["device", "return", "NVIDIA A16", "--yes"], host=SERVER, env=PLAIN, once=True, after=is_home),
    Case("what is at home stays", ["device", "return", "NVIDIA A16", "--yes"], host=SERVER, env=PLAIN, unchanged=True,
         out=("Nothing to do",)),
    Case("stuck devices are found", "device recover --dry-run", host=SERVER, env=PLAIN, unchanged=True,
         out=("VIA USB", "GTX 1070", "left alone")),
    Case("and brought home", "device recover --yes", host=SERVER, env=PLAIN, once=True, after=nothing_is_stuck),
    Case("the system's controller stays", ["device", "assign", "PCIROOT(0)#PCI(1A00)#PCI(0000)", "--vm", "render", "--yes"],
         host=SERVER, env=PLAIN, code=3, error="plan.blocked", unchanged=True),
    Case("the connection in use is kept until accepted", ["device", "assign", "I210", "--vm", "render", "--yes"],
         host=SERVER, env=PLAIN, code=3, error="plan.blocked", unchanged=True),
    Case("and may go when it is", ["device", "assign", "I210", "--vm", "render", "--accept", "connection", "--dry-run"],
         host=SERVER, env=PLAIN, unchanged=True, out=("Accepted on the command line",)),
    Case("a danger nobody knows", ["device", "assign", "I210", "--vm", "render", "--accept", "all"], host=SERVER, env=PLAIN,
         code=2, error="device.unknown_danger", unchanged=True),
    Case("no device", ["device", "assign", "--vm", "render"], host=SERVER, code=2, error="cli.missing_argument"),
]

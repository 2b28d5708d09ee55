"""Devices, as they are looked at: list, show, report, and ways to a picture. Nothing is changed."""
import json
import pathlib
import re

from harness import Case, expect

# Names from the PCI ids database depend on the machine; without it the host's own names stand.
PLAIN = {"EXHYPERV_PCI_IDS": "none"}
# Synthesized, in the form of the database.
NAMES = "144d  Samsung Electronics Co Ltd\n\ta80c  NVMe SSD Controller\x1b[31m S4LV008\n10de  NVIDIA Corporation\n\t2786  AD104\n"


def places(devices):
    return {device["place"]["kind"] for device in devices}


def verdicts(devices):
    return {device["assignable"] for device in devices}


def texts_are_there(devices):
    """Every key of the evidence has a wording."""
    return all(check[part]["text"] != check[part]["key"]
               for device in devices for check in device["evidence"] for part in ("evidence", "remedy") if part in check)


def row_fits_the_table(row):
    schema = json.loads((pathlib.Path(__file__).parents[4] / "schema" / "compatibility.schema.json").read_text(encoding="utf-8"))
    card = schema["$defs"]["card"]
    return (set(card["required"]) <= set(row) <= set(card["properties"]) and
            all(re.fullmatch(card["properties"]["ids"]["items"]["pattern"], id_) for id_ in row["ids"]))


def names_are_clean(world):
    (world.work / "pci.ids").write_text(NAMES, encoding="utf-8")
    done = world.run(["device", "list"], {"EXHYPERV_PCI_IDS": "pci.ids"})
    expect(b"Samsung Electronics NVMe SSD Controller" in done.stdout, done.stdout.decode())
    expect(b"\x1b" not in done.stdout, "the database drove the terminal")
    done = world.run(["device", "show", "S4LV008"], {"EXHYPERV_PCI_IDS": "pci.ids"})
    expect(done.returncode == 0 and b"Standard NVM Express Controller" in done.stdout, done.stdout.decode())


CASES = [
    Case("device list", "device list", env=PLAIN, unchanged=True,
         out=("NVIDIA GeForce RTX 4070", "01:00.0", "ASSIGNABLE", "bridges and ports", "is no server"), absent=("Root Port",),
         json={"result.devices": lambda devices: len(devices) == 15 and verdicts(devices) == {"yes", "warning", "no", "unknown"}
               and texts_are_there(devices),
               "result.host_checks.0.verdict": "fail"}),
    Case("device list in Chinese", "device list --lang zh-Hans", env=PLAIN, out=("可分配",)),
    Case("device list with bridges", "device list --all", env=PLAIN, out=("Root Port",), absent=("bridges and ports",)),
    Case("devices of a server are in every place", "device list", host="sim:server2025", env=PLAIN,
         out=("VM router", "dismounted", "VM stale still refers to it"), absent=("is no server",),
         json={"result.devices": lambda devices: texts_are_there(devices) and
               places(devices) == {"host", "host-disabled", "dismounted", "vm", "stale"}}),
    Case("devices of a Chinese host", "device list", host="sim:chinese", env=PLAIN),
    Case("devices of a large host", "device list", host="sim:large?vms=5", env=PLAIN,
         json={"result.devices": lambda devices: len(devices) == 200}),
    Case("device show", ["device", "show", "RTX 4070"], env=PLAIN,
         out=("Same slot", "10DE:2786", "16 GiB (high)", "3 Supported", "Can be reset alone"),
         json={"result.device.assignable": "yes", "result.device.address": "01:00.0", "result.device.mmio_bytes": 16432 << 20,
               "result.device.compatibility.display_output": "yes",
               "result.device.companions": lambda ids: len(ids) == 1}),
    Case("device show in Chinese", ["device", "show", "RTX 4070", "--lang", "zh-Hans"], env=PLAIN, out=("其他用户对此卡的反馈",)),
    Case("device show by address tells what hangs on it", "device show 00:14.0", env=PLAIN,
         out=("HID Keyboard Device", "HID-compliant mouse", "less well separated"),
         json={"result.device.children": lambda children: {"keyboard", "mouse", "hub"} <= {child["kind"] for child in children}}),
    Case("device show of the disk Windows runs from", "device show 02:00.0", env=PLAIN, out=("disk 0", "system", "paging file"),
         json={"result.device.assignable": "no", "result.device.children.0.disk.system": True}),
    Case("device show of a disabled device", "device show AX210", env=PLAIN, out=("not known", "InterruptSupport = 6"),
         json={"result.device.assignable": "unknown", "result.device.place.kind": "host-disabled"}),
    Case("device show of a reference whose card is gone", ["device", "show", "GTX 1070"], host="sim:server2025", env=PLAIN,
         out=("not in the machine any more",), json={"result.device.place.vm_name": "stale"}),
    Case("names come from the PCI ids database, cleaned", "--version", after=names_are_clean),
    Case("an unknown device", "device show nothing-like-it", env=PLAIN, code=4, error="device.unknown"),
    Case("a name that fits two", ["device", "show", "NVM Express"], env=PLAIN, code=4, error="device.ambiguous",
         err=("VEN_144D", "VEN_15B7")),
    Case("something that hangs on a controller", "device show keyboard", env=PLAIN, code=4, error="device.is_child",
         err=("HID Keyboard Device", "VEN_8086&DEV_7A60")),
    Case("device report", ["device", "report", "RTX 4070"], env=PLAIN, raw=True, out=('"10DE:2786"', '"function_level_reset": "yes"'),
         err=("data/compatibility.json",), json={"result.row": row_fits_the_table}),
    Case("device report of a card nobody told of", ["device", "report", "UHD Graphics"], env=PLAIN, raw=True,
         out=('"identified": "unknown"',), json={"result.row": row_fits_the_table}),
    Case("device report without a name, where there are two cards", "device report", env=PLAIN, code=4, error="device.which_card"),
    Case("display advise", "display advise --vm shared", env=PLAIN, unchanged=True,
         out=("Microsoft remote display", "Indirect display driver", "DL-6950", "Renesas", "device assign"),
         json={"result.has_partition": True, "result.ways": lambda ways: [way["id"] for way in ways] == ["remote", "indirect", "usb"],
               "result.adapters": lambda adapters: len(adapters) == 1 and "device assign" in adapters[0]["command"]}),
    Case("display advise in Chinese", "display advise --vm shared --lang zh-Hans", env=PLAIN, out=("USB 显卡",)),
    Case("display advise for a VM without a partition", "display advise --vm win11", env=PLAIN, out=("exhyperv gpu add comes first",),
         json={"result.has_partition": False}),
    Case("display advise on a server", "display advise --vm render", host="sim:server2025", env=PLAIN,
         out=("SM768", "--host sim:server2025"), json={"result.adapters": lambda adapters: len(adapters) == 2}),
    Case("display advise for an unknown VM", "display advise --vm nobody", env=PLAIN, code=4, error="vm.not_found"),
    Case("display advise without a VM", "display advise", code=2, error="cli.missing_option"),
]

import { expect, it } from "vitest";
import type { Schemas } from "../api/client";
import { systemsOf } from "./systems";

type Disk = Schemas["DiskFindings"];
type Partition = Disk["partitions"][number];

const windows: NonNullable<Partition["windows"]> = { product_name: "Windows 11 Pro", edition_id: "", build: 26100, revision: 1, server: false, architecture: "x64", control_sets: [1] };
const linux: NonNullable<Partition["linux"]> = { name: "Debian", architecture: "x64", kernels: [], loader_knows_libraries: false };
const partition = (number: number, more: Partial<Partition>): Partition => ({ number, offset: 0, size: 1, file_system: "ntfs", ...more });
const disk = (path: string, ...partitions: Partition[]): Disk => ({ path, format: "vhdx", size: 1, table: "gpt", leftover_journal: false, chain: [], partitions });
const named = (disks: Disk[]) => systemsOf(disks).map((system) => `${system.disk} ${system.partition} ${system.name}`);

it("offers each Windows of each disk, by disk and partition", () => {
  const two = disk("a.vhdx", partition(1, {}), partition(3, { windows }), partition(4, { windows }));
  expect(named([two, disk("b.vhdx", partition(1, { windows }))])).toEqual([
    "a.vhdx 3 Windows 11 Pro (26100)",
    "a.vhdx 4 Windows 11 Pro (26100)",
    "b.vhdx 1 Windows 11 Pro (26100)",
  ]);
});

it("offers Linux only where there is no Windows, and nothing that is refused", () => {
  const debian = partition(2, { linux });
  expect(named([disk("a.vhdx", debian)])).toEqual(["a.vhdx 2 Debian"]);
  expect(named([disk("a.vhdx", debian, partition(3, { windows }))])).toEqual(["a.vhdx 3 Windows 11 Pro (26100)"]);
  expect(named([disk("a.vhdx", partition(3, { windows, refusal: { code: "guest.hibernated", args: {} } }))])).toEqual([]);
});

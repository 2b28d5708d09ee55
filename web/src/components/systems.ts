import type { Schemas } from "../api/client";

/** One system a driver could go into. */
export interface System {
  id: string;
  disk: string;
  partition: number;
  name: string;
}

/** The systems that could be meant, as the server counts them: Linux only where there is no Windows, none that is refused. */
export function systemsOf(disks: readonly Schemas["DiskFindings"][]): System[] {
  const all = disks.flatMap((disk) => disk.partitions.filter(({ refusal }) => !refusal).map((partition) => ({ disk, partition })));
  const windows = all.filter(({ partition }) => partition.windows);
  return (windows.length > 0 ? windows : all.filter(({ partition }) => partition.linux)).map(({ disk, partition }) => ({
    id: `${disk.path}#${partition.number}`,
    disk: disk.path,
    partition: partition.number,
    name: partition.windows ? `${partition.windows.product_name} (${partition.windows.build})` : (partition.linux?.name ?? ""),
  }));
}

import type { Schemas } from "../api/client";

type Sample = Schemas["Utilization"];

/** At least this much of the past is drawn: a chart of two samples would be a wall. */
const shownSeconds = 60;

/** Samples of a card as one row of values a consumer, oldest first; a consumer without a value then has a gap. */
export function series(history: readonly Sample[], gpu: string): { times: number[]; byVm: Map<string, (number | null)[]> } {
  const consumers = new Set(history.flatMap((sample) => sample.samples.filter((entry) => entry.gpu === gpu).map((entry) => entry.vm ?? "")));
  const byVm = new Map<string, (number | null)[]>();
  for (const vm of consumers)
    byVm.set(
      vm,
      history.map((sample) => sample.samples.find((entry) => entry.gpu === gpu && (entry.vm ?? "") === vm)?.percent ?? null),
    );
  const times = history.map((sample) => Date.parse(sample.time) / 1000);
  const [first, last] = [times[0], times.at(-1)];
  if (first !== undefined && last !== undefined && last - first < shownSeconds) {
    times.unshift(last - shownSeconds);
    for (const values of byVm.values()) values.unshift(null);
  }
  return { times, byVm };
}

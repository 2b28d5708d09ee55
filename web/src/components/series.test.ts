import { expect, it } from "vitest";
import { series } from "./series";

const at = (second: number, samples: { gpu: string; vm?: string; percent: number }[]) => ({ time: new Date(second * 1000).toISOString(), samples });

it("makes a row of values a consumer, with gaps where a consumer is silent", () => {
  const history = [at(1, [{ gpu: "g", percent: 5 }]), at(2, [{ gpu: "g", vm: "v", percent: 70 }, { gpu: "other", percent: 9 }])];
  const { times, byVm } = series(history, "g");
  expect(times).toEqual([-58, 1, 2]); // at least a minute is drawn
  expect([...byVm]).toEqual([
    ["", [null, 5, null]],
    ["v", [null, null, 70]],
  ]);
});

it("leaves a history of more than a minute as it is", () => {
  expect(series([at(1, []), at(90, [])], "g").times).toEqual([1, 90]);
});

import { expect, it } from "vitest";
import type { Schemas } from "./client";
import { applyStep } from "./queries";

const operation = {
  id: "1",
  plan: { id: "1", operation: "gpu.add", title: { key: "", args: {} }, host: "sim:", blocked: false, checks: [], steps: [] },
  state: "running",
  steps: [
    { id: "a", state: "done" },
    { id: "b", state: "waiting" },
  ],
} satisfies Schemas["Operation"];

it("puts a changed step into its place and leaves the others alone", () => {
  const after = applyStep(operation, { id: "b", state: "running", progress: { done: 1, total: 2 } });
  expect(after?.steps).toEqual([
    { id: "a", state: "done" },
    { id: "b", state: "running", progress: { done: 1, total: 2 } },
  ]);
  expect(operation.steps[1]).toEqual({ id: "b", state: "waiting" });
});

it("knows nothing of a step whose operation is unknown", () => {
  expect(applyStep(undefined, { id: "b", state: "done" })).toBeUndefined();
});

import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { readCatalogue } from "./catalogue";

const folder = fileURLToPath(new URL("../../i18n", import.meta.url));

it("has every text in both languages", () => {
  const english = readCatalogue(folder, "en");
  const chinese = readCatalogue(folder, "zh-Hans");
  expect(Object.keys(english).length).toBeGreaterThan(500);
  expect(Object.keys(chinese).sort()).toEqual(Object.keys(english).sort());
});

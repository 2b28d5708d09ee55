import { describe, expect, it } from "vitest";
import { makeFormat } from "./format";

describe("numbers as the language writes them", () => {
  it("counts bytes in powers of 1024, as Windows does", () => {
    const format = makeFormat("en");
    expect(format.bytes(12 * 1024 ** 3)).toBe("12 GB");
    expect(format.bytes(1536)).toBe("1.5 kB");
    expect(format.bytes(0)).toBe("0 byte");
  });
  it("keeps durations short", () => {
    expect(makeFormat("en").duration(75)).toBe("75 sec");
    expect(makeFormat("en").duration(600)).toBe("10 min");
    expect(makeFormat("zh-Hans").duration(600)).toBe("10分钟");
  });
  it("shows a time that is none as it came", () => {
    expect(makeFormat("en").time("not a time")).toBe("not a time");
  });
});

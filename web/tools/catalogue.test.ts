import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { languages, readCatalogue } from "./catalogue";

const folder = fileURLToPath(new URL("../../i18n", import.meta.url));

it("has every text in both languages", () => {
  const english = readCatalogue(folder, "en");
  const chinese = readCatalogue(folder, "zh-Hans");
  expect(Object.keys(english).length).toBeGreaterThan(500);
  expect(Object.keys(chinese).sort()).toEqual(Object.keys(english).sort());
});

const gaps = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);

it("says in its own words nothing that the replaced text could not fill in", () => {
  const own = JSON.parse(readFileSync(`${folder}/page.json`, "utf8")) as Record<string, Record<string, string>>;
  const known = readCatalogue(folder, "en");
  const raw = Object.assign({}, ...["assign", "api", "device", "device_ops", "gpu_drift", "guest", "hyperv"].map((name) => JSON.parse(readFileSync(`${folder}/${name}.json`, "utf8")) as object)) as Record<string, Record<string, unknown>>;
  for (const [key, texts] of Object.entries(own)) {
    const target = key.slice("page.".length);
    expect(known).toHaveProperty([target]);
    const error = /^(error\..+)\.(title|cause|remedy)$/.exec(target);
    const replaced = error ? JSON.stringify(raw[error[1] as string]?.["en"] ?? "") : JSON.stringify([raw[target]?.["en"], raw[target.replace(/\.remedy$/, "")]?.["en"]]);
    for (const name of gaps(texts["en"] as string)) expect(gaps(replaced), key).toContain(name);
  }
});

/** Texts that never come to the page: of commands that it does not have, and of the server's own start. */
const elsewhere = /^(error\.(cli|server|serve|sim|material|store|image|accounts)\.|error\.app\.(not_simulated|state_not_removed|too_many_hosts)|error\.drivers\.(extra_target|scope_without_host)|error\.device\.which_card|display\.|device\.bridges_left_out|selftest\.)/;
/** Commands that people do type: how the server is started, what is typed inside a guest, what the page has no button for. */
const typed = new Set([
  "web.login.token_hint",
  "web.login.password_hint",
  "error.web.server_gone.remedy",
  "check.guest.kernel.missing.remedy",
  "drivers.warn.linux_libraries_missing",
  "error.journal.corrupt.remedy",
  "error.journal.damaged.remedy",
]);

it("sends nobody to the command line", () => {
  for (const language of languages)
    for (const [key, text] of Object.entries(readCatalogue(folder, language)))
      if (!elsewhere.test(key) && !typed.has(key)) expect(text, `${language} ${key}`).not.toMatch(/\bexhyperv [a-z]|(^|[^\w-])--[a-z]/);
});

it("has words for every danger that can be taken on", () => {
  const source = readFileSync(fileURLToPath(new URL("../../src/assign/device/safety.cpp", import.meta.url)), "utf8");
  const names = new Set([...source.matchAll(/\{"device\.[\w.]+", "([\w-]+)"\}/g)].map(([, name]) => name as string));
  expect(names.size).toBeGreaterThan(5);
  for (const name of names) expect(readCatalogue(folder, "en")).toHaveProperty([`web.danger.${name}`]);
});

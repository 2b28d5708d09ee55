// Every page and every kind of dialog, in both themes and languages: nothing untranslated, no serious finding of axe-core, nothing in the console.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { accessibility, choose, complete, launch, pages, settled, visit } from "./browser.mjs";
import { scratch, start } from "./server.mjs";
import { chooseVm, go, primary, program } from "./steps.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser?.close();
});

/** English texts of the catalogue that Chinese says differently, without those that have gaps to be filled. */
function englishOnly() {
  const folder = new URL("../../../i18n/", import.meta.url);
  const texts = new Set();
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".json")))
    for (const entry of Object.values(JSON.parse(readFileSync(new URL(file, folder), "utf8")))) {
      const pairs = typeof entry.en === "string" ? [[entry.en, entry["zh-Hans"]]] : Object.keys(entry.en ?? {}).map((part) => [entry.en[part], entry["zh-Hans"][part]]);
      for (const [english, chinese] of pairs) if (english !== chinese && !english.includes("{") && /[a-z]{3}/i.test(english)) texts.add(english);
    }
  return texts;
}
const english = englishOnly();

/** Names that only the program's inside has: codes of errors and checks, dangers as options. */
function insideNames() {
  const folder = new URL("../../../i18n/", import.meta.url);
  const names = new Set(["last-display", "no-reset", "client-edition", "no-iommu", "not-assignable"]);
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".json")))
    for (const key of Object.keys(JSON.parse(readFileSync(new URL(file, folder), "utf8")))) {
      const inside = /^(?:page\.)?(?:error|check|step)\.(.+)$/.exec(key);
      if (inside && !/^(cli|web|page)\./.test(inside[1])) names.add(inside[1]);
    }
  return names;
}
const inside = insideNames();
/** Commands that people are meant to type: how one more host is added, how the page is opened. */
const toType = /^(One more: |添加主机：|The address that |“exhyperv ui” )/;

/** What is wrong with a text that a person reads; undefined: nothing. */
function complaint(text, language) {
  if (/^(web|error|check|step|plan|cli)\.[a-z_]+\.[a-z_.]+/.test(text)) return `bare key ${text}`;
  const name = (text.match(/[a-z][a-z0-9_]*(?:[.-][a-z0-9_]+)+/g) ?? []).find((word) => inside.has(word));
  if (name) return `an internal name (${name}): ${text}`;
  if (/\bexhyperv [a-z]|(^|[^\w-])--[a-z]/.test(text) && !toType.test(text)) return `a command line: ${text}`;
  if (language === "zh-Hans" && english.has(text)) return `not translated: ${text}`;
  return undefined;
}

/** Texts a person sees or hears on the page as it is now. */
const spoken = (page) =>
  page.evaluate(() => {
    const texts = new Set();
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) texts.add(walk.currentNode.textContent.trim());
    for (const element of document.querySelectorAll("[aria-label], [title], [placeholder]"))
      for (const name of ["aria-label", "title", "placeholder"]) if (element.hasAttribute(name)) texts.add(element.getAttribute(name).trim());
    return [...texts].filter(Boolean);
  });

for (const theme of ["light", "dark"])
  for (const language of ["en", "zh-Hans"])
    test(`every page and dialog in ${theme}, ${language}`, async () => {
      const home = scratch();
      const host = ["--host", "sim:server2025"]; // it has a bit of everything: stuck devices, missing values, a running VM
      const card = JSON.parse(program(home, "gpu", "list", "--json", ...host)).result.gpus.find((gpu) => gpu.name.includes("Quadro")).instance_path;
      program(home, "gpu", "add", card, "--vm", "render", "--yes", ...host);
      const server = await start(home.directory, ["ui", "--no-browser", ...host]);
      const { context, page, problems } = await visit(browser);
      const findings = [];
      const look = async (where) => {
        for (const line of await accessibility(page)) findings.push(`${where}: ${line}`);
        for (const text of await spoken(page)) {
          const wrong = complaint(text, language);
          if (wrong) findings.push(`${where}: ${wrong}`);
        }
      };
      const dialog = page.getByRole("dialog");
      const close = async () => {
        await page.keyboard.press("Escape");
        await dialog.waitFor({ state: "detached" });
      };
      try {
        await choose(context, { theme, language });
        await page.goto(`${server.origin}/`); // without the token: the login form
        await settled(page);
        await look("login");
        await page.goto("about:blank");
        await page.goto(server.address);
        await settled(page);
        for (const path of pages) {
          await go(page, path);
          await look(path);
        }
        await go(page, "/guest");
        await page.getByRole("combobox").click();
        await page.getByRole("combobox").pressSequentially("web");
        await page.getByRole("option").first().click();
        await page.locator("[data-disk]").first().waitFor();
        await page.getByRole("radio").first().check();
        await page.getByTestId("preview").waitFor();
        await look("guest disk with a preview");

        await go(page, "/");
        await page.locator('[data-fix="device.recover"]').click();
        await dialog.locator("[data-step]").first().waitFor();
        await look("a fix of the overview");
        await close();

        await go(page, "/gpus");
        await page.locator("[data-gpu]").first().getByRole("button").first().click();
        await look("choosing for a card");
        await chooseVm(page, "web");
        await primary(page).click();
        await dialog.locator("[data-step]").first().waitFor();
        await look("plan");
        await primary(page).click();
        await dialog.getByTestId("outcome").waitFor();
        await look("result");
        await close();

        await go(page, "/devices");
        if (language === "zh-Hans")
          for (const [name, kind] of await page.locator("[data-row]").evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll("[role=cell]")].map((cell) => cell.innerText))))
            if (!/[\u4e00-\u9fff]|USB|FireWire/.test(kind)) findings.push(`devices: the class of ${name} is not translated: ${kind}`);
        await page.locator("[data-row] button.fui-Link").first().click();
        await dialog.waitFor();
        await look("details of a device");
        await close();
        await page.locator("[data-row]").last().getByRole("button").last().click();
        await page.getByRole("menuitem").first().click();
        await dialog.waitFor();
        await look("giving a device");
        await close();

        await go(page, "/vms");
        await page.locator('[data-row]:has([data-state="running"])').first().getByRole("button").click();
        await look("a VM's menu");
        await page.getByRole("menuitem").nth(2).click();
        await page.getByRole("alertdialog").waitFor();
        await look("the question before turning off");
        await page.keyboard.press("Escape");

        await go(page, "/history");
        await page.locator("[data-operation]").first().getByRole("button").first().click();
        await look("an operation of the history");
        assert.deepEqual(findings, []);
        assert.deepEqual(problems, []);
      } finally {
        await context.close();
        await server.kill();
        home.remove();
      }
    });

test("the look at texts finds what it is for", () => {
  assert.equal(complaint("Loading …", "en"), undefined);
  assert.match(complaint("web.no.such_key", "en"), /bare key/);
  assert.match(complaint("The last one because of guest.hibernated.", "en"), /internal name/);
  assert.match(complaint("我接受：client-edition,connection", "zh-Hans"), /internal name/);
  assert.match(complaint("Say which one with --disk.", "en"), /command line/);
  assert.match(complaint("Run exhyperv recover", "en"), /command line/);
  assert.match(complaint("Loading …", "zh-Hans"), /not translated/);
});

test("a page whose server is gone says so, in words", async () => {
  const home = scratch();
  const server = await start(home.directory);
  const { context, page } = await visit(browser);
  try {
    await page.goto(server.address);
    await settled(page);
    await complete(page);
    await server.kill();
    await page.locator('[data-connection="lost"]').waitFor();
    await page.locator('nav a[href="/history"]').click();
    await page.getByText("The ExHyperV server does not answer").first().waitFor();
    assert.deepEqual(await accessibility(page), []);
  } finally {
    await context.close();
    await server.kill();
    home.remove();
  }
});

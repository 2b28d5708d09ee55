// What a visitor meets when something is wrong from the start or goes wrong elsewhere: a host that cannot be read, a session that ended.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { accessibility, launch, settled } from "./browser.mjs";
import { go, program, shoot, withPage } from "./steps.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser?.close();
});

/** A host whose provider refuses every look at its VMs. */
const denied = (home) =>
  writeFileSync(
    `${home.directory}/denied.json`,
    JSON.stringify({ faults: [{ call: "query", class: "Msvm_ComputerSystem", times: 9999, error: { code: "cim.access_denied", hresult: "0x80041003", text: "Access denied" } }] }),
  );

for (const [what, scenario, title] of [
  ["without Hyper-V", (home) => `sim:${home.directory}/bare.json`, /Hyper-V/],
  ["that refuses access", (home) => `sim:workstation?faults=${home.directory}/denied.json`, /refused|denied|access/i],
])
  test(`a host ${what} is told with cause and remedy from the first visit on, and asked again by hand only`, async () => {
    const asked = [];
    const prepare = (home) => {
      denied(home);
      writeFileSync(`${home.directory}/bare.json`, JSON.stringify({ host: { hyperv: false } }));
    };
    const listen = (_context, page) => page.on("request", (request) => request.url().includes("/api/v1/status") && asked.push(request.url()));
    const words = (home) => ["ui", "--no-browser", "--host", scenario(home)];
    await withPage(browser, { prepare, words, before: listen, expected: [/40[03]|500/] }, async ({ page }) => {
      const alert = page.getByRole("alert").first();
      await alert.waitFor();
      assert.match(await alert.innerText(), title);
      assert.doesNotMatch(await alert.innerText(), /[{}]/, "a gap that nobody filled");
      assert.ok((await alert.locator("span").allInnerTexts()).filter((text) => text.length > 20).length >= 2, await alert.innerText());
      await shoot(page, `unreadable-${what.replaceAll(" ", "-")}`);
      assert.deepEqual(await accessibility(page), []);
      for (const path of ["/vms", "/gpus", "/devices", "/history", "/hosts", "/settings", "/"]) {
        await go(page, path);
        await page.locator("h1").waitFor();
      }
      assert.equal(asked.length, 1, "being drawn asks for nothing");
      await page.getByRole("button", { name: "Try again" }).first().click();
      await alert.waitFor();
      await page.waitForFunction(() => performance.getEntriesByType("resource").filter((entry) => entry.name.endsWith("/status")).length === 2);
    });
  });

test("a session that ended elsewhere leads to the login form, and signing in leads back", async () => {
  await withPage(browser, { expected: [/401/] }, async ({ page, context, server }) => {
    await go(page, "/vms");
    const other = await context.newPage();
    await other.goto(`${server.origin}/settings`);
    await settled(other);
    await other.getByRole("button", { name: "Sign out" }).click();
    await other.getByLabel("Token").waitFor();
    await page.locator('nav a[href="/history"]').click();
    await page.getByTestId("session-ended").waitFor();
    assert.deepEqual(await accessibility(page), []);
    await shoot(page, "session-ended");
    await page.getByLabel("Token").fill(new URL(server.address).hash.slice("#token=".length));
    await page.getByRole("button", { name: "Sign in" }).click();
    await settled(page);
    assert.equal(new URL(page.url()).pathname, "/history");
    await page.locator('[data-connection="live"]').waitFor();
    await go(page, "/vms");
    await page.locator("[data-row]").first().waitFor();
  });
});

const lab = (home) => program(home, "host", "add", "sim:server2025", "--name", "Lab");

for (const viewport of [{ width: 1280, height: 800 }, { width: 820, height: 1180 }])
  test(`two hosts, ${viewport.width} wide: the choice stays inside the navigation, and outlives a reload`, async () => {
    await withPage(browser, { prepare: lab, context: { viewport } }, async ({ page }) => {
      const picker = page.getByRole("navigation").getByRole("combobox", { name: "Host" });
      const inside = await page.evaluate(() => {
        const nav = document.querySelector("nav").getBoundingClientRect();
        const box = document.querySelector("[data-testid=hosts]").getBoundingClientRect();
        return box.left >= nav.left && box.right <= nav.right && document.scrollingElement.scrollWidth <= innerWidth;
      });
      assert.ok(inside, "the picker lies over the content");
      await shoot(page, `two-hosts-${viewport.width}`);
      await picker.click();
      await page.getByRole("option", { name: "Lab" }).click();
      await go(page, "/vms");
      await page.locator("[data-row]").filter({ hasText: "render" }).waitFor();
      await page.reload();
      await settled(page);
      await page.locator("[data-row]").filter({ hasText: "render" }).waitFor();
      assert.equal(await picker.innerText(), "Lab");
    });
  });

test("a kept choice of a host that the server does not have any more gives way to the default one", async () => {
  const remembered = (context) => context.addInitScript(() => location.protocol.startsWith("http") && sessionStorage.setItem("exhyperv.host", "sim:elsewhere"));
  await withPage(browser, { before: remembered, expected: [/404/] }, async ({ page }) => {
    await go(page, "/vms");
    await page.locator("[data-row]").first().waitFor();
  });
});

test("a browser that calls itself offline still asks the server beside it", async () => {
  await withPage(browser, {}, async ({ page }) => {
    await page.evaluate(() => window.dispatchEvent(new Event("offline")));
    await go(page, "/vms");
    await page.locator("[data-row]").first().waitFor();
    await page.locator('nav a[href="/history"]').click();
    await page.getByTestId("empty").waitFor();
  });
});

// How the page feels: many VMs, no jumping, high contrast, the keyboard, a tablet, drag and drop, nothing fetched from elsewhere.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessibility, choose, complete, launch, pages, settled, visit } from "./browser.mjs";
import { scratch, start } from "./server.mjs";
import { go, primary, program, shoot, withPage } from "./steps.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser?.close();
});

const large = ["ui", "--no-browser", "--host", "sim:large?vms=500&devices=200"];
const server2025 = ["ui", "--no-browser", "--host", "sim:server2025"];

test("500 VMs and 200 devices: only the rows in sight are drawn, and the last one is a scroll away", async () => {
  await withPage(browser, { words: large }, async ({ page }) => {
    for (const [path, least] of [["/vms", 500], ["/devices", 150]]) {
      await go(page, path);
      const table = page.getByRole("table");
      assert.ok(Number(await table.getAttribute("aria-rowcount")) > least, `${path}: ${await table.getAttribute("aria-rowcount")}`);
      assert.ok((await page.locator("[data-row]").count()) < 60, path);
      const first = await page.locator("[data-row]").first().getAttribute("data-row");
      await table.evaluate((element) => element.scrollTo(0, element.scrollHeight));
      await page.waitForFunction((known) => document.querySelector("[data-row]").dataset.row !== known, first);
      await page.waitForFunction(() => {
        const rows = [...document.querySelectorAll('[role="row"]')].map((row) => Number(row.getAttribute("aria-rowindex")));
        return Math.max(...rows) === Number(document.querySelector('[role="table"]').getAttribute("aria-rowcount"));
      });
      assert.ok((await page.locator("[data-row]").count()) < 60, path);
    }
    await go(page, "/gpus");
    await page.locator("[data-gpu]").first().getByRole("button").first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("combobox").click();
    await page.getByRole("option").first().waitFor();
    assert.ok((await page.getByRole("option").count()) <= 50, "the picker draws no more than can be read");
    await dialog.getByText(/^\d+ more; type to narrow down$/).waitFor();
    await dialog.getByRole("combobox").pressSequentially("vm-0499");
    await page.getByRole("option", { name: /^vm-0499 / }).click();
    assert.equal(await dialog.getByRole("combobox").inputValue(), "vm-0499");
    await primary(page).click();
    await dialog.locator("[data-step], [data-testid=plan-blocked]").first().waitFor();
  });
});

test("the frame of the page is there before the host has answered anything", async () => {
  const held = [];
  const hold = (context) => context.route(/\/api\/v1\/(?!session)/, (route) => void held.push(route));
  const home = scratch();
  const server = await start(home.directory);
  const { context, page } = await visit(browser);
  try {
    await hold(context);
    await page.goto(server.address);
    await page.locator('nav a[href="/gpus"]').waitFor();
    await page.getByText("Loading …").waitFor();
    assert.ok(held.length > 0);
    for (const route of held.splice(0)) await route.continue();
    await context.unroute(/\/api\/v1\/(?!session)/);
    await settled(page);
    await page.locator('[data-check="host.build"]').waitFor();
  } finally {
    await context.close();
    await server.kill();
    home.remove();
  }
});

test("nothing jumps while a page loads, and the first paint is told", async (context) => {
  const watch = async (browserContext) => {
    await browserContext.addInitScript(() => {
      window.jumps = [];
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries())
          if (!entry.hadRecentInput) window.jumps.push([entry.value, entry.sources.map((source) => source.node?.textContent?.slice(0, 40)).join(" | ")]);
      }).observe({ type: "layout-shift", buffered: true });
    });
  };
  await withPage(browser, { words: server2025, before: watch }, async ({ page, server }) => {
    for (const path of pages) {
      await page.goto(`${server.origin}${path}`);
      await settled(page);
      await page.waitForLoadState("load");
      await page.waitForTimeout(1000); // a jump comes when the last answer is drawn
      const { jumps, paint } = await page.evaluate(() => ({ jumps: window.jumps, paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime }));
      const sum = jumps.reduce((all, [value]) => all + value, 0);
      assert.ok(paint > 0, `${path} was not painted`);
      context.diagnostic(`${path}: first contentful paint ${Math.round(paint)} ms, layout shift ${sum.toFixed(4)}`);
      assert.ok(sum < 0.02, `${path} jumps by ${sum}: ${JSON.stringify(jumps)}`);
    }
  });
});

test("in forced colours every page keeps its marks, and axe-core finds nothing serious", async () => {
  await withPage(browser, { words: server2025, context: { forcedColors: "active", colorScheme: "dark" } }, async ({ page }) => {
    for (const path of pages) {
      await go(page, path);
      assert.deepEqual(await accessibility(page, ["color-contrast"]), [], path); // the colours are the user's own there
      const outline = await page.locator(`nav a[href="${path}"]`).evaluate((link) => getComputedStyle(link).outlineStyle);
      assert.equal(outline, "solid", `${path}: the link of the page that is shown is not marked`);
    }
    await shoot(page, "forced-colors");
  });
});

test("the high contrast theme, chosen in the settings, has contrast everywhere", async () => {
  const contrast = (context) => choose(context, { theme: "contrast", language: "en" });
  await withPage(browser, { words: server2025, before: contrast }, async ({ page }) => {
    for (const path of pages) {
      await go(page, path);
      assert.deepEqual(await accessibility(page), [], path);
    }
  });
});

for (const [name, viewport] of [["1280×800", { width: 1280, height: 800 }], ["a tablet", { width: 820, height: 1180 }]])
  test(`on ${name} no page is wider than the window`, async () => {
    await withPage(browser, { words: server2025, context: { viewport }, prepare: (home) => program(home, "host", "add", "sim:workstation", "--name", "A host with quite a long name") }, async ({ page }) => {
      const tops = await page.locator("nav a").evaluateAll((links) => links.map((link) => link.getBoundingClientRect().top));
      assert.equal(new Set(tops).size, viewport.width < 900 ? 1 : tops.length, `the links stand at ${tops}`);
      for (const path of pages) {
        await go(page, path);
        const [wide, room] = await page.evaluate(() => [document.scrollingElement.scrollWidth, innerWidth]);
        assert.ok(wide <= room, `${path}: ${wide} > ${room}`);
        const outside = await page.evaluate(() => {
          const sides = [document.querySelector("nav"), document.querySelector("main")];
          return sides.flatMap((side) => {
            const { left, right } = side.getBoundingClientRect();
            return [...side.querySelectorAll("a, button, input, [role=combobox], [role=table]")].map((element) => [element, element.getBoundingClientRect()])
              .filter(([, box]) => box.width > 1 && (box.left < left || box.right > right)).map(([element]) => element.outerHTML.slice(0, 120));
          });
        });
        assert.deepEqual(outside, [], `${path}: outside of its side of the page`);
        // A table is all in sight: no column below the pinned one, nothing to be scrolled for.
        for (const table of await page.getByRole("table").all()) {
          const [needs, has] = await table.evaluate((element) => [element.scrollWidth, element.clientWidth]);
          assert.ok(needs <= has, `${path}: the table needs ${needs}, has ${has}`);
        }
        await shoot(page, `${path.slice(1) || "overview"}-${viewport.width}`);
      }
    });
  });

test("a window too narrow for a table says that there is more to the side", async () => {
  await withPage(browser, { words: server2025, context: { viewport: { width: 500, height: 900 } } }, async ({ page }) => {
    await go(page, "/vms");
    await page.getByText("There is more to the side").waitFor();
    await shoot(page, "vms-500");
  });
});

test("once loaded, the page needs nothing but the API, and never anything from elsewhere", async () => {
  const asked = [];
  const listen = (_context, page) => page.on("request", (request) => asked.push(request.url()));
  await withPage(browser, { before: listen }, async ({ page, context, server }) => {
    await complete(page);
    await page.waitForLoadState("load");
    // (The browser asks for the icon of its tab again whenever the title changes.)
    await context.route((url) => !url.pathname.startsWith("/api/") && url.pathname !== "/icon.svg", (route) => route.abort());
    for (const path of pages) await go(page, path);
    await page.getByRole("radio", { name: "简体中文" }).check();
    await page.getByRole("heading", { name: "设置" }).waitFor();
    for (const path of pages) await go(page, path);
    assert.deepEqual(asked.filter((url) => new URL(url).origin !== server.origin), []);
  });
});

test("the keyboard reaches everything: skip link, navigation, a device's menu, a dialog and back", async () => {
  await withPage(browser, { words: server2025 }, async ({ page }) => {
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the content");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute("href")), "/gpus");
    await page.keyboard.press("Enter");
    await settled(page);
    await go(page, "/devices");
    const menu = page.locator("[data-row]").last().getByRole("button").last();
    await menu.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("menuitem").first().waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    assert.ok(await page.evaluate(() => document.querySelector("[role=dialog]").contains(document.activeElement)));
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  });
});

test("a device is dragged to a VM, and the plan is shown before anything happens", async () => {
  await withPage(browser, { words: server2025 }, async ({ page }) => {
    await go(page, "/devices");
    await page.getByLabel("Filter by name, class or location").fill("Renesas");
    await page.locator("[data-row]").first().dragTo(page.locator('[data-drop="web"]'));
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    assert.match(await dialog.innerText(), /Renesas/);
    assert.equal(await dialog.getByRole("combobox").inputValue(), "web");
    await primary(page).click();
    await dialog.locator("[data-step]").first().waitFor();
    await shoot(page, "dragged");
  });
});

test("devices stand by place: the stuck ones on top with the way out, then VM by VM, then the host's", async () => {
  await withPage(browser, { words: server2025 }, async ({ page }) => {
    await go(page, "/devices");
    assert.equal(await page.locator("[data-stuck]").count(), 3);
    const groups = await page.locator("[data-group]").evaluateAll((rows) => rows.map((row) => row.dataset.group));
    assert.deepEqual(groups, ["Gone, still in stale", "Dismounted", "Host, disabled", "VM router", "Host"]);
    await page.locator("[data-stuck]").filter({ hasText: "VIA USB" }).getByRole("button").click();
    await primary(page).click();
    await page.getByRole("dialog").locator('[data-step="device.mount"]').waitFor();
  });
});

test("a page that was away hears what it missed", async () => {
  const home = scratch();
  const server = await start(home.directory);
  const { context, page } = await visit(browser);
  try {
    await page.goto(server.address);
    await settled(page);
    await go(page, "/vms");
    await page.getByLabel("Filter by name").fill("win10"); // only rows in sight are drawn
    await page.locator('[data-state="off"]').waitFor();
    await page.locator('[data-connection="live"]').waitFor();
    await context.setOffline(true);
    // Somebody else turns a VM on meanwhile.
    const token = new URL(server.address).hash.slice("#token=".length);
    const opened = await fetch(`${server.origin}/api/v1/session`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ token }) });
    const headers = { Cookie: opened.headers.get("set-cookie").split(";")[0], "X-ExHyperV-CSRF": (await opened.json()).csrf, "Content-Type": "application/json" };
    const vms = await (await fetch(`${server.origin}/api/v1/vms`, { headers })).json();
    const vm = vms.find((entry) => entry.name === "win10").id;
    assert.equal((await fetch(`${server.origin}/api/v1/vms/${vm}/power`, { method: "POST", headers, body: '{"action":"start"}' })).status, 200);
    await context.setOffline(false);
    await page.locator(`[data-row="${vm}"] [data-state="running"]`).waitFor();
  } finally {
    await context.close();
    await server.kill();
    home.remove();
  }
});

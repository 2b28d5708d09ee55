// The page as people use it, in a real browser, against the program's own server on its simulated host.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { launch, settled, visit } from "./browser.mjs";
import { exhyperv, scratch, start } from "./server.mjs";
import { carryOut, go, planGpu, primary, program, shoot, startVm, turnOffVm, withPage } from "./steps.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser?.close();
});

test("first visit: the token leaves the address, readiness is shown with evidence", async () => {
  await withPage(browser, {}, async ({ page }) => {
    assert.equal(new URL(page.url()).hash, "");
    assert.equal(await page.title(), "Overview – ExHyperV");
    assert.equal(await page.locator('[data-check="host.build"]').getAttribute("data-verdict"), "pass");
    await page.getByText("Simulated host").waitFor();
    await page.locator('[data-connection="live"]').waitFor();
    // Reading the same address again needs no token: the session holds.
    await page.reload();
    await settled(page);
  });
});

test("give a VM a GPU: choose, read the plan, press, watch, done; then take it back", async () => {
  await withPage(browser, {}, async ({ page }) => {
    const dialog = await planGpu(page, "win11");
    await dialog.getByTestId("passed").getByRole("button").click();
    await dialog.locator('[data-check="gpu.partitionable"]').waitFor();
    await dialog.getByRole("button", { name: "Do it" }).click();
    await page.getByTestId("outcome").waitFor();
    assert.equal(await page.getByTestId("outcome").getAttribute("data-outcome"), "done");
    await shoot(page, "done");
    for (const state of await page.getByRole("dialog").locator("[data-step]").evaluateAll((steps) => steps.map((step) => step.dataset.state)))
      assert.match(state, /^(done|already_done)$/);
    await page.getByRole("button", { name: "Close", exact: true }).click();
    // The list behind it was told, without a reload.
    const user = page.locator("[data-partition]").filter({ hasText: "win11" });
    await user.waitFor();
    assert.equal(await user.locator("[data-drift]").getAttribute("data-drift"), "same");

    await user.getByRole("button", { name: "Take back" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Show the plan" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Do it" }).click();
    await page.getByTestId("outcome").waitFor();
    assert.equal(await page.getByTestId("outcome").getAttribute("data-outcome"), "done");
    await page.getByRole("button", { name: "Close", exact: true }).click();
    await user.waitFor({ state: "detached" });

    await go(page, "/history");
    assert.equal(await page.locator("[data-operation]").count(), 2);
  });
});

test("a running VM whose driver lags waits until it is off, or not", async () => {
  const prepare = (home) => {
    program(home, "gpu", "add", "RTX 4070", "--vm", "win11", "--yes");
    program(home, "sim", "update-driver", "RTX 4070", "32.0.15.9999");
  };
  await withPage(browser, { prepare }, async ({ page }) => {
    await startVm(page, "win11");
    await go(page, "/gpus");
    const user = page.locator("[data-partition]").filter({ hasText: "win11" });
    await user.locator('[data-drift="older"]').waitFor();
    const wait = async () => {
      await user.getByRole("button", { name: "Update driver" }).click();
      await page.getByRole("radio", { name: "Wait until it is off, and do it then" }).click();
      await shoot(page, "wait");
      await primary(page).click();
      await page.getByRole("dialog").locator("[data-step]").first().waitFor();
      assert.equal(await carryOut(page), "done");
      await user.locator('[data-waiting="waits"]').waitFor();
    };
    await wait();
    await shoot(page, "waits");
    await user.getByRole("button", { name: "Do not wait" }).click();
    await primary(page).click();
    await page.getByRole("dialog").locator("[data-step]").first().waitFor();
    assert.equal(await carryOut(page), "done");
    await user.locator("[data-waiting]").waitFor({ state: "detached" });

    await wait();
    await turnOffVm(page, "win11");
    await go(page, "/gpus");
    await user.locator('[data-drift="same"]').waitFor();
    await user.locator("[data-waiting]").waitFor({ state: "detached" });
  });
});

test("what is missing on a server is put right from the overview, and taken back from the history", async () => {
  await withPage(browser, { words: ["ui", "--no-browser", "--host", "sim:server2025"] }, async ({ page, home }) => {
    const policy = page.locator('[data-check="host.policy"]');
    assert.equal(await policy.getAttribute("data-verdict"), "warn");
    await policy.getByRole("button").click();
    await page.getByRole("dialog").locator('[data-step="policy.write"]').waitFor();
    await shoot(page, "fix");
    assert.equal(await carryOut(page), "done");
    await page.locator('[data-check="host.policy"][data-verdict="pass"]').waitFor();
    assert.match(program(home, "policy", "show", "--host", "sim:server2025"), /RequireSecureDeviceAssignment\s+0/);

    // A stuck device comes home by its button, too.
    await page.locator('[data-fix="device.recover"]').click();
    await page.getByRole("dialog").locator("[data-step]").first().waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Close", exact: true }).click();

    await go(page, "/history");
    await page.locator("[data-operation]").getByRole("button").first().click();
    await shoot(page, "history");
    await page.getByRole("button", { name: "Take back …" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Show the plan" }).click();
    await page.getByRole("dialog").locator('[data-step="policy.restore"]').waitFor();
    assert.equal(await carryOut(page), "done");
    await go(page, "/");
    await page.locator('[data-check="host.policy"][data-verdict="warn"]').waitFor();
  });
});

test("a plan that is blocked says why and cannot be pressed", async () => {
  await withPage(browser, {}, async ({ page }) => {
    const dialog = await planGpu(page, "bitlocker");
    await page.getByTestId("plan-blocked").waitFor();
    assert.ok((await dialog.locator('[data-verdict="fail"]').count()) > 0);
    assert.ok(await dialog.getByRole("button", { name: "Do it" }).isDisabled());
    await shoot(page, "blocked");
    await page.keyboard.press("Escape"); // the keyboard never falls out of the dialog
    await dialog.waitFor({ state: "detached" });
  });
});

test("a step that fails is undone before the reader's eyes, with the reason", async () => {
  const environment = { EXHYPERV_FAIL_AT: "step.guest.import.after-run" };
  await withPage(browser, { environment }, async ({ page }) => {
    const dialog = await planGpu(page, "win11");
    await dialog.getByRole("button", { name: "Do it" }).click();
    await page.getByTestId("outcome").waitFor();
    assert.equal(await page.getByTestId("outcome").getAttribute("data-outcome"), "undone");
    await shoot(page, "undone");
    await page.getByRole("button", { name: "Close", exact: true }).click();
    assert.equal(await page.locator("[data-partition]").filter({ hasText: "win11" }).count(), 0);
  });
});

test("the server dies in the middle: the banner offers the way back on the next start", async () => {
  const home = scratch();
  const dying = await start(home.directory, undefined, { EXHYPERV_KILL_AT: "step.guest.import.after-run" });
  const { context, page } = await visit(browser);
  try {
    await page.goto(dying.address);
    await settled(page);
    const dialog = await planGpu(page, "win11");
    await dialog.getByRole("button", { name: "Do it" }).click();
    assert.equal(await dying.ended, "SIGKILL");
    await page.locator('[data-connection="lost"]').waitFor();

    const server = await start(home.directory);
    await page.goto("about:blank");
    await page.goto(server.address);
    await settled(page);
    await page.getByTestId("recovery-banner").waitFor();
    await shoot(page, "banner");
    assert.equal(await page.locator('[data-check="host.journal"]').getAttribute("data-verdict"), "fail");
    await page.getByRole("button", { name: "Undo", exact: true }).click();
    await page.getByTestId("outcome").waitFor();
    assert.equal(await page.getByTestId("outcome").getAttribute("data-outcome"), "undone");
    await shoot(page, "recovered");
    await page.getByRole("button", { name: "Close", exact: true }).click();
    await page.getByTestId("recovery-banner").waitFor({ state: "detached" });
    await go(page, "/gpus");
    assert.equal(await page.locator("[data-partition]").filter({ hasText: "win11" }).count(), 0);
    await server.stop();
  } finally {
    await context.close();
    await dying.kill();
    home.remove();
  }
});

test("language and theme change at once, without a reload, and stay", async () => {
  await withPage(browser, {}, async ({ page }) => {
    await go(page, "/settings");
    await page.evaluate(() => (window.notReloaded = true));
    await page.getByRole("radio", { name: "简体中文" }).check();
    await page.getByRole("heading", { name: "设置" }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), "zh-Hans");
    const light = await page.evaluate(() => document.body.style.backgroundColor);
    await page.getByRole("radio", { name: "深色" }).check();
    await page.waitForFunction((before) => document.body.style.backgroundColor !== before, light);
    assert.ok(await page.evaluate(() => window.notReloaded));
    await page.reload();
    await page.getByRole("heading", { name: "设置" }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.style.colorScheme), "dark");
  });
});

test("a device goes to a VM, its dangers taken on by name, and comes home again", async () => {
  await withPage(browser, {}, async ({ page }) => {
    await go(page, "/devices");
    await page.getByLabel("Filter by name, class or location").fill("Ethernet");
    const row = page.locator("[data-row]").filter({ has: page.locator('[data-verdict="assignable"], [data-verdict="warning"]') }).first();
    const id = await row.getAttribute("data-row");
    const device = page.locator(`[data-row="${id.replaceAll("\\", "\\\\")}"]`);
    await shoot(page, "devices");
    await device.getByRole("button").last().click();
    await page.getByRole("menuitem").first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("combobox").click();
    await dialog.getByRole("combobox").pressSequentially("win10");
    await page.getByRole("option", { name: /^win10 / }).click();
    await dialog.getByRole("button", { name: "Show the plan" }).click();
    await dialog.locator("[data-step]").first().waitFor();
    // A client edition of Windows cannot start a VM with a device: that has to be taken on knowingly.
    assert.ok(await dialog.getByRole("button", { name: "Do it" }).isDisabled());
    await shoot(page, "danger");
    await dialog.getByTestId("accept-danger").click();
    await page.waitForFunction(() => ![...document.querySelectorAll("[role=dialog] button")].at(-1).disabled);
    await dialog.getByRole("button", { name: "Do it" }).click();
    await page.getByTestId("outcome").waitFor();
    assert.equal(await page.getByTestId("outcome").getAttribute("data-outcome"), "done");
    await shoot(page, "assigned");
    await page.getByRole("button", { name: "Close", exact: true }).click();
    await device.getByText("win10").waitFor();

    await device.getByRole("button").last().click();
    await page.getByRole("menuitem").nth(1).click();
    await dialog.getByRole("button", { name: "Show the plan" }).click();
    await dialog.getByRole("button", { name: "Do it" }).click();
    await page.getByTestId("outcome").waitFor();
    assert.equal(await page.getByTestId("outcome").getAttribute("data-outcome"), "done");
    await page.getByRole("button", { name: "Close", exact: true }).click();
    await device.getByText("win10").waitFor({ state: "detached" });
  });
});

test("a VM starts and is turned off after a question", async () => {
  await withPage(browser, {}, async ({ page }) => {
    await startVm(page, "win10");
    await turnOffVm(page, "win10");
  });
});

test("over TLS a viewer signs in, may look and plan, and is refused a change", async () => {
  const home = scratch();
  for (const [user, role] of [["eve", "viewer"], ["olga", "operator"]])
    assert.equal(
      spawnSync(exhyperv, ["serve", "passwd", user, "--role", role], { input: "correct horse battery\n", env: { ...process.env, EXHYPERV_DATA_DIR: home.directory } }).status,
      0,
    );
  const server = await start(home.directory, ["serve", "--listen", "0.0.0.0", "--name", "localhost", "--port", String(20_000 + (process.pid % 20_000))]);
  const address = `https://localhost:${new URL(server.address).port}/`;
  const { context, page, problems } = await visit(browser, { ignoreHTTPSErrors: true });
  try {
    assert.match(server.said(), /([0-9A-F]{2}:){31}[0-9A-F]{2}/);
    await page.goto(address);
    await page.getByLabel("User name").fill("eve");
    await page.getByLabel("Password").fill("wrong password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("Signing in failed").waitFor();
    await page.getByLabel("Password").fill("correct horse battery");
    await page.getByRole("button", { name: "Sign in" }).click();
    await settled(page);
    await go(page, "/gpus");
    assert.ok(await page.getByRole("button", { name: "Give to a VM" }).first().isDisabled());
    const status = await page.evaluate(async () => {
      const session = await (await fetch("/api/v1/session")).json();
      const answer = await fetch("/api/v1/operations", {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-ExHyperV-CSRF": session.csrf },
        body: JSON.stringify({ plan: "3F2504E0-4F89-11D3-9A0C-0305E82C3301" }),
      });
      return [answer.status, (await answer.json()).error.code];
    });
    assert.deepEqual(status, [403, "api.forbidden"]);
    const cookies = await context.cookies();
    assert.ok(cookies.every((cookie) => cookie.httpOnly && cookie.secure && cookie.sameSite === "Strict"));
    assert.deepEqual(problems.filter((line) => !/40[13]/.test(line)), []);
  } finally {
    await context.close();
    await server.kill();
    home.remove();
  }
});

test("the load of a card is drawn by VM while one works with it", async () => {
  await withPage(browser, {}, async ({ page, home }) => {
    program(home, "gpu", "add", "4070", "--vm", "win11", "--yes");
    await go(page, "/vms");
    await page.getByLabel("Filter by name").fill("win11");
    await page.locator("[data-row]").first().getByRole("button").click();
    await page.getByRole("menuitem", { name: "Start" }).click();
    await page.locator('[data-row] [data-state="running"]').first().waitFor();
    await go(page, "/gpus");
    const card = page.locator("[data-gpu]").first();
    await card.locator('[data-consumer="host"]').waitFor();
    await card.locator("[data-consumer]").filter({ hasText: "win11" }).waitFor();
    await card.locator("canvas").waitFor();
    await shoot(page, "load");
  });
});

test("what a driver would write into a guest is shown file by file, and nothing is written", async () => {
  await withPage(browser, {}, async ({ page, home }) => {
    await go(page, "/guest");
    await page.getByRole("combobox").click();
    await page.getByRole("combobox").pressSequentially("win11");
    await page.getByRole("option", { name: /^win11 / }).click();
    await page.locator("[data-disk]").first().waitFor();
    await page.getByRole("radio").first().check();
    const preview = page.getByTestId("preview");
    await preview.waitFor();
    await preview.getByRole("button", { name: /^Files/ }).click();
    await preview.locator("[data-row]").first().waitFor();
    assert.match(await preview.locator("[data-row]").first().innerText(), /HostDriverStore/);
    await shoot(page, "preview");
    assert.equal(JSON.parse(program(home, "gpu", "drift", "--json")).result.drift.filter((row) => row.vm_name === "win11").length, 0);
  });
});

test("several hosts stand side by side, each with its own VMs", async () => {
  const prepare = (home) => program(home, "host", "add", "sim:server2025", "--name", "Lab");
  await withPage(browser, { prepare }, async ({ page }) => {
    await go(page, "/hosts");
    assert.equal(await page.locator("[data-host]").count(), 2);
    await page.locator('[data-host="sim:server2025"]').getByRole("button", { name: "Show" }).click();
    await go(page, "/vms");
    await page.locator("[data-row]").filter({ hasText: "render" }).waitFor();
    assert.equal(await page.locator("[data-row]").filter({ hasText: "bitlocker" }).count(), 0);
  });
});

test("the token is replaced: the old address is worth nothing any more, the new one is", async () => {
  await withPage(browser, { expected: [/401/] }, async ({ page, server }) => {
    await go(page, "/settings");
    await page.getByRole("button", { name: "Replace the token" }).click();
    const address = await page.getByLabel("New address").inputValue();
    const login = (token) =>
      page.evaluate(async (value) => (await fetch("/api/v1/session", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ token: value }) })).status, token);
    assert.equal(await login(new URL(server.address).hash.slice("#token=".length)), 401);
    assert.equal(await login(new URL(address).hash.slice("#token=".length)), 200);
  });
});

test("the file a browser is given, as no key may stand on its command line, leads to the page and signs in", async () => {
  await withPage(browser, { words: ["ui", "--no-browser", "--until-closed"] }, async ({ home, context }) => {
    const folder = join(home.directory, "ui");
    const door = readdirSync(folder).find((name) => name.endsWith(".html"));
    const page = await context.newPage();
    await page.goto(pathToFileURL(join(folder, door)).href);
    await page.waitForURL(/^http:/);
    await page.locator('[data-connection="live"]').waitFor();
    assert.equal(new URL(page.url()).hash, "");
  });
});

test("two servers in one browser leave each other's sessions alone", async () => {
  await withPage(browser, {}, async ({ context, page }) => {
    const home = scratch();
    const other = await start(home.directory, ["ui", "--no-browser", "--host", "sim:server2025"]);
    try {
      const second = await context.newPage();
      await second.goto(other.address);
      await settled(second);
      await page.reload();
      await settled(page);
      await page.locator('[data-connection="live"]').waitFor();
      await second.reload();
      await settled(second);
      await second.locator('[data-connection="live"]').waitFor();
    } finally {
      await other.kill();
      home.remove();
    }
  });
});

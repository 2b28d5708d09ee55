// The page as people use it, in a real browser, against the program's own server on its simulated host.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, before, test } from "node:test";
import { accessibility, choose, launch, pages, settled, visit } from "./browser.mjs";
import { exhyperv, scratch, start } from "./server.mjs";

const shots = process.env.EXHYPERV_SHOTS; // a folder: pictures of the stations, for whoever looks into a failure
let browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser?.close();
});

/** Runs the case with a server on a fresh host and a page that is open; whatever the console says is a failure. */
async function withPage(options, body) {
  const home = scratch();
  const server = await start(home.directory, options.words, options.environment);
  const { context, page, problems } = await visit(browser, options.context);
  try {
    await page.goto(server.address);
    if (!options.login) await settled(page);
    await body({ server, home, context, page, problems });
    assert.deepEqual(
      problems.filter((line) => !(options.expected ?? []).some((allowed) => allowed.test(line))),
      [],
    );
  } catch (error) {
    if (shots) await page.screenshot({ path: `${shots}/failed.png` });
    throw error;
  } finally {
    await context.close();
    await server.kill();
    home.remove();
  }
}

const go = async (page, path) => {
  await page.locator(`nav a[href="${path}"]`).click();
  await settled(page);
};
const shoot = async (page, name) => shots && page.screenshot({ path: `${shots}/${name}.png` });

/** GPUs → the first card → a VM, up to the plan. */
async function planGpu(page, vm) {
  await go(page, "/gpus");
  await page.getByRole("button", { name: "Give to a VM" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox").click();
  await dialog.getByRole("combobox").pressSequentially(vm);
  await page.getByRole("option", { name: new RegExp(`^${vm} `) }).first().click();
  await shoot(page, "choose");
  await dialog.getByRole("button", { name: "Show the plan" }).click();
  await dialog.locator("[data-step]").first().waitFor();
  await shoot(page, "plan");
  return dialog;
}

test("first visit: the token leaves the address, readiness is shown with evidence", async () => {
  await withPage({}, async ({ page }) => {
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
  await withPage({}, async ({ page }) => {
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

test("a plan that is blocked says why and cannot be pressed", async () => {
  await withPage({}, async ({ page }) => {
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
  await withPage({ environment }, async ({ page }) => {
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
  await withPage({}, async ({ page }) => {
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
  await withPage({}, async ({ page }) => {
    await go(page, "/devices");
    await page.getByLabel("Filter by name, class or location").fill("Ethernet");
    const row = page.locator("[data-row]").filter({ has: page.locator('[data-verdict="assignable"], [data-verdict="warning"]') }).first();
    const id = await row.getAttribute("data-row");
    const device = page.locator(`[data-row="${id.replaceAll("\\", "\\\\")}"]`);
    await shoot(page, "devices");
    await device.getByRole("button").click();
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

    await device.getByRole("button").click();
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
  await withPage({}, async ({ page }) => {
    await go(page, "/vms");
    await page.getByLabel("Filter by name").fill("win10");
    const row = page.locator("[data-row]").first();
    assert.equal(await row.locator("[data-state]").getAttribute("data-state"), "off");
    await row.getByRole("button").click();
    await page.getByRole("menuitem", { name: "Start" }).click();
    await row.locator('[data-state="running"]').waitFor();
    await row.getByRole("button").click();
    await page.getByRole("menuitem", { name: "Turn off" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Turn off" }).click();
    await row.locator('[data-state="off"]').waitFor();
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

for (const theme of ["light", "dark"])
  for (const language of ["en", "zh-Hans"])
    test(`every page in ${theme}, ${language}: nothing untranslated, no serious finding of axe-core`, async () => {
      const home = scratch();
      const server = await start(home.directory);
      const { context, page, problems } = await visit(browser);
      try {
        await choose(context, { theme, language });
        await page.goto(server.address);
        const findings = [];
        for (const path of pages) {
          await go(page, path);
          for (const line of await accessibility(page)) findings.push(`${path}: ${line}`);
          const text = await page.evaluate(() => document.body.innerText);
          assert.doesNotMatch(text, /\b(web|error|check|step|plan|cli)\.[a-z_]+\.[a-z_.]+/, path);
          if (language === "zh-Hans") assert.match(text, /[\u4e00-\u9fff]/, path);
        }
        assert.deepEqual(findings, []);
        assert.deepEqual(problems, []);
      } finally {
        await context.close();
        await server.kill();
        home.remove();
      }
    });

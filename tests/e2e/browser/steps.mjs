// What every case of a browser does: a server on a fresh host, a page that is open, and the ways people go.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { settled, visit } from "./browser.mjs";
import { exhyperv, scratch, start } from "./server.mjs";

const shots = process.env.EXHYPERV_SHOTS; // a folder: pictures of the stations, for whoever looks into a failure

/**
 * Runs the case with a server on a fresh host and a page that is open; whatever the console says is a failure.
 * options: words (the command line, or what makes it from the home), environment, context (the browser's), expected (patterns of console lines), prepare(home).
 */
export async function withPage(browser, options, body) {
  const home = scratch();
  try {
    options.prepare?.(home);
  } catch (error) {
    home.remove();
    throw error;
  }
  const server = await start(home.directory, typeof options.words === "function" ? options.words(home) : options.words, options.environment);
  const { context, page, problems } = await visit(browser, options.context);
  try {
    await options.before?.(context, page);
    await page.goto(server.address);
    await settled(page);
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

/** The program itself, on the same data. */
export function program(home, ...words) {
  const done = spawnSync(exhyperv, words, { env: { ...process.env, EXHYPERV_DATA_DIR: home.directory, LC_ALL: "C.UTF-8" }, encoding: "utf8" });
  assert.equal(done.status, 0, done.stdout + done.stderr);
  return done.stdout;
}

export const go = async (page, path) => {
  await page.locator(`nav a[href="${path}"]`).click();
  await settled(page);
};
export const shoot = async (page, name) => shots && page.screenshot({ path: `${shots}/${name}.png` });

/** The last button of a dialog: the one that leads on. */
export const primary = (page) => page.locator('[role="dialog"] .fui-DialogActions button').last();

/** Types into the dialog's choice of VMs and takes the first. */
export async function chooseVm(page, vm) {
  await page.getByRole("dialog").getByRole("combobox").click();
  await page.getByRole("dialog").getByRole("combobox").pressSequentially(vm);
  await page.getByRole("option", { name: new RegExp(`^${vm} `) }).first().click();
}

/** GPUs → the first card → a VM, up to the plan. */
export async function planGpu(page, vm) {
  await go(page, "/gpus");
  await page.locator("[data-gpu]").first().getByRole("button").first().click();
  const dialog = page.getByRole("dialog");
  await chooseVm(page, vm);
  await shoot(page, "choose");
  await primary(page).click();
  await dialog.locator("[data-step], [data-testid=plan-blocked]").first().waitFor();
  await shoot(page, "plan");
  return dialog;
}

/** VMs → the row of this one. */
async function rowOf(page, vm) {
  await go(page, "/vms");
  await page.getByLabel("Filter by name").fill(vm);
  return page.locator("[data-row]").first();
}

export async function startVm(page, vm) {
  const row = await rowOf(page, vm);
  assert.equal(await row.locator("[data-state]").getAttribute("data-state"), "off");
  await row.getByRole("button").click();
  await page.getByRole("menuitem", { name: "Start" }).click();
  await row.locator('[data-state="running"]').waitFor();
}

export async function turnOffVm(page, vm) {
  const row = await rowOf(page, vm);
  await row.getByRole("button").click();
  await page.getByRole("menuitem", { name: "Turn off" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Turn off" }).click();
  await row.locator('[data-state="off"]').waitFor();
}

/** Presses the plan's button, waits for the end, and closes. Returns the outcome. */
export async function carryOut(page) {
  await primary(page).click();
  await page.getByRole("dialog").getByTestId("outcome").waitFor();
  const outcome = await page.getByRole("dialog").getByTestId("outcome").getAttribute("data-outcome");
  await primary(page).click();
  return outcome;
}

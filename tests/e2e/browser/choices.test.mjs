// What a dialog asks before it can make a plan, and what a plan asks before it can be carried out.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { accessibility, choose, launch } from "./browser.mjs";
import { carryOut, chooseVm, go, primary, shoot, withPage } from "./steps.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser?.close();
});

const open = async (page, vm) => {
  await go(page, "/gpus");
  await page.locator("[data-gpu]").first().getByRole("button").first().click();
  await chooseVm(page, vm);
  return page.getByRole("dialog");
};

for (const language of ["en", "zh-Hans"])
  test(`a VM with two Windows: the dialog asks which one, and the driver goes there (${language})`, async () => {
    await withPage(browser, { before: (context) => choose(context, { language, theme: language === "en" ? "light" : "dark" }) }, async ({ page }) => {
      const dialog = await open(page, "two-windows");
      await dialog.getByRole("radio").first().waitFor();
      assert.equal(await dialog.getByRole("radio").count(), 2);
      assert.ok(await primary(page).isDisabled(), "nothing was chosen yet");
      await shoot(page, `two-windows-${language}`);
      assert.deepEqual(await accessibility(page), []);
      await dialog.getByRole("radio").last().check();
      await primary(page).click();
      await dialog.locator('[data-step="guest.import"]').waitFor();
      assert.equal(await page.getByTestId("plan-blocked").count(), 0);
      assert.equal(await carryOut(page), "done");
      await page.locator("[data-partition]").filter({ hasText: "two-windows" }).locator('[data-drift="same"]').waitFor();
    });
  });

test("a VM with a Windows on each of two disks: the choice names the disks", async () => {
  const prepare = (home) => {
    const scenario = JSON.parse(readFileSync(new URL("../../../data/scenarios/workstation.json", import.meta.url), "utf8"));
    const vm = scenario.vms.find((entry) => entry.name === "win10");
    vm.disks.push({ ...vm.disks[0], path: "D:\\VMs\\win10\\second.vhdx" });
    writeFileSync(`${home.directory}/two-disks.json`, JSON.stringify(scenario));
  };
  const words = (home) => ["ui", "--no-browser", "--host", `sim:${home.directory}/two-disks.json`];
  await withPage(browser, { prepare, words }, async ({ page }) => {
    const dialog = await open(page, "win10");
    await dialog.getByRole("radio", { name: /second\.vhdx/ }).check();
    await primary(page).click();
    await dialog.locator('[data-step="guest.import"]').filter({ hasText: "second.vhdx" }).waitFor();
    assert.equal(await page.getByTestId("plan-blocked").count(), 0);
  });
});

test("who writes into the disk is asked only where there is a choice, and the choice counts", async () => {
  await withPage(browser, {}, async ({ page }) => {
    await (await open(page, "win11")).getByRole("switch").waitFor();
    assert.equal(await page.getByText("Who writes into the guest's disk?").count(), 0);
  });
  // A server on Windows has both engines; this one is made to say so.
  const two = (context) =>
    context.route("**/api/v1/status", async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, json: { ...(await answer.json()), engines: ["direct", "windows"] } });
    });
  await withPage(browser, { before: two }, async ({ page }) => {
    const dialog = await open(page, "win11");
    await dialog.getByTestId("system").filter({ hasText: "win11.vhdx" }).waitFor();
    await dialog.getByRole("radio", { name: /^Windows, which attaches/ }).check();
    await shoot(page, "engine");
    await primary(page).click();
    await dialog.locator('[data-check="guest.engine"][data-verdict="fail"]').waitFor(); // asked for, and not here
    await shoot(page, "engine-refused");
    await dialog.getByRole("button", { name: "Back" }).click();
    await dialog.getByRole("radio", { name: /^ExHyperV itself/ }).check();
    await primary(page).click();
    await dialog.locator('[data-step="guest.import"]').waitFor();
    assert.equal(await page.getByTestId("plan-blocked").count(), 0);
  });
});

for (const language of ["en", "zh-Hans"])
  test(`dangers are named in words, and can be taken on without scrolling (${language})`, async () => {
    await withPage(browser, { before: (context) => choose(context, { language, theme: language === "en" ? "light" : "dark" }) }, async ({ page }) => {
      await go(page, "/devices");
      await page.locator("[data-row]").filter({ hasText: "Ethernet" }).first().getByRole("button").last().click();
      await page.getByRole("menuitem").first().click();
      await chooseVm(page, "win10");
      await primary(page).click();
      const dialog = page.getByRole("dialog");
      const accept = dialog.getByTestId("accept-danger");
      await accept.waitFor();
      const box = await accept.boundingBox();
      const room = await dialog.locator(".fui-DialogContent").boundingBox();
      assert.ok(box.y >= room.y && box.y + box.height <= room.y + room.height, `the button is out of sight: ${JSON.stringify([box, room])}`);
      const text = await dialog.innerText();
      assert.doesNotMatch(text, /client-edition|--accept/);
      assert.match(text, language === "en" ? /the VM does not start with the device/ : /带有该设备的虚拟机无法启动/);
      await shoot(page, `danger-${language}`);
      assert.deepEqual(await accessibility(page), []);
      await accept.click();
      await accept.waitFor({ state: "detached" });
      await dialog.locator("[data-step]").first().waitFor(); // the plan made anew
      assert.ok(await primary(page).isEnabled());
    });
  });

for (const language of ["en", "zh-Hans"])
  test(`what is in the disks of a Linux guest is told: system, kernels, loader (${language})`, async () => {
    await withPage(browser, { before: (context) => choose(context, { language, theme: "dark" }) }, async ({ page }) => {
      await go(page, "/guest");
      await page.getByRole("combobox").click();
      await page.getByRole("combobox").pressSequentially("linux");
      await page.getByRole("option", { name: /^linux / }).click();
      await page.locator("[data-linux]").waitFor();
      assert.ok((await page.locator("[data-dxgkrnl]").count()) > 0);
      if (language === "zh-Hans") assert.doesNotMatch(await page.locator("[data-disk]").innerText(), /dynamic|growing|empty|unknown|Kernel/);
      await shoot(page, `linux-${language}`);
      assert.deepEqual(await accessibility(page), []);
    });
  });

test("a waiting VM tells in words why the last try failed", async () => {
  const told = [
    ["guest.hibernated", /is hibernated.*Start the guest/s],
    ["guest.disk", /the check “Guest disk”/],
    ["operation.undone", /The history shows/],
  ];
  for (const [problem, expected] of told) {
    const wait = (context) =>
      context.route("**/api/v1/waiting", async (route) => {
        const gpus = await (await context.request.get(new URL("/api/v1/gpus", route.request().url()).href)).json();
        const user = gpus.flatMap((gpu) => gpu.partitions)[0];
        await route.fulfill({ json: [{ vm: user.vm, vm_name: user.vm_name, since: "2026-01-01T00:00:00Z", who: "somebody", tries: 5, problem, given_up: true }] });
      });
    await withPage(browser, { before: wait }, async ({ page }) => {
      await go(page, "/gpus");
      await page.locator("[data-waiting]").first().hover();
      const tooltip = page.getByRole("tooltip");
      await tooltip.waitFor();
      assert.match(await tooltip.innerText(), expected);
      assert.ok(!(await tooltip.innerText()).includes(problem));
      await shoot(page, `given-up-${problem}`);
    });
  }
});

// Makes the pictures of the documentation: screenshots.mjs <folder>. A fresh simulated host, the program's own server, Debian's Chromium;
// each picture in both languages and themes: <what>-<en|zh>-<light|dark>.png.
import { mkdirSync } from "node:fs";
import { chromiumPath, choose, launch, settled, visit } from "../tests/e2e/browser/browser.mjs";
import { scratch, start } from "../tests/e2e/browser/server.mjs";

const folder = process.argv[2] ?? "docs/images";
if (!chromiumPath) throw new Error("no Chromium: sh tools/setup.sh browser");
mkdirSync(folder, { recursive: true });

const home = scratch();
const server = await start(home.directory);
const browser = await launch();
const token = new URL(server.address).hash;

/** The job once, so that there is something to see. */
async function giveGpu(page) {
  await page.locator('nav a[href="/gpus"]').click();
  await settled(page);
  await page.locator("[data-gpu]").first().getByRole("button").first().click();
  await page.getByRole("combobox").click();
  await page.getByRole("combobox").pressSequentially("win11");
  await page.getByRole("option").first().click();
}
const primary = (page) => page.locator('[role="dialog"] button').last();

async function takeAll(language, theme, first) {
  const tag = `${language === "en" ? "en" : "zh"}-${theme}`;
  const { context, page } = await visit(browser, { locale: language === "en" ? "en-US" : "zh-CN", timezoneId: "UTC", reducedMotion: "reduce" });
  await choose(context, { theme, language });
  await page.goto(`${server.origin}/${token}`);
  await settled(page);
  const take = async (name) => {
    await page.mouse.move(0, 0);
    await page.waitForTimeout(400); // Fluent fades dialogs and rows in
    await page.screenshot({ path: `${folder}/${name}-${tag}.png` });
  };
  if (first) {
    await giveGpu(page);
    await primary(page).click();
    await page.locator('[role="dialog"] [data-testid="passed"]').waitFor();
    await primary(page).click();
    await page.getByTestId("outcome").waitFor();
    await page.reload();
    // The VM works with its card: there is a load to be drawn.
    await page.locator('nav a[href="/vms"]').click();
    await page.getByRole("main").getByRole("textbox").fill("win11");
    await page.locator("[data-row]").first().getByRole("button").click();
    await page.getByRole("menuitem").first().click();
    await page.locator('[data-row]:has-text("win11") [data-state="running"]').waitFor();
  }
  await page.locator('nav a[href="/gpus"]').click();
  await page.locator("[data-partition]").first().waitFor();
  for (const [path, name] of [["/", "overview"], ["/gpus", "gpus"], ["/devices", "devices"], ["/vms", "vms"]]) {
    await page.locator(`nav a[href="${path}"]`).click();
    await settled(page);
    if (path === "/gpus") await page.waitForTimeout(20_000); // a line needs samples
    await take(name);
  }
  await page.locator('nav a[href="/gpus"]').click();
  await page.locator("[data-gpu]").nth(1).getByRole("button").first().click();
  await page.getByRole("combobox").click();
  await page.getByRole("combobox").pressSequentially("win10");
  await page.getByRole("option").first().click();
  await primary(page).click();
  await page.locator('[role="dialog"] [data-testid="passed"]').waitFor();
  await take("plan");
  await context.close();
}

try {
  let first = true;
  for (const language of ["en", "zh-Hans"])
    for (const theme of ["light", "dark"]) {
      await takeAll(language, theme, first);
      first = false;
    }
  console.log(`pictures are in ${folder}`);
} finally {
  await browser.close();
  await server.stop();
  home.remove();
}

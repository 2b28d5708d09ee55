// Debian's Chromium through playwright-core, and what every page visit is watched for.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";

const web = new URL("../../../web/", import.meta.url);
const require = createRequire(new URL("package.json", web));
export const { chromium } = require("playwright-core");
export const axeSource = require("axe-core").source;

export const chromiumPath = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser"].find((path) => path && existsSync(path));

/** Upper limit of every wait, not a measured time: a machine at work on other things keeps it too. */
export const patience = Number(process.env.EXHYPERV_WAIT ?? 120_000);

export async function launch() {
  return chromium.launch({ timeout: patience, executablePath: chromiumPath, args: ["--no-sandbox", "--disable-dev-shm-usage", "--force-color-profile=srgb"] });
}

/** A page in a context of its own. `problems` collects console errors, failed scripts and exceptions. */
export async function visit(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-US", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  const problems = [];
  page.on("console", (message) => message.type() === "error" && problems.push(`console: ${message.text()} (${message.location().url})`));
  page.on("pageerror", (error) => problems.push(`exception: ${error.message}`));
  return { context, page, problems };
}

/** Choices are kept in local storage; set before the page's own code runs. */
export async function choose(context, { theme, language }) {
  await context.addInitScript(
    ([wantedTheme, wantedLanguage]) => {
      if (!location.protocol.startsWith("http")) return; // about:blank has no storage
      if (wantedTheme) localStorage.setItem("exhyperv.theme", wantedTheme);
      if (wantedLanguage) localStorage.setItem("exhyperv.language", wantedLanguage);
    },
    [theme, language],
  );
}

/** Serious and critical findings of axe-core, as readable lines. `without`: rules that do not apply here. */
export async function accessibility(page, without = []) {
  // What is half faded in has half its contrast.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().filter((animation) => animation.effect?.getComputedTiming().iterations !== Infinity).map((animation) => animation.finished)));
  const client = await page.context().newCDPSession(page);
  await client.send("Page.setBypassCSP", { enabled: true });
  await client.send("Runtime.evaluate", { expression: axeSource });
  const found = await page.evaluate(
    // Fluent's focus keeper puts stops without content around menus and dialogs; they pass the focus on at once.
    (rules) => window.axe.run({ exclude: [["[data-tabster-dummy]"]] }, { resultTypes: ["violations"], rules: Object.fromEntries(rules.map((rule) => [rule, { enabled: false }])) }),
    without,
  );
  return found.violations
    .filter((rule) => rule.impact === "serious" || rule.impact === "critical")
    .map((rule) => `${rule.id} (${rule.impact}): ${rule.nodes.slice(0, 3).map((node) => `${node.target.join(" ")} ${node.failureSummary ?? ""}`).join(" | ")}`);
}

export const pages = ["/", "/gpus", "/devices", "/vms", "/guest", "/history", "/hosts", "/settings"];

/** Waits until nothing is loading any more. */
export async function settled(page) {
  await page.waitForSelector("h1");
  await page.waitForFunction(() => !document.querySelector(".fui-Spinner__label"));
}

/** Waits until every part of the page was fetched: from then on it needs the API alone. */
export const complete = (page) => page.waitForFunction(() => performance.getEntriesByName("exhyperv.complete").length > 0);

// Starts the program's server on a simulated host of its own and stops it again.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const exhyperv = process.env.EXHYPERV ?? new URL("../../../bin/exhyperv", import.meta.url).pathname;

/** A fresh data directory; remove() takes it away. */
export function scratch() {
  const directory = mkdtempSync(join(tmpdir(), "exhyperv-browser-"));
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/**
 * Starts `exhyperv ui --no-browser` (or what `words` says) and waits for the address it prints.
 * stop() ends it as Ctrl-C does and waits; kill() as a crash would.
 */
export async function start(directory, words = ["ui", "--no-browser"], environment = {}) {
  const child = spawn(exhyperv, words, {
    env: { ...process.env, EXHYPERV_DATA_DIR: directory, LC_ALL: "C.UTF-8", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  const ended = new Promise((resolve) => child.on("exit", (code, signal) => resolve(signal ?? code)));
  const address = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no address within two minutes; it said: ${said}`)), 120_000);
    const listen = (chunk) => {
      said += chunk;
      const match = /https?:\/\/\S+/.exec(said);
      if (match && said.includes("Ctrl-C")) {
        clearTimeout(timer);
        resolve(match[0]);
      }
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    void ended.then((how) => reject(new Error(`the server ended (${how}); it said: ${said}`)));
  });
  return {
    address,
    origin: new URL(address).origin,
    said: () => said,
    ended,
    async stop() {
      child.kill("SIGINT");
      return ended;
    },
    async kill() {
      child.kill("SIGKILL");
      return ended;
    },
  };
}

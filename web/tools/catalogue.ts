import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

/** Languages of the catalogue, as BCP 47 tags. */
export const languages = ["en", "zh-Hans"] as const;
export type Language = (typeof languages)[number];

type Entry = Record<Language, string | Record<string, string>>;

/** What only the command line says: the page does without. */
const notForThePage = ["cli.", "serve."];

/** What the page says in place of a text that names a command or an option: "page.<key>" stands for "<key>". */
const ownWords = "page.";

/** Merges i18n/*.json of the repository into one flat table of a language: "error.x.y.title" -> text. */
export function readCatalogue(folder: string, language: Language): Record<string, string> {
  const table: Record<string, string> = {};
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".json")).sort()) {
    const area = JSON.parse(readFileSync(join(folder, file), "utf8")) as Record<string, Entry>;
    for (const [key, entry] of Object.entries(area)) {
      if (key.startsWith("_") || notForThePage.some((prefix) => key.startsWith(prefix))) continue;
      const text = entry[language];
      if (text === undefined) throw new Error(`${file}: ${key} has no ${language}`);
      if (typeof text === "string") table[key] = text;
      else for (const [part, value] of Object.entries(text)) table[`${key}.${part}`] = value;
    }
  }
  for (const [key, text] of Object.entries(table).filter(([name]) => name.startsWith(ownWords))) {
    const replaced = key.slice(ownWords.length);
    if (!(replaced in table)) throw new Error(`${key} stands for no text`);
    table[replaced] = text;
    delete table[key];
  }
  return table;
}

/** Makes `virtual:catalogue/en` and `virtual:catalogue/zh-Hans` importable, so that page and program share one catalogue. */
export function catalogue(): Plugin {
  const prefix = "virtual:catalogue/";
  const folder = fileURLToPath(new URL("../../i18n", import.meta.url));
  return {
    name: "exhyperv-catalogue",
    resolveId: (id) => (id.startsWith(prefix) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(`\0${prefix}`)) return undefined;
      for (const file of readdirSync(folder)) this.addWatchFile(join(folder, file));
      const language = id.slice(prefix.length + 1) as Language;
      return `export default ${JSON.stringify(readCatalogue(folder, language))}`;
    },
  };
}

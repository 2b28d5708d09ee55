import i18next, { type i18n } from "i18next";
import { initReactI18next } from "react-i18next";
import type { Language } from "../../tools/catalogue";
import type { Schemas } from "../api/client";

export type { Language };

/** A stored choice of "auto" follows the browser. */
export type LanguageChoice = Language | "auto";

const loaders: Record<Language, () => Promise<{ default: Record<string, string> }>> = {
  en: () => import("virtual:catalogue/en"),
  "zh-Hans": () => import("virtual:catalogue/zh-Hans"),
};

/** Fetches every language, so that switching works without the server. */
export const loadLanguages = () => Promise.all(Object.values(loaders).map((load) => load()));

export function resolveLanguage(choice: LanguageChoice, preferred: readonly string[] = navigator.languages): Language {
  if (choice !== "auto") return choice;
  for (const tag of preferred) {
    const lower = tag.toLowerCase();
    if (lower.startsWith("zh")) return "zh-Hans";
    if (lower.startsWith("en")) return "en";
  }
  return "en";
}

/** Loads a language once and switches to it, without a reload of the page. */
export async function useLanguage(instance: i18n, language: Language): Promise<void> {
  if (!instance.hasResourceBundle(language, "translation")) {
    instance.addResourceBundle(language, "translation", (await loaders[language]()).default, false, true);
  }
  await instance.changeLanguage(language);
  document.documentElement.lang = language;
}

export async function startI18n(choice: LanguageChoice): Promise<i18n> {
  await i18next.use(initReactI18next).init({
    lng: resolveLanguage(choice),
    fallbackLng: false,
    keySeparator: false, // keys are flat: "error.guest.bitlocker.title"
    nsSeparator: false,
    pluralSeparator: "#", // the catalogue's own keys may hold underscores
    interpolation: { prefix: "{", suffix: "}", escapeValue: false }, // React escapes
    missingInterpolationHandler: () => "…", // what the host did not tell is no reason to show a brace
    resources: {},
    // A key without a text must be seen in development and in tests, never silently shown as something else.
    saveMissing: true,
    missingKeyHandler: (_languages, _namespace, key) => console.error(`untranslated: ${key}`),
  });
  await useLanguage(i18next, resolveLanguage(choice));
  return i18next;
}

type Translate = (key: string, args?: Record<string, unknown>) => string;

/** Dangers that can be taken on, as the check device.accept lists them: "client-edition,connection". */
export const dangersOf = (options: string | undefined) => (options ?? "").split(",").map((name) => name.trim()).filter(Boolean);

/** The same in words. */
export const dangerWords = (t: Translate, names: readonly string[]) => names.map((name) => t(`web.danger.${name}`)).join(t("web.danger.separator"));

/** A message of the API; nothing to say gives an empty text. */
export function renderMessage(t: Translate, message: Schemas["Message"] | undefined): string {
  if (!message || message.key === "") return "";
  const { key, args } = message;
  return t(key, key.startsWith("check.device.accept.") ? { ...args, options: dangerWords(t, dangersOf(args["options"])) } : args);
}

export interface RenderedError {
  title: string;
  cause: string;
  remedy: string;
  technical: string;
}

export function renderError(t: Translate, error: Schemas["Error"]): RenderedError {
  const part = (name: string) => t(`error.${error.code}.${name}`, error.args);
  const technical = [error.code, error.native, error.detail, error.provider_text].filter(Boolean).join("\n");
  return { title: part("title"), cause: part("cause"), remedy: part("remedy"), technical };
}

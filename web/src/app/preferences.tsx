import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { resolveLanguage, useLanguage as switchLanguage, type LanguageChoice } from "../i18n";

export type ThemeChoice = "system" | "light" | "dark" | "contrast";

export interface Preferences {
  theme: ThemeChoice;
  language: LanguageChoice;
  setTheme(theme: ThemeChoice): void;
  setLanguage(language: LanguageChoice): void;
}

const Context = createContext<Preferences | undefined>(undefined);

const themes: readonly string[] = ["system", "light", "dark", "contrast"];
const languages: readonly string[] = ["auto", "en", "zh-Hans"];

/** What the user chose, from local storage; anything unknown there counts as not chosen. */
export function storedPreference(name: "theme" | "language"): string {
  const allowed = name === "theme" ? themes : languages;
  const value = localStorage.getItem(`exhyperv.${name}`);
  return value !== null && allowed.includes(value) ? value : (allowed[0] as string);
}

export function PreferencesProvider({ children }: { children: ReactNode }) {
  const { i18n } = useTranslation();
  const [theme, setThemeState] = useState(() => storedPreference("theme") as ThemeChoice);
  const [language, setLanguageState] = useState(() => storedPreference("language") as LanguageChoice);

  useEffect(() => {
    void switchLanguage(i18n, resolveLanguage(language));
  }, [i18n, language]);

  const setTheme = useCallback((value: ThemeChoice) => {
    localStorage.setItem("exhyperv.theme", value);
    setThemeState(value);
  }, []);
  const setLanguage = useCallback((value: LanguageChoice) => {
    localStorage.setItem("exhyperv.language", value);
    setLanguageState(value);
  }, []);

  const value = useMemo(() => ({ theme, language, setTheme, setLanguage }), [theme, language, setTheme, setLanguage]);
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function usePreferences(): Preferences {
  const value = useContext(Context);
  if (!value) throw new Error("usePreferences outside its provider");
  return value;
}

import { FluentProvider, teamsHighContrastTheme, webDarkTheme, webLightTheme, type Theme } from "@fluentui/react-components";
import { useEffect, useState, type ReactNode } from "react";
import { usePreferences, type ThemeChoice } from "./preferences";

function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const listen = () => setMatches(list.matches);
    list.addEventListener("change", listen);
    return () => list.removeEventListener("change", listen);
  }, [query]);
  return matches;
}

export function themeFor(choice: ThemeChoice, systemDark: boolean, systemContrast: boolean): Theme {
  if (choice === "contrast" || (choice === "system" && systemContrast)) return teamsHighContrastTheme;
  if (choice === "dark" || (choice === "system" && systemDark)) return webDarkTheme;
  return webLightTheme;
}

/** Fluent's theme by the user's choice, else by the system, live. */
export function ThemeProvider({ children }: { children: ReactNode }) {
  const { theme } = usePreferences();
  const dark = useMedia("(prefers-color-scheme: dark)");
  const contrast = useMedia("(forced-colors: active)");
  const chosen = themeFor(theme, dark, contrast);
  useEffect(() => {
    document.documentElement.style.colorScheme = chosen === webLightTheme ? "light" : "dark";
    document.body.style.backgroundColor = chosen.colorNeutralBackground2;
  }, [chosen]);
  return (
    <FluentProvider theme={chosen} style={{ minHeight: "100vh" }}>
      {children}
    </FluentProvider>
  );
}

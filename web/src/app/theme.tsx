import { FluentProvider, teamsHighContrastTheme, webDarkTheme, webLightTheme, type Theme } from "@fluentui/react-components";
import { useEffect, type ReactNode } from "react";
import { useMedia } from "./media";
import { usePreferences, type ThemeChoice } from "./preferences";

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

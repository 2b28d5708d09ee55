import { teamsHighContrastTheme, webDarkTheme, webLightTheme } from "@fluentui/react-components";
import { expect, it } from "vitest";
import { themeFor } from "./theme";

it("follows the system unless the user chose", () => {
  expect(themeFor("system", false, false)).toBe(webLightTheme);
  expect(themeFor("system", true, false)).toBe(webDarkTheme);
  expect(themeFor("system", true, true)).toBe(teamsHighContrastTheme);
  expect(themeFor("light", true, true)).toBe(webLightTheme);
  expect(themeFor("dark", false, false)).toBe(webDarkTheme);
  expect(themeFor("contrast", false, false)).toBe(teamsHighContrastTheme);
});

import { useMemo } from "react";
import { useTranslation } from "react-i18next";

/** Words for names that the host or this program's own formats give; a name that nobody foresaw is shown as it came. */
export interface Words {
  deviceClass(name: string): string;
  imageFormat(name: string): string;
  partitionTable(name: string): string;
  fileSystem(name: string): string;
  architecture(name: string): string;
}

export function useWords(): Words {
  const { t, i18n } = useTranslation();
  return useMemo(() => {
    const known = (group: string) => (name: string) => {
      const key = `web.${group}.${name.toLowerCase().replace(/[^a-z0-9]+/g, "_")}`;
      return i18n.exists(key) ? t(key) : name;
    };
    const deviceClass = known("class");
    return {
      deviceClass: (name) => (name === "" ? t("web.unknown") : deviceClass(name)),
      imageFormat: known("image"),
      partitionTable: known("table"),
      fileSystem: known("fs"),
      architecture: known("architecture"),
    };
  }, [t, i18n]);
}

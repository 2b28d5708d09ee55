import { useMemo } from "react";
import { useTranslation } from "react-i18next";

const byteUnits = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

export interface Format {
  bytes(value: number): string;
  duration(seconds: number): string;
  time(iso: string): string;
  clock(iso: string): string;
  number(value: number): string;
  percent(value: number): string;
}

/** Numbers, sizes and times as the language writes them. Sizes in powers of 1024, as Windows shows them. */
export function makeFormat(language: string): Format {
  const time = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
  const clock = new Intl.DateTimeFormat(language, { timeStyle: "medium" });
  const number = new Intl.NumberFormat(language);
  const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 });
  return {
    bytes(value) {
      let unit = 0;
      while (value >= 1024 && unit < byteUnits.length - 1) {
        value /= 1024;
        unit += 1;
      }
      return new Intl.NumberFormat(language, {
        style: "unit",
        unit: byteUnits[unit] ?? "byte",
        unitDisplay: "short",
        maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0,
      }).format(value);
    },
    duration(seconds) {
      const [value, unit] = seconds < 90 ? [seconds, "second"] : seconds < 5400 ? [seconds / 60, "minute"] : [seconds / 3600, "hour"];
      return new Intl.NumberFormat(language, { style: "unit", unit: unit as string, unitDisplay: "short", maximumFractionDigits: 0 }).format(
        value as number,
      );
    },
    time: (iso) => (Number.isNaN(Date.parse(iso)) ? iso : time.format(new Date(iso))),
    clock: (iso) => (Number.isNaN(Date.parse(iso)) ? iso : clock.format(new Date(iso))),
    number: (value) => number.format(value),
    percent: (value) => percent.format(value / 100),
  };
}

export function useFormat(): Format {
  const { i18n } = useTranslation();
  return useMemo(() => makeFormat(i18n.language), [i18n.language]);
}

import { Text, makeStyles, tokens } from "@fluentui/react-components";
import { useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Schemas } from "../api/client";
import { useUtilization } from "../api/queries";
import { usePreferences } from "../app/preferences";
import { useFormat } from "../i18n/format";
import { series } from "./series";

const height = 132;

// The room is taken before the first sample is there: nothing below may jump when it comes.
const useStyles = makeStyles({
  figure: { margin: 0, display: "grid", rowGap: tokens.spacingVerticalXS },
  chart: { width: "100%", height: `${height}px`, minWidth: 0, overflow: "hidden" },
  legend: { display: "flex", flexWrap: "wrap", columnGap: tokens.spacingHorizontalL, rowGap: tokens.spacingVerticalXXS, minHeight: tokens.lineHeightBase200 },
  consumer: { display: "inline-flex", alignItems: "center", columnGap: tokens.spacingHorizontalXS },
  swatch: { width: "0.75rem", height: "0.25rem", borderRadius: tokens.borderRadiusSmall, forcedColorAdjust: "none" },
});

const palette = [
  tokens.colorPaletteBlueBorderActive,
  tokens.colorPaletteMarigoldBorderActive,
  tokens.colorPaletteTealBorderActive,
  tokens.colorPalettePurpleBorderActive,
  tokens.colorPaletteBerryBorderActive,
  tokens.colorPaletteLightGreenBorderActive,
];
const colorOf = (index: number) => palette[index % palette.length] as string;

/** Load of one card by VM over the last minutes. Says so when the host cannot tell. */
export function UtilizationChart({ gpu }: { gpu: Schemas["Gpu"] }) {
  const { t, i18n } = useTranslation();
  const { theme } = usePreferences();
  const styles = useStyles();
  const format = useFormat();
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<{ plot: uPlot; shape: string }>();
  const samples = useUtilization().data;
  const data = useMemo(() => series(samples ?? [], gpu.instance_path), [samples, gpu.instance_path]);
  const names = new Map(gpu.partitions.map((partition) => [partition.vm, partition.vm_name ?? partition.vm]));
  const consumers = [...data.byVm.keys()];
  // The plot is made anew only when its lines, colours or language change; new samples just move it on.
  const shape = [theme, i18n.language, ...consumers].join("|");

  useEffect(() => {
    const element = box.current;
    if (!element || data.byVm.size === 0) return;
    const values: uPlot.AlignedData = [data.times, ...data.byVm.values()];
    if (chart.current?.shape === shape) return chart.current.plot.setData(values);
    chart.current?.plot.destroy();
    const color = (token: string) => getComputedStyle(element).getPropertyValue(token.slice(4, -1)).trim() || "gray";
    const font = `11px ${getComputedStyle(element).fontFamily}`;
    const axis = { stroke: color(tokens.colorNeutralForeground2), font, grid: { stroke: color(tokens.colorNeutralStroke2), width: 1 }, ticks: { show: false } };
    const time = new Intl.DateTimeFormat(i18n.language, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
    chart.current = {
      shape,
      plot: new uPlot(
        {
          width: element.clientWidth,
          height,
          legend: { show: false },
          cursor: { show: false },
          scales: { y: { range: [0, 100] } },
          axes: [
            { ...axis, size: 24, space: 90, values: (_, ticks) => ticks.map((tick) => time.format(new Date(tick * 1000))) },
            { ...axis, size: 44, incrs: [25, 50], values: (_, ticks) => ticks.map((tick) => format.percent(tick)) },
          ],
          series: [{}, ...consumers.map((vm, index) => ({ label: vm, width: 2, stroke: color(colorOf(index)), points: { show: false } }))],
        },
        values,
        element,
      ),
    };
  });

  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => chart.current?.plot.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.current?.plot.destroy();
      chart.current = undefined;
    };
  }, []);

  const last = samples?.at(-1)?.samples.filter((entry) => entry.gpu === gpu.instance_path) ?? [];
  return (
    <figure className={styles.figure} data-load={data.byVm.size}>
      <div ref={box} className={styles.chart} aria-hidden />
      <figcaption className={styles.legend}>
        {consumers.length === 0 && <Text size={200}>{samples ? t("web.gpus.no_load") : t("web.loading")}</Text>}
        {consumers.map((vm, index) => {
          const now = last.find((entry) => (entry.vm ?? "") === vm);
          const memory = now?.memory_bytes === undefined ? "" : ` · ${format.bytes(now.memory_bytes)}`;
          return (
            <span key={vm} className={styles.consumer} data-consumer={vm || "host"}>
              <span className={styles.swatch} style={{ backgroundColor: colorOf(index) }} aria-hidden />
              <Text size={200}>
                {vm === "" ? t("web.gpus.host") : (names.get(vm) ?? vm)} {now ? `${format.percent(now.percent)}${memory}` : "–"}
              </Text>
            </span>
          );
        })}
      </figcaption>
    </figure>
  );
}

import { Text, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { api, type Schemas } from "../api/client";
import { useHost } from "../app/host";
import { useFormat } from "../i18n/format";
import { series } from "./series";

type Sample = Schemas["Utilization"];

const kept = 120;
const useStyles = makeStyles({ chart: { width: "100%", height: "140px" }, legend: { color: tokens.colorNeutralForeground2 } });
const palette = [
  tokens.colorPaletteBlueForeground2,
  tokens.colorPalettePurpleForeground2,
  tokens.colorPaletteTealForeground2,
  tokens.colorPaletteMarigoldForeground2,
  tokens.colorPaletteBerryForeground2,
];

/** Load of one card by VM over the last minutes. Says so when the host cannot tell. */
export function UtilizationChart({ gpu }: { gpu: Schemas["Gpu"] }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const format = useFormat();
  const { host } = useHost();
  const box = useRef<HTMLDivElement>(null);
  const history = useRef<Sample[]>([]);
  const latest = useQuery({ queryKey: ["utilization", host], queryFn: () => api.utilization(host), refetchInterval: 2000 });
  if (latest.data && history.current.at(-1)?.time !== latest.data.time) history.current = [...history.current, latest.data].slice(-kept);
  const data = useMemo(() => series(history.current, gpu.instance_path), [latest.data, gpu.instance_path]); // eslint-disable-line
  const names = useMemo(() => new Map(gpu.partitions.map((partition) => [partition.vm, partition.vm_name ?? partition.vm])), [gpu.partitions]);

  useEffect(() => {
    const element = box.current;
    if (!element || data.byVm.size === 0) return undefined;
    const color = (token: string) => getComputedStyle(element).getPropertyValue(token.slice(4, -1)) || "gray";
    const axis = { stroke: color(tokens.colorNeutralForeground2), grid: { stroke: color(tokens.colorNeutralStroke2) } };
    const plot = new uPlot(
      {
        width: element.clientWidth,
        height: 140,
        legend: { show: false },
        cursor: { show: false },
        scales: { y: { range: [0, 100] } },
        axes: [{ ...axis, values: (_, ticks) => ticks.map((tick) => new Date(tick * 1000).toLocaleTimeString(document.documentElement.lang)) }, { ...axis, size: 44 }],
        series: [{}, ...[...data.byVm.keys()].map((vm, index) => ({ label: vm, width: 2, stroke: color(palette[index % palette.length] ?? "") }))],
      },
      [data.times, ...data.byVm.values()],
      element,
    );
    return () => plot.destroy();
  }, [data]);

  if (data.byVm.size === 0) return <Text size={200}>{t("web.gpus.no_load")}</Text>;
  const now = [...data.byVm].map(([vm, values]) => `${vm === "" ? t("web.gpus.host") : (names.get(vm) ?? vm)} ${format.percent(values.at(-1) ?? 0)}`);
  return (
    <figure style={{ margin: 0 }}>
      <div ref={box} className={styles.chart} aria-hidden />
      <figcaption className={styles.legend}>
        <Text size={200}>{t("web.gpus.load", { now: now.join(", ") })}</Text>
      </figcaption>
    </figure>
  );
}

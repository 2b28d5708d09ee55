import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState, type HTMLAttributes, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { narrowWindow, useMedia } from "../app/media";

export interface Column<Row> {
  key: string;
  title: string;
  /** A CSS grid track: "12rem", "minmax(8rem, 2fr)". */
  width: string;
  /** The track in a narrow window; false: left out there. */
  narrow?: string | false;
  /** Stays at the right edge while the others are scrolled. */
  sticky?: boolean;
  cell(row: Row): ReactNode;
}

/** What the tracks need at least, in rem: below it the table is scrolled sideways. */
const leastWidth = (tracks: readonly string[]) => tracks.reduce((sum, track) => sum + Number(/[\d.]+(?=rem)/.exec(track)?.[0] ?? 0), 0);

const useStyles = makeStyles({
  frame: {
    overflow: "auto",
    maxHeight: "calc(100vh - 11rem)",
    minHeight: "12rem",
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground1,
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  row: {
    display: "grid",
    columnGap: tokens.spacingHorizontalM,
    alignItems: "center",
    paddingInline: tokens.spacingHorizontalM,
    boxSizing: "border-box",
    width: "100%",
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  head: {
    position: "sticky",
    top: 0,
    zIndex: 1,
    height: "2.5rem",
    backgroundColor: tokens.colorNeutralBackground3,
    fontWeight: tokens.fontWeightSemibold,
  },
  group: { backgroundColor: tokens.colorNeutralBackground2, fontWeight: tokens.fontWeightSemibold, color: tokens.colorNeutralForeground2 },
  tight: { columnGap: tokens.spacingHorizontalS, paddingInline: tokens.spacingHorizontalS },
  body: { position: "relative", width: "100%" },
  // The actions stay in sight where the table is wider than its place.
  last: { position: "sticky", right: 0, alignSelf: "stretch", display: "flex", alignItems: "center", paddingInline: tokens.spacingHorizontalXS, backgroundColor: tokens.colorNeutralBackground1 },
  // Something lies below it: there is more to the side.
  above: { borderLeft: `1px solid ${tokens.colorNeutralStroke1}`, boxShadow: `-6px 0 6px -4px ${tokens.colorNeutralShadowKey}` },
  unseen: { position: "absolute", width: "1px", height: "1px", overflow: "hidden", clipPath: "inset(50%)" },
  hint: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  lastHead: { backgroundColor: tokens.colorNeutralBackground3 },
  cell: { minWidth: 0, overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
});

interface Props<Row> {
  label: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  rowHeight: number;
  id(row: Row): string;
  /** Title of the group a row belongs to; rows of one group stand together. */
  group?(row: Row): string;
  rowProps?(row: Row): HTMLAttributes<HTMLDivElement>;
}

type Line<Row> = { kind: "row"; row: Row } | { kind: "group"; title: string; count: number };

function linesOf<Row>(rows: readonly Row[], group?: (row: Row) => string): Line<Row>[] {
  if (!group) return rows.map((row) => ({ kind: "row", row }));
  const lines: Line<Row>[] = [];
  let current: Extract<Line<Row>, { kind: "group" }> | undefined;
  for (const row of rows) {
    const title = group(row);
    if (!current || current.title !== title) lines.push((current = { kind: "group", title, count: 0 }));
    current.count += 1;
    lines.push({ kind: "row", row });
  }
  return lines;
}

/** A table that draws only the rows in sight: 500 VMs cost as much as 20. Rows are of one height, so nothing jumps. */
export function VirtualTable<Row>({ label, rows, columns: all, rowHeight, id, group, rowProps }: Props<Row>) {
  const { t } = useTranslation();
  const styles = useStyles();
  const narrow = useMedia(narrowWindow);
  const columns = all.filter((column) => !narrow || column.narrow !== false);
  const frame = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => linesOf(rows, group), [rows, group]);
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    initialRect: { width: 1000, height: 800 },
  });
  const widths = columns.map((column) => (narrow && column.narrow) || column.width);
  // Every row alike, or the columns would not stand below each other; gaps and edges are the gap's size each.
  const minWidth = `calc(${leastWidth(widths)}rem + ${columns.length + 1} * ${narrow ? tokens.spacingHorizontalS : tokens.spacingHorizontalM})`;
  const tracks = { gridTemplateColumns: widths.join(" "), minWidth };
  const row = mergeClasses(styles.row, narrow && styles.tight);
  const [scrolls, setScrolls] = useState(false);
  useEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => setScrolls(element.scrollWidth > element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [minWidth]);
  const pinned = (column: Column<Row>) => column.sticky && mergeClasses(styles.last, scrolls && styles.above);
  return (
    <>
      {scrolls && <span className={styles.hint}>{t("web.rows.scroll")}</span>}
      <div ref={frame} className={styles.frame} role="table" aria-label={label} aria-rowcount={lines.length + 1} aria-colcount={columns.length} tabIndex={0}>
        <div role="rowgroup">
          <div role="row" aria-rowindex={1} className={mergeClasses(row, styles.head)} style={tracks}>
            {columns.map((column) => (
              <div key={column.key} role="columnheader" className={mergeClasses(styles.cell, pinned(column), column.sticky && styles.lastHead)}>
                {narrow && column.sticky ? <span className={styles.unseen}>{column.title}</span> : column.title}
              </div>
            ))}
          </div>
        </div>
        <div role="rowgroup" className={styles.body} style={{ height: virtualizer.getTotalSize(), minWidth }}>
          {virtualizer.getVirtualItems().map((item) => {
            const line = lines[item.index] as Line<Row>;
            const place = { height: rowHeight, position: "absolute", insetInline: 0, transform: `translateY(${item.start}px)` } as const;
            if (line.kind === "group")
              return (
                <div key={`group ${line.title}`} role="row" aria-rowindex={item.index + 2} data-group={line.title} className={mergeClasses(row, styles.group)} style={place}>
                  <div role="cell" aria-colspan={columns.length} className={styles.cell}>
                    {line.title} · {line.count}
                  </div>
                </div>
              );
            return (
              <div key={id(line.row)} role="row" aria-rowindex={item.index + 2} data-row={id(line.row)} className={row} style={{ ...tracks, ...place }} {...rowProps?.(line.row)}>
                {columns.map((column) => (
                  <div key={column.key} role="cell" className={mergeClasses(styles.cell, pinned(column))}>
                    {column.cell(line.row)}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </>
  );
}

import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef, type HTMLAttributes, type ReactNode } from "react";

export interface Column<Row> {
  key: string;
  title: string;
  /** A CSS grid track: "12rem", "minmax(8rem, 2fr)". */
  width: string;
  /** Stays at the right edge while the others are scrolled. */
  sticky?: boolean;
  cell(row: Row): ReactNode;
}

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
    minWidth: "60rem", // every row alike, or the columns would not stand below each other
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
  body: { position: "relative", width: "100%", minWidth: "60rem" },
  // The actions stay in sight where the table is wider than its place.
  last: { position: "sticky", right: 0, paddingInline: tokens.spacingHorizontalXS, backgroundColor: tokens.colorNeutralBackground1 },
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
export function VirtualTable<Row>({ label, rows, columns, rowHeight, id, group, rowProps }: Props<Row>) {
  const styles = useStyles();
  const frame = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => linesOf(rows, group), [rows, group]);
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    initialRect: { width: 1000, height: 800 },
  });
  const tracks = { gridTemplateColumns: columns.map((column) => column.width).join(" ") };
  return (
    <div ref={frame} className={styles.frame} role="table" aria-label={label} aria-rowcount={lines.length + 1} aria-colcount={columns.length} tabIndex={0}>
      <div role="rowgroup">
        <div role="row" aria-rowindex={1} className={mergeClasses(styles.row, styles.head)} style={tracks}>
          {columns.map((column) => (
            <div key={column.key} role="columnheader" className={mergeClasses(styles.cell, column.sticky && styles.last, column.sticky && styles.lastHead)}>
              {column.title}
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" className={styles.body} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => {
          const line = lines[item.index] as Line<Row>;
          const place = { height: rowHeight, position: "absolute", insetInline: 0, transform: `translateY(${item.start}px)` } as const;
          if (line.kind === "group")
            return (
              <div key={`group ${line.title}`} role="row" aria-rowindex={item.index + 2} data-group={line.title} className={mergeClasses(styles.row, styles.group)} style={place}>
                <div role="cell" aria-colspan={columns.length} className={styles.cell}>
                  {line.title} · {line.count}
                </div>
              </div>
            );
          const { row } = line;
          return (
            <div key={id(row)} role="row" aria-rowindex={item.index + 2} data-row={id(row)} className={styles.row} style={{ ...tracks, ...place }} {...rowProps?.(row)}>
              {columns.map((column) => (
                <div key={column.key} role="cell" className={mergeClasses(styles.cell, column.sticky && styles.last)}>
                  {column.cell(row)}
                </div>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

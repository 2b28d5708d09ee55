import { Accordion, AccordionHeader, AccordionItem, AccordionPanel, makeStyles, tokens } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { renderMessage } from "../i18n";
import { useFormat, type Format } from "../i18n/format";

const useStyles = makeStyles({
  log: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, whiteSpace: "pre-wrap", overflowWrap: "anywhere", margin: 0 },
});

type Translate = (key: string, args?: Record<string, unknown>) => string;

/** What happened, in its order, as lines: begin and end of each step, what was read back, what went wrong. */
export function logLines(operation: Schemas["Operation"], t: Translate, format: Format): string[] {
  const lines: { time: string; text: string }[] = [];
  for (const step of operation.plan.steps) {
    const state = operation.steps.find((entry) => entry.id === step.id);
    if (!state || state.state === "waiting") continue;
    const what = renderMessage(t, step.what);
    if (state.started) lines.push({ time: state.started, text: `${t("web.step.running")}: ${what}` });
    if (state.finished) lines.push({ time: state.finished, text: `${t(`web.step.${state.state}`)}: ${what}` });
    for (const note of [...(state.facts ?? []), ...(state.warnings ?? [])]) lines.push({ time: state.finished ?? "", text: `  ${renderMessage(t, note)}` });
    if (state.error) lines.push({ time: state.finished ?? "", text: `  ${state.error.code} ${state.error.native ?? ""} ${state.error.detail ?? ""}`.trimEnd() });
  }
  return lines.map(({ time, text }) => (time ? `${format.clock(time)}  ${text}` : text));
}

export function OperationLog({ operation }: { operation: Schemas["Operation"] }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const format = useFormat();
  const lines = logLines(operation, t, format);
  if (lines.length === 0) return null;
  return (
    <Accordion collapsible>
      <AccordionItem value="log">
        <AccordionHeader size="small">{t("web.operation.log")}</AccordionHeader>
        <AccordionPanel>
          <pre className={styles.log} data-testid="log" tabIndex={0} aria-label={t("web.operation.log")}>
            {lines.join("\n")}
          </pre>
        </AccordionPanel>
      </AccordionItem>
    </Accordion>
  );
}

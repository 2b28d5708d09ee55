import { ProgressBar, Spinner, Text, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowUndoFilled, CheckmarkCircleFilled, CircleRegular, DismissCircleFilled, WarningFilled } from "@fluentui/react-icons";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { renderMessage } from "../i18n";
import { useFormat } from "../i18n/format";
import { ErrorView } from "./ErrorView";

type State = Schemas["StepState"];

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0, display: "grid", rowGap: tokens.spacingVerticalM },
  row: { display: "grid", gridTemplateColumns: "1.75rem minmax(0, 1fr)", columnGap: tokens.spacingHorizontalS },
  body: { display: "grid", rowGap: tokens.spacingVerticalXS, overflowWrap: "anywhere" },
  good: { color: tokens.colorPaletteGreenForeground1 },
  bad: { color: tokens.colorPaletteRedForeground1 },
  warn: { color: tokens.colorPaletteDarkOrangeForeground1 },
  idle: { color: tokens.colorNeutralForeground3 },
});

function StepIcon({ state }: { state: State["state"] }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const label = t(`web.step.${state}`);
  switch (state) {
    case "running":
    case "undoing":
      return <Spinner size="extra-tiny" aria-label={label} />;
    case "done":
    case "already_done":
      return <CheckmarkCircleFilled fontSize={20} className={styles.good} aria-label={label} />;
    case "failed":
    case "undo_failed":
      return <DismissCircleFilled fontSize={20} className={styles.bad} aria-label={label} />;
    case "undone":
      return <ArrowUndoFilled fontSize={20} className={styles.warn} aria-label={label} />;
    case "waiting":
      return <CircleRegular fontSize={20} className={styles.idle} aria-label={label} />;
  }
}

function StepProgress({ progress }: { progress: Schemas["Progress"] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const known = progress.total > 0;
  const rate =
    progress.bytes_per_second !== undefined && progress.seconds_left !== undefined
      ? t("web.progress.rate", { rate: format.bytes(progress.bytes_per_second), left: format.duration(progress.seconds_left) })
      : "";
  return (
    <>
      {known ? <ProgressBar value={progress.done / progress.total} /> : <ProgressBar />}
      <Text size={200}>{[progress.item, rate].filter(Boolean).join(" · ")}</Text>
    </>
  );
}

/** The steps of an operation, live: state, progress, what was read back, what went wrong. */
export function OperationProgress({ operation }: { operation: Schemas["Operation"] }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const states = new Map(operation.steps.map((step) => [step.id, step]));
  return (
    <ol className={styles.list}>
      {operation.plan.steps.map((step) => {
        const state = states.get(step.id) ?? { id: step.id, state: "waiting" as const };
        return (
          <li key={step.id} className={styles.row} data-step={step.id} data-state={state.state}>
            <StepIcon state={state.state} />
            <div className={styles.body}>
              <Text weight={state.state === "running" ? "semibold" : "regular"}>{renderMessage(t, step.what)}</Text>
              {state.state === "running" && state.progress && <StepProgress progress={state.progress} />}
              {/* What was read back of a step that is undone is not so any more. */}
              {state.state !== "undone" && state.facts?.map((fact, index) => (
                <Text key={index} size={200}>
                  {renderMessage(t, fact)}
                </Text>
              ))}
              {state.warnings?.map((warning, index) => (
                <Text key={index} size={200} className={styles.warn}>
                  <WarningFilled aria-hidden /> {renderMessage(t, warning)}
                </Text>
              ))}
              {state.error && <ErrorView error={state.error} />}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

import { Text, makeStyles, tokens } from "@fluentui/react-components";
import { CheckmarkCircleFilled, DismissCircleFilled, QuestionCircleFilled, WarningFilled } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { renderMessage } from "../i18n";

type Check = Schemas["Check"];

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0, display: "grid", rowGap: tokens.spacingVerticalM },
  row: { display: "grid", gridTemplateColumns: "1.5rem minmax(0, 1fr) auto", columnGap: tokens.spacingHorizontalS, alignItems: "start" },
  text: { display: "grid", rowGap: tokens.spacingVerticalXXS, overflowWrap: "anywhere" },
  faint: { color: tokens.colorNeutralForeground2 },
  pass: { color: tokens.colorPaletteGreenForeground1 },
  warn: { color: tokens.colorPaletteDarkOrangeForeground1 },
  fail: { color: tokens.colorPaletteRedForeground1 },
  unknown: { color: tokens.colorNeutralForeground3 },
});

const icons = { pass: CheckmarkCircleFilled, warn: WarningFilled, fail: DismissCircleFilled, unknown: QuestionCircleFilled };
const order = { fail: 0, warn: 1, unknown: 2, pass: 3 };

/** Checks with evidence and remedy; what stands in the way comes first. `action`: what can be done about one here. */
export function CheckList({ checks, action }: { checks: readonly Check[]; action?(check: Check): ReactNode }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const sorted = [...checks].sort((a, b) => order[a.verdict] - order[b.verdict]);
  return (
    <ul className={styles.list}>
      {sorted.map((check, index) => {
        const Icon = icons[check.verdict];
        const remedy = renderMessage(t, check.remedy);
        return (
          <li key={`${check.id}${index}`} className={styles.row} data-check={check.id} data-verdict={check.verdict}>
            <Icon className={styles[check.verdict]} fontSize={20} aria-label={t(`web.verdict.${check.verdict}`)} />
            <span className={styles.text}>
              <Text weight="semibold">{t(`check.${check.id}`)}</Text>
              <Text>{renderMessage(t, check.evidence)}</Text>
              {remedy && check.verdict !== "pass" && (
                <Text size={200} className={styles.faint}>
                  {remedy}
                </Text>
              )}
            </span>
            {action?.(check)}
          </li>
        );
      })}
    </ul>
  );
}

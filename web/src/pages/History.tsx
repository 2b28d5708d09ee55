import { Accordion, AccordionHeader, AccordionItem, AccordionPanel, Badge, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { useOperations } from "../api/queries";
import { OperationOutcome } from "../components/OperationDialog";
import { OperationProgress } from "../components/OperationProgress";
import { Loaded, PageFrame } from "../components/PageFrame";
import { renderMessage } from "../i18n";
import { useFormat } from "../i18n/format";

const useStyles = makeStyles({
  head: { display: "flex", flexWrap: "wrap", alignItems: "center", columnGap: tokens.spacingHorizontalM, rowGap: tokens.spacingVerticalXXS },
  panel: { display: "grid", rowGap: tokens.spacingVerticalM, paddingBlock: tokens.spacingVerticalM },
});

const colors = { open: "warning", running: "informative", done: "success", undone: "warning", partly_undone: "danger" } as const;

function Entry({ operation }: { operation: Schemas["Operation"] }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const format = useFormat();
  return (
    <AccordionItem value={operation.id} data-operation={operation.id} data-state={operation.state}>
      <AccordionHeader>
        <span className={styles.head}>
          <Badge appearance="tint" color={colors[operation.state]}>
            {t(`web.state.${operation.state}`)}
          </Badge>
          <Text weight="semibold">{renderMessage(t, operation.plan.title)}</Text>
          <Text size={200}>{[operation.started && format.time(operation.started), operation.who].filter(Boolean).join(" · ")}</Text>
        </span>
      </AccordionHeader>
      <AccordionPanel className={styles.panel}>
        <OperationOutcome operation={operation} />
        <OperationProgress operation={operation} />
      </AccordionPanel>
    </AccordionItem>
  );
}

/** What was done on this host, by whom, step by step: the journal. */
export default function History() {
  const { t } = useTranslation();
  const operations = useOperations();
  return (
    <PageFrame name="history">
      <Loaded query={operations} empty={t("web.history.none")}>
        {(list) => (
          <Accordion multiple collapsible>
            {list.map((operation) => (
              <Entry key={operation.id} operation={operation} />
            ))}
          </Accordion>
        )}
      </Loaded>
    </PageFrame>
  );
}

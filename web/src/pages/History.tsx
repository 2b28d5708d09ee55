import { Accordion, AccordionHeader, AccordionItem, AccordionPanel, Badge, Button, Text, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowUndoRegular } from "@fluentui/react-icons";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { useDevices, useOperations, useVms } from "../api/queries";
import { useMayChange } from "../app/session";
import { JobDialog } from "../components/JobDialog";
import { OperationDialog, OperationOutcome } from "../components/OperationDialog";
import { OperationLog } from "../components/OperationLog";
import { OperationProgress } from "../components/OperationProgress";
import { Loaded, PageFrame } from "../components/PageFrame";
import { PowerChoice, type Power } from "../components/PowerChoice";
import { RecoverDialog } from "../components/RecoverDialog";
import { renderMessage } from "../i18n";
import { useFormat } from "../i18n/format";

type Operation = Schemas["Operation"];
type PlanRequest = Schemas["PlanRequest"];

const useStyles = makeStyles({
  head: { display: "flex", flexWrap: "wrap", alignItems: "center", columnGap: tokens.spacingHorizontalM, rowGap: tokens.spacingVerticalXXS },
  panel: { display: "grid", rowGap: tokens.spacingVerticalM, paddingBlock: tokens.spacingVerticalM },
  actions: { display: "flex", columnGap: tokens.spacingHorizontalS },
  faint: { color: tokens.colorNeutralForeground2 },
});

const colors = { open: "warning", running: "informative", done: "success", undone: "warning", partly_undone: "danger", damaged: "danger" } as const;

/** The VM a request is about: the one it names, or the one its device is in. */
function vmOf(request: PlanRequest, vms: readonly Schemas["Vm"][], devices: readonly Schemas["Device"][]): Schemas["Vm"] | undefined {
  const inside = "devices" in request ? devices.find((device) => device.id === request.devices?.[0])?.place.vm : undefined;
  const wanted = "vm" in request ? request.vm : inside;
  return vms.find((vm) => vm.id === wanted);
}

/** Taking back is a change like any other: its plan is shown first, and finds out what has changed on the host since. */
function UndoDialog({ operation, undo, onClose }: { operation: Operation; undo: PlanRequest; onClose(): void }) {
  const { t } = useTranslation();
  const vms = useVms();
  const devices = useDevices();
  const [power, setPower] = useState<Power>("refuse");
  const vm = vmOf(undo, vms.data ?? [], devices.data ?? []);
  const request = vm ? ({ ...undo, power } as PlanRequest) : undo;
  return (
    <JobDialog title={t("web.history.undo_title", { title: renderMessage(t, operation.plan.title) })} request={request} onClose={onClose}>
      <Text>{t("web.history.undo_explain")}</Text>
      <PowerChoice vm={vm} value={power} onChange={setPower} />
    </JobDialog>
  );
}

function Entry({ operation, onDialog }: { operation: Operation; onDialog(kind: "undo" | "recover" | "watch", operation: Operation): void }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const format = useFormat();
  const mayChange = useMayChange();
  return (
    <AccordionItem value={operation.id} data-operation={operation.id} data-state={operation.state}>
      <AccordionHeader>
        <span className={styles.head}>
          <Badge appearance="tint" color={colors[operation.state]}>
            {t(`web.state.${operation.state}`)}
          </Badge>
          <Text weight="semibold">{renderMessage(t, operation.plan.title)}</Text>
          <Text size={200} className={styles.faint}>
            {[operation.started && format.time(operation.started), operation.who].filter(Boolean).join(" · ")}
          </Text>
        </span>
      </AccordionHeader>
      <AccordionPanel className={styles.panel}>
        <OperationOutcome operation={operation} />
        <OperationProgress operation={operation} />
        <OperationLog operation={operation} />
        <div className={styles.actions}>
          {operation.undo && (
            <Button icon={<ArrowUndoRegular />} disabled={!mayChange} onClick={() => onDialog("undo", operation)}>
              {t("web.history.undo")}
            </Button>
          )}
          {operation.state === "open" && <Button onClick={() => onDialog("recover", operation)}>{t("web.fix.recover.short")}</Button>}
          {operation.state === "running" && <Button onClick={() => onDialog("watch", operation)}>{t("web.history.watch")}</Button>}
        </div>
      </AccordionPanel>
    </AccordionItem>
  );
}

/** What was done on this host, by whom, step by step: the journal, and the way back where there is one. */
export default function History() {
  const { t } = useTranslation();
  const operations = useOperations();
  const [dialog, setDialog] = useState<{ kind: "undo" | "recover" | "watch"; operation: Operation }>();
  const close = () => setDialog(undefined);
  return (
    <PageFrame name="history">
      <Loaded query={operations} empty={t("web.history.none")}>
        {(list) => (
          <Accordion multiple collapsible>
            {list.map((operation) => (
              <Entry key={operation.id} operation={operation} onDialog={(kind, chosen) => setDialog({ kind, operation: chosen })} />
            ))}
          </Accordion>
        )}
      </Loaded>
      {dialog?.kind === "undo" && dialog.operation.undo && <UndoDialog operation={dialog.operation} undo={dialog.operation.undo} onClose={close} />}
      {dialog?.kind === "recover" && <RecoverDialog operation={dialog.operation} onClose={close} />}
      {dialog?.kind === "watch" && <OperationDialog id={dialog.operation.id} onClose={close} />}
    </PageFrame>
  );
}

import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ApiFailure, api, type Schemas } from "../api/client";
import { useHost } from "../app/host";
import { useMayChange } from "../app/session";
import { renderMessage } from "../i18n";
import { ErrorView } from "./ErrorView";
import { OperationDialog } from "./OperationDialog";
import { OperationProgress } from "./OperationProgress";

const useStyles = makeStyles({ surface: { maxWidth: "46rem" }, content: { display: "grid", gridAutoRows: "max-content", rowGap: tokens.spacingVerticalL } });

/** An operation that was cut off: how far it came, and the two ways out. */
export function RecoverDialog({ operation, onClose }: { operation: Schemas["Operation"]; onClose(): void }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const { host } = useHost();
  const mayChange = useMayChange();
  const recover = useMutation({ mutationFn: (mode: "roll_back" | "resume") => api.recover(operation.id, mode, host) });
  if (recover.data) return <OperationDialog id={recover.data.id} onClose={onClose} />;
  return (
    <Dialog open modalType="modal" onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle>{renderMessage(t, operation.plan.title)}</DialogTitle>
          <DialogContent className={styles.content}>
            <Text>{t("web.recovery.explain", { who: operation.who ?? t("web.unknown") })}</Text>
            <OperationProgress operation={operation} />
            {operation.error && <ErrorView error={operation.error} />}
            {recover.error instanceof ApiFailure && <ErrorView error={recover.error.error} />}
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>{t("web.close")}</Button>
            <Button disabled={!mayChange || recover.isPending} onClick={() => recover.mutate("resume")}>
              {t("web.recovery.resume")}
            </Button>
            <Button appearance="primary" disabled={!mayChange || recover.isPending} onClick={() => recover.mutate("roll_back")}>
              {t("web.recovery.roll_back")}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

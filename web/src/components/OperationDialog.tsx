import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  MessageBar,
  MessageBarBody,
  Spinner,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ApiFailure, api, type Schemas } from "../api/client";
import { keys } from "../api/queries";
import { useHost } from "../app/host";
import { renderMessage } from "../i18n";
import { ErrorView } from "./ErrorView";
import { OperationLog } from "./OperationLog";
import { OperationProgress } from "./OperationProgress";

const useStyles = makeStyles({
  surface: { maxWidth: "46rem" },
  content: { display: "grid", gridAutoRows: "max-content", rowGap: tokens.spacingVerticalL },
});

const intents = { open: "warning", running: "info", done: "success", undone: "warning", partly_undone: "error", damaged: "error" } as const;

export function OperationOutcome({ operation }: { operation: Schemas["Operation"] }) {
  const { t } = useTranslation();
  const told = operation.steps.some((step) => step.error?.code === operation.error?.code);
  return (
    <>
      <MessageBar intent={intents[operation.state]} data-testid="outcome" data-outcome={operation.state}>
        <MessageBarBody>{t(`web.outcome.${operation.state}`)}</MessageBarBody>
      </MessageBar>
      {operation.error && !told && <ErrorView error={operation.error} />}
      {operation.undo_errors?.map((error, index) => <ErrorView key={index} error={error} />)}
    </>
  );
}

/** An operation at work, or as it ended. Closing the dialog does not stop it: the history shows it on. */
export function OperationDialog({ id, onClose }: { id: string; onClose(): void }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const { host } = useHost();
  const operation = useQuery({
    queryKey: keys.operation(id, host),
    queryFn: () => api.operation(id, host),
    // Events bring every step; this catches up when the connection was lost meanwhile.
    refetchInterval: (query) => (query.state.data && query.state.data.state !== "running" ? false : 2000),
  });
  const cancel = useMutation({ mutationFn: () => api.cancel(id, host) });
  const running = operation.data?.state === "running";
  return (
    <Dialog open modalType="modal" onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle>{operation.data ? renderMessage(t, operation.data.plan.title) : t("web.loading")}</DialogTitle>
          <DialogContent className={styles.content}>
            {operation.isPending && <Spinner label={t("web.loading")} />}
            {operation.error instanceof ApiFailure && <ErrorView error={operation.error.error} />}
            {operation.data && <OperationProgress operation={operation.data} />}
            {operation.data && !running && <OperationOutcome operation={operation.data} />}
            {operation.data && <OperationLog operation={operation.data} />}
            {cancel.error instanceof ApiFailure && <ErrorView error={cancel.error.error} />}
          </DialogContent>
          <DialogActions>
            {running && (
              <Button disabled={cancel.isPending || cancel.isSuccess} onClick={() => cancel.mutate()}>
                {t("web.operation.cancel")}
              </Button>
            )}
            <Button appearance="primary" onClick={onClose}>
              {t("web.close")}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

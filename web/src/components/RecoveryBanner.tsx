import { Button, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle, makeStyles, tokens } from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiFailure, api, type Schemas } from "../api/client";
import { useHost } from "../app/host";
import { useMayChange } from "../app/session";
import { renderMessage } from "../i18n";
import { ErrorView } from "./ErrorView";
import { OperationDialog } from "./OperationDialog";
import { RecoverDialog } from "./RecoverDialog";

const useStyles = makeStyles({ list: { display: "grid", rowGap: tokens.spacingVerticalS, marginBottom: tokens.spacingVerticalL } });

/** A dead process left operations open: say so on every page, with the two ways out. */
export function RecoveryBanner({ operations }: { operations: readonly Schemas["Operation"][] }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const { host } = useHost();
  const mayChange = useMayChange();
  const [watched, setWatched] = useState<string>();
  const [shown, setShown] = useState<Schemas["Operation"]>();
  const recover = useMutation({
    mutationFn: ({ id, mode }: { id: string; mode: "roll_back" | "resume" }) => api.recover(id, mode, host),
    onSuccess: (operation) => setWatched(operation.id),
  });
  const open = operations.filter((operation) => operation.state === "open");
  if (open.length === 0 && !watched && !shown) return null;
  return (
    <div className={styles.list}>
      {open.map((operation) => (
        <MessageBar key={operation.id} intent="warning" layout="multiline" data-testid="recovery-banner">
          <MessageBarBody>
            <MessageBarTitle>{t("web.recovery.title")}</MessageBarTitle>
            {t("web.recovery.text", { title: renderMessage(t, operation.plan.title), who: operation.who ?? "" })}
          </MessageBarBody>
          <MessageBarActions>
            <Button appearance="transparent" onClick={() => setShown(operation)}>
              {t("web.recovery.details")}
            </Button>
            <Button disabled={!mayChange || recover.isPending} onClick={() => recover.mutate({ id: operation.id, mode: "roll_back" })}>
              {t("web.recovery.roll_back")}
            </Button>
            <Button disabled={!mayChange || recover.isPending} onClick={() => recover.mutate({ id: operation.id, mode: "resume" })}>
              {t("web.recovery.resume")}
            </Button>
          </MessageBarActions>
        </MessageBar>
      ))}
      {recover.error instanceof ApiFailure && <ErrorView error={recover.error.error} />}
      {shown && <RecoverDialog operation={shown} onClose={() => setShown(undefined)} />}
      {watched && <OperationDialog id={watched} onClose={() => setWatched(undefined)} />}
    </div>
  );
}

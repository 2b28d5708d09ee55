import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  Badge,
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  Spinner,
  Subtitle2,
  Text,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ApiFailure, api, type Schemas } from "../api/client";
import { useHost } from "../app/host";
import { useMayChange } from "../app/session";
import { dangerWords, dangersOf, renderMessage } from "../i18n";
import { CheckList } from "./CheckList";
import { ErrorView } from "./ErrorView";
import { OperationDialog } from "./OperationDialog";

const useStyles = makeStyles({
  surface: { maxWidth: "46rem" },
  section: { display: "grid", rowGap: tokens.spacingVerticalS },
  // A message bar's own least height would let a long plan squeeze it.
  content: { display: "grid", gridAutoRows: "max-content", rowGap: tokens.spacingVerticalL, outlineStyle: "none" },
  steps: { margin: 0, paddingInlineStart: tokens.spacingHorizontalXL, display: "grid", rowGap: tokens.spacingVerticalM },
  step: { display: "grid", rowGap: tokens.spacingVerticalXXS, overflowWrap: "anywhere" },
  badges: { display: "flex", columnGap: tokens.spacingHorizontalXS, flexWrap: "wrap" },
});

/** The plan as people read it: what speaks for and against it, then the steps, each with its reason and its undo. */
export function PlanView({ plan, onAccept }: { plan: Schemas["Plan"]; onAccept?(dangers: string[]): void }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const notable = plan.checks.filter((check) => check.verdict !== "pass");
  const passed = plan.checks.filter((check) => check.verdict === "pass");
  // Dangers that can be taken on by name (assign/device/safety.h): the plan waits for the user's word.
  const dangers = dangersOf(plan.checks.find((check) => check.id === "device.accept" && check.verdict === "fail")?.evidence.args["options"]);
  return (
    <>
      {plan.blocked && (
        <MessageBar intent="error" layout="multiline" data-testid="plan-blocked">
          <MessageBarBody>
            <MessageBarTitle>{t("web.plan.blocked")}</MessageBarTitle>
            {dangers.length > 0 && onAccept && <p>{t("web.plan.dangers", { dangers: dangerWords(t, dangers) })}</p>}
          </MessageBarBody>
          {dangers.length > 0 && onAccept && (
            <MessageBarActions>
              <Button onClick={() => onAccept(dangers)} data-testid="accept-danger">
                {t("web.plan.accept")}
              </Button>
            </MessageBarActions>
          )}
        </MessageBar>
      )}
      {notable.length > 0 && (
        <section className={styles.section}>
          <Subtitle2 as="h3">{t("web.plan.notable")}</Subtitle2>
          <CheckList checks={notable} />
        </section>
      )}
      <section className={styles.section}>
        <Subtitle2 as="h3">{t("web.plan.steps")}</Subtitle2>
        {plan.steps.length === 0 ? (
          <p>{t("web.plan.nothing")}</p>
        ) : (
          <ol className={styles.steps}>
            {plan.steps.map((step) => (
              <li key={step.id} data-step={step.id}>
                <div className={styles.step}>
                  <Text weight="semibold">{renderMessage(t, step.what)}</Text>
                  <Text size={200}>{renderMessage(t, step.why)}</Text>
                  {step.undo.key !== "" && <Text size={200}>{t("web.plan.undo", { undo: renderMessage(t, step.undo) })}</Text>}
                  <span className={styles.badges}>
                    {step.needs_vm_off && <Badge appearance="outline">{t("web.plan.vm_off")}</Badge>}
                    {step.needs_elevation && <Badge appearance="outline">{t("web.plan.elevation")}</Badge>}
                  </span>
                </div>
              </li>
            ))}
          </ol>
        )}
      </section>
      <Accordion collapsible>
        <AccordionItem value="passed">
          <AccordionHeader data-testid="passed">{t("web.plan.passed", { count: String(passed.length) })}</AccordionHeader>
          <AccordionPanel>
            <CheckList checks={passed} />
          </AccordionPanel>
        </AccordionItem>
      </Accordion>
    </>
  );
}

interface Props {
  title: string;
  /** The choices; shown first. Without any the plan is made at once. */
  children?: ReactNode;
  /** undefined: a choice is still missing */
  request: Schemas["PlanRequest"] | undefined;
  onClose(): void;
}

/** Every job the same way: choose → read the plan → press → watch → done. */
export function JobDialog({ title, children, request, onClose }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const { host } = useHost();
  const mayChange = useMayChange();
  const [operation, setOperation] = useState<string>();
  const plan = useMutation({ mutationFn: (wanted: Schemas["PlanRequest"]) => api.plan(wanted, host) });
  const execute = useMutation({
    mutationFn: (id: string) => api.execute(id, host),
    onSuccess: (started) => setOperation(started.id),
  });
  // The button that asked for the plan is gone with the choices: the keyboard goes on in what came instead.
  const content = useRef<HTMLDivElement>(null);
  useEffect(() => content.current?.focus(), [plan.data]);
  const atOnce = useRef(children === undefined);
  useEffect(() => {
    if (atOnce.current && request) plan.mutate(request);
    atOnce.current = false;
  }, [plan, request]);
  if (operation) return <OperationDialog id={operation} onClose={onClose} />;
  const accept = request?.operation === "device.assign" ? (dangers: string[]) => plan.mutate({ ...request, accept: dangers }) : undefined;
  const ready = plan.data && !plan.data.blocked && plan.data.steps.length > 0;
  // A plan that found everything as wanted has no button: there is nothing to press.
  const nothing = plan.data && plan.data.steps.length === 0 && !plan.data.blocked;
  return (
    <Dialog open modalType="modal" onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface className={plan.data ? styles.surface : undefined}>
        <DialogBody>
          <DialogTitle>{plan.data ? renderMessage(t, plan.data.title) : title}</DialogTitle>
          <DialogContent ref={content} tabIndex={-1} className={styles.content}>
            {!plan.data && children}
            {plan.isPending && <Spinner label={t("web.plan.making")} />}
            {plan.data && <PlanView plan={plan.data} onAccept={accept} />}
            {plan.error instanceof ApiFailure && <ErrorView error={plan.error.error} />}
            {execute.error instanceof ApiFailure && <ErrorView error={execute.error.error} />}
          </DialogContent>
          <DialogActions>
            {plan.data && children !== undefined && (
              <Button onClick={() => plan.reset()} disabled={execute.isPending}>
                {t("web.back")}
              </Button>
            )}
            <Button onClick={onClose}>{t("web.close")}</Button>
            {!plan.data && (
              <Button appearance="primary" disabled={!request || plan.isPending} onClick={() => request && plan.mutate(request)}>
                {t("web.plan.make")}
              </Button>
            )}
            {plan.data && !nothing && (
              <Button
                appearance="primary"
                disabled={!ready || !mayChange || execute.isPending}
                onClick={() => execute.mutate(plan.data.id)}
              >
                {mayChange ? t("web.plan.execute") : t("web.plan.viewer")}
              </Button>
            )}
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

import { Button, Card, Field, Input, MessageBar, MessageBarBody, Spinner, Title3, makeStyles, tokens } from "@fluentui/react-components";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ApiFailure, api, setCsrf, type Schemas } from "../api/client";
import { keys, useSession } from "../api/queries";
import { ErrorView } from "../components/ErrorView";

const useStyles = makeStyles({
  center: { display: "grid", placeItems: "center", minHeight: "100vh", padding: tokens.spacingHorizontalL },
  card: { width: "min(26rem, 100%)", display: "grid", rowGap: tokens.spacingVerticalM },
});

/** The per-start token stands in the address's fragment, which browsers never send; it is taken out of sight at once. */
export function takeTokenFromAddress(): string | undefined {
  const match = /^#token=([A-Za-z0-9_-]{16,128})$/.exec(location.hash);
  if (!match) return undefined;
  history.replaceState(null, "", location.pathname + location.search);
  return match[1];
}

const startToken = takeTokenFromAddress();

function Login({ session, ended, onDone }: { session: Schemas["Session"]; ended: boolean; onDone(): void }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const [first, setFirst] = useState("");
  const [password, setPassword] = useState("");
  const [failure, setFailure] = useState<Schemas["Error"]>();
  const [busy, setBusy] = useState(false);
  const byToken = session.login === "token";

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setFailure(undefined);
    try {
      setCsrf((await api.login(byToken ? { token: first.trim() } : { user: first, password })).csrf);
      onDone();
    } catch (error) {
      if (error instanceof ApiFailure) setFailure(error.error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <main className={styles.center}>
      <Card className={styles.card}>
        <form onSubmit={(event) => void submit(event)} className={styles.card}>
          <Title3 as="h1">{t("web.login.title")}</Title3>
          {ended && (
            <MessageBar intent="info" layout="multiline" data-testid="session-ended">
              <MessageBarBody>{t("web.login.ended")}</MessageBarBody>
            </MessageBar>
          )}
          <p>{t(byToken ? "web.login.token_hint" : "web.login.password_hint")}</p>
          <Field label={t(byToken ? "web.login.token" : "web.login.user")} required>
            <Input value={first} onChange={(_, data) => setFirst(data.value)} autoComplete={byToken ? "off" : "username"} />
          </Field>
          {!byToken && (
            <Field label={t("web.login.password")} required>
              <Input type="password" value={password} onChange={(_, data) => setPassword(data.value)} autoComplete="current-password" />
            </Field>
          )}
          {failure && <ErrorView error={failure} />}
          <Button appearance="primary" type="submit" disabled={busy || first === ""}>
            {t("web.login.submit")}
          </Button>
        </form>
      </Card>
    </main>
  );
}

/** Shows the page only to those who have a session; opens one by the address's token when there is one. */
export function SessionGate({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const client = useQueryClient();
  const [tokenTried, setTokenTried] = useState(startToken === undefined);
  // Asked only afterwards: an answer from before the token was taken would show the login form to somebody signed in.
  const session = useSession(tokenTried);

  useEffect(() => {
    if (tokenTried || startToken === undefined) return;
    api
      .login({ token: startToken })
      .then((opened) => client.setQueryData(keys.session, opened))
      .catch(() => undefined) // an old token: a session may still be there, else the login form is shown
      .finally(() => setTokenTried(true));
  }, [client, tokenTried]);

  const wasOpen = useRef(false);
  if (session.data) setCsrf(session.data.csrf);
  if (session.data?.authenticated) wasOpen.current = true;
  if (session.error instanceof ApiFailure && !session.data)
    return (
      <main className={styles.center}>
        <ErrorView error={session.error.error} onRetry={() => void session.refetch()} />
      </main>
    );
  if (!session.data || !tokenTried)
    return (
      <main className={styles.center}>
        <Spinner label={t("web.loading")} />
      </main>
    );
  // What was read in one session is not for the next: somebody else may sign in.
  const open = () => {
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== keys.session[0] });
    void client.invalidateQueries({ queryKey: keys.session });
  };
  if (!session.data.authenticated) return <Login session={session.data} ended={wasOpen.current} onDone={open} />;
  return children;
}

/** May this user change anything? The server decides again at every call; this only greys out buttons. */
export function useMayChange(): boolean {
  return useSession().data?.role === "operator";
}

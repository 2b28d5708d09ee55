import { Spinner, Text, Title2, makeStyles, tokens } from "@fluentui/react-components";
import { useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ApiFailure } from "../api/client";
import { ErrorView } from "./ErrorView";

const useStyles = makeStyles({
  page: { display: "grid", rowGap: tokens.spacingVerticalL, alignContent: "start" },
  head: { display: "flex", flexWrap: "wrap", alignItems: "center", columnGap: tokens.spacingHorizontalL, rowGap: tokens.spacingVerticalS },
  header: { display: "grid", rowGap: tokens.spacingVerticalS },
  lead: { color: tokens.colorNeutralForeground2, maxWidth: "60rem" },
  actions: { marginInlineStart: "auto", display: "flex", columnGap: tokens.spacingHorizontalS },
});

/** Title, one sentence of what the page is for, its actions, then the content. */
export function PageFrame({ name, actions, children }: { name: string; actions?: ReactNode; children: ReactNode }) {
  const { t } = useTranslation();
  const styles = useStyles();
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <div className={styles.head}>
          <Title2 as="h1">{t(`web.nav.${name}`)}</Title2>
          <div className={styles.actions}>{actions}</div>
        </div>
        <Text className={styles.lead}>{t(`web.${name}.lead`)}</Text>
      </header>
      {children}
    </div>
  );
}

/** Loading, failed, empty or there: every list goes through this, so that no state is forgotten. */
export function Loaded<T>({ query, empty, children }: { query: UseQueryResult<T>; empty?: string; children(data: T): ReactNode }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  // What kept one document from being read kept the others, too.
  const retry = () => void client.refetchQueries({ predicate: ({ state }) => state.status === "error" });
  if (query.data !== undefined) {
    const nothing = Array.isArray(query.data) && query.data.length === 0;
    return (
      <>
        {query.error instanceof ApiFailure && <ErrorView error={query.error.error} onRetry={retry} />}
        {nothing && empty ? <Text data-testid="empty">{empty}</Text> : children(query.data)}
      </>
    );
  }
  if (query.error) {
    const error = query.error instanceof ApiFailure ? query.error.error : { code: "web.unexpected", args: {}, detail: String(query.error) };
    return <ErrorView error={error} onRetry={retry} />;
  }
  return <Spinner label={t("web.loading")} />;
}

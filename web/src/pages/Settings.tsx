import { Button, Card, Field, Input, Link, Radio, RadioGroup, Text, makeStyles, tokens } from "@fluentui/react-components";
import { CopyRegular } from "@fluentui/react-icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ApiFailure, api } from "../api/client";
import { useSession } from "../api/queries";
import { usePreferences, type ThemeChoice } from "../app/preferences";
import { ErrorView } from "../components/ErrorView";
import { PageFrame } from "../components/PageFrame";
import type { LanguageChoice } from "../i18n";

const useStyles = makeStyles({ cards: { display: "grid", rowGap: tokens.spacingVerticalM, maxWidth: "44rem" } });

/** The per-start token: whoever has it may sign in from this machine until the server ends, or until it is replaced. */
function TokenCard() {
  const { t } = useTranslation();
  const replace = useMutation({ mutationFn: api.replaceToken });
  const address = replace.data && `${location.origin}/#token=${replace.data.token}`;
  return (
    <Card data-testid="token">
      <Text weight="semibold">{t("web.settings.token")}</Text>
      <Text>{t("web.settings.token_explain")}</Text>
      {replace.error instanceof ApiFailure && <ErrorView error={replace.error.error} />}
      {address && (
        <Field label={t("web.settings.token_new")}>
          <Input readOnly value={address} contentAfter={<Button size="small" appearance="transparent" icon={<CopyRegular />} aria-label={t("web.error.copy")} onClick={() => void navigator.clipboard.writeText(address)} />} />
        </Field>
      )}
      <div>
        <Button disabled={replace.isPending} onClick={() => replace.mutate()}>
          {t("web.settings.token_replace")}
        </Button>
      </div>
    </Card>
  );
}

/** Language and theme of this browser, the session, and what this program is. */
export default function Settings() {
  const { t } = useTranslation();
  const styles = useStyles();
  const client = useQueryClient();
  const session = useSession();
  const { theme, language, setTheme, setLanguage } = usePreferences();
  return (
    <PageFrame name="settings">
      <div className={styles.cards}>
        <Card>
          <Field label={t("web.settings.language")}>
            <RadioGroup layout="horizontal" value={language} onChange={(_, data) => setLanguage(data.value as LanguageChoice)}>
              <Radio value="auto" label={t("web.settings.auto")} />
              <Radio value="en" label="English" />
              <Radio value="zh-Hans" label="简体中文" />
            </RadioGroup>
          </Field>
          <Field label={t("web.settings.theme")}>
            <RadioGroup layout="horizontal" value={theme} onChange={(_, data) => setTheme(data.value as ThemeChoice)}>
              {(["system", "light", "dark", "contrast"] as const).map((choice) => (
                <Radio key={choice} value={choice} label={t(`web.settings.theme.${choice}`)} />
              ))}
            </RadioGroup>
          </Field>
        </Card>
        {session.data && (
          <Card>
            <Text weight="semibold">{t("web.settings.session")}</Text>
            <Text>{t("web.settings.who", { user: session.data.user ?? "", role: t(`web.role.${session.data.role ?? "viewer"}`) })}</Text>
            <div>
              <Button onClick={() => void api.logout().then(() => client.invalidateQueries())}>{t("web.settings.logout")}</Button>
            </div>
          </Card>
        )}
        {session.data?.user === "local" && <TokenCard />}
        <Card>
          <Text weight="semibold">{t("web.settings.about")}</Text>
          <Text>ExHyperV {session.data?.version}</Text>
          <Text>
            {t("web.settings.licence")} <Link href="https://www.gnu.org/licenses/gpl-3.0.html">GPL-3.0-or-later</Link>
          </Text>
        </Card>
      </div>
    </PageFrame>
  );
}

import { Button, Card, Field, Link, Radio, RadioGroup, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { useSession } from "../api/queries";
import { usePreferences, type ThemeChoice } from "../app/preferences";
import { PageFrame } from "../components/PageFrame";
import type { LanguageChoice } from "../i18n";

const useStyles = makeStyles({ cards: { display: "grid", rowGap: tokens.spacingVerticalM, maxWidth: "44rem" } });

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

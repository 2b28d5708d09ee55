import { Badge, Button, Card, CardHeader, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { useHosts } from "../api/queries";
import { useHost } from "../app/host";
import { Loaded, PageFrame } from "../components/PageFrame";

const useStyles = makeStyles({
  list: { display: "grid", rowGap: tokens.spacingVerticalM, maxWidth: "50rem" },
  shown: { whiteSpace: "nowrap", flexShrink: 0 },
});

/** The hosts this server manages; one is looked at at a time. */
export default function Hosts() {
  const { t } = useTranslation();
  const styles = useStyles();
  const hosts = useHosts();
  const { host, setHost } = useHost();
  return (
    <PageFrame name="hosts">
      <Loaded query={hosts} empty={t("web.hosts.none")}>
        {(list) => (
          <div className={styles.list}>
            {list.map((entry) => {
              const shown = host === undefined ? entry.default : entry.uri === host;
              return (
                <Card key={entry.uri} data-host={entry.uri}>
                  <CardHeader
                    header={<Text weight="semibold">{entry.name}</Text>}
                    description={<Text size={200}>{entry.uri}</Text>}
                    action={shown ? <Badge appearance="tint" color="success" className={styles.shown}>{t("web.hosts.shown")}</Badge> : <Button onClick={() => setHost(entry.uri)}>{t("web.hosts.show")}</Button>}
                  />
                </Card>
              );
            })}
            <Text size={200}>{t("web.hosts.how", { command: "exhyperv host add sim:server2025 --name lab" })}</Text>
          </div>
        )}
      </Loaded>
    </PageFrame>
  );
}

import { Card, Subtitle2, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import { useDevices, useGpus, useStatus, useVms } from "../api/queries";
import { CheckList } from "../components/CheckList";
import { Loaded, PageFrame } from "../components/PageFrame";
import { useFormat } from "../i18n/format";

const useStyles = makeStyles({
  tiles: { display: "grid", gridTemplateColumns: "repeat(auto-fill, minmax(12rem, 1fr))", gap: tokens.spacingHorizontalM },
  tile: { display: "grid", rowGap: tokens.spacingVerticalXS, textDecoration: "none", color: "inherit" },
  section: { display: "grid", rowGap: tokens.spacingVerticalS },
  figure: { fontSize: tokens.fontSizeHero800, lineHeight: tokens.lineHeightHero800, fontWeight: tokens.fontWeightSemibold },
});

function Tile({ to, label, figure, note }: { to: string; label: string; figure: string; note: string }) {
  const styles = useStyles();
  return (
    <Link to={to} className={styles.tile}>
      <Card>
        <Text>{label}</Text>
        <span className={styles.figure}>{figure}</span>
        <Text size={200}>{note}</Text>
      </Card>
    </Link>
  );
}

/** Is this host ready, and what is on it: the first thing a visitor sees. */
export default function Overview() {
  const { t } = useTranslation();
  const styles = useStyles();
  const format = useFormat();
  const status = useStatus();
  const vms = useVms();
  const gpus = useGpus();
  const devices = useDevices();
  const count = (value: number | undefined) => (value === undefined ? "–" : format.number(value));
  const partitions = gpus.data?.reduce((sum, gpu) => sum + gpu.partitions.length, 0);
  const away = devices.data?.filter((device) => device.place.kind !== "host").length;
  const running = vms.data?.filter((vm) => vm.state === "running").length;
  return (
    <PageFrame name="overview">
      <div className={styles.tiles}>
        <Tile to="/gpus" label={t("web.nav.gpus")} figure={count(gpus.data?.length)} note={t("web.overview.partitions", { count: count(partitions) })} />
        <Tile to="/vms" label={t("web.nav.vms")} figure={count(vms.data?.length)} note={t("web.overview.running", { count: count(running) })} />
        <Tile to="/devices" label={t("web.nav.devices")} figure={count(devices.data?.length)} note={t("web.overview.away", { count: count(away) })} />
      </div>
      <section aria-labelledby="readiness" className={styles.section}>
        <Subtitle2 as="h2" id="readiness">
          {t("web.overview.readiness")}
        </Subtitle2>
        <Loaded query={status}>
          {(data) => (
            <Card>
              <Text>
                {data.host.os_name} · {t("web.overview.build", { build: String(data.host.build) })}
              </Text>
              <CheckList checks={data.checks} />
            </Card>
          )}
        </Loaded>
      </section>
    </PageFrame>
  );
}

import { Button, Card, Subtitle2, Text, makeStyles, tokens } from "@fluentui/react-components";
import { WrenchRegular } from "@fluentui/react-icons";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import type { Schemas } from "../api/client";
import { useDevices, useGpus, useStatus, useVms } from "../api/queries";
import { useMayChange } from "../app/session";
import { CheckList } from "../components/CheckList";
import { JobDialog } from "../components/JobDialog";
import { Loaded, PageFrame } from "../components/PageFrame";
import { RecoverDialog } from "../components/RecoverDialog";
import { useFormat } from "../i18n/format";

const useStyles = makeStyles({
  tiles: { display: "grid", gridTemplateColumns: "repeat(auto-fit, minmax(12rem, 1fr))", gap: tokens.spacingHorizontalM, maxWidth: "60rem" },
  tile: {
    display: "grid",
    textDecoration: "none",
    color: "inherit",
    borderRadius: tokens.borderRadiusMedium,
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  section: { display: "grid", rowGap: tokens.spacingVerticalS, maxWidth: "60rem" },
  figure: { fontSize: tokens.fontSizeHero800, lineHeight: tokens.lineHeightHero800, fontWeight: tokens.fontWeightSemibold },
  fix: { whiteSpace: "nowrap" },
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

type Fix = NonNullable<Schemas["Check"]["fix"]>;

const fixRequests: Record<Exclude<Fix, "recover">, Schemas["PlanRequest"]> = {
  "policy.allow": { operation: "policy.allow" },
  "device.recover": { operation: "device.recover", with_disabled: false },
  "gpu.sync": { operation: "gpu.sync" },
};

function FixDialog({ fix, status, onClose }: { fix: Fix; status: Schemas["Status"]; onClose(): void }) {
  const { t } = useTranslation();
  const open = status.open_operations.find((operation) => operation.state === "open");
  if (fix === "recover") return open ? <RecoverDialog operation={open} onClose={onClose} /> : null;
  return <JobDialog title={t(`web.fix.${fix}`)} request={fixRequests[fix]} onClose={onClose} />;
}

/** Is this host ready, and what is on it: the first thing a visitor sees. What the tool can put right has its button. */
export default function Overview() {
  const { t } = useTranslation();
  const styles = useStyles();
  const format = useFormat();
  const status = useStatus();
  const vms = useVms();
  const gpus = useGpus();
  const devices = useDevices();
  const mayChange = useMayChange();
  const [fix, setFix] = useState<Fix>();
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
            <>
              <Card>
                <Text>
                  {data.host.os_name} · {t("web.overview.build", { build: String(data.host.build) })}
                </Text>
                <CheckList
                  checks={data.checks}
                  action={(check) =>
                    check.fix && (
                      <Button className={styles.fix} icon={<WrenchRegular />} disabled={!mayChange && check.fix === "recover"} onClick={() => setFix(check.fix)} data-fix={check.fix}>
                        {t(`web.fix.${check.fix}.short`)}
                      </Button>
                    )
                  }
                />
              </Card>
              {fix && <FixDialog fix={fix} status={data} onClose={() => setFix(undefined)} />}
            </>
          )}
        </Loaded>
      </section>
    </PageFrame>
  );
}

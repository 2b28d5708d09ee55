import { Badge, Button, Card, CardHeader, Text, makeStyles, tokens } from "@fluentui/react-components";
import { AddRegular, DeleteRegular } from "@fluentui/react-icons";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { useGpus, useWaiting } from "../api/queries";
import { useMayChange } from "../app/session";
import { DriftBadge } from "../components/DriftBadge";
import { ForgetWaitingDialog, GpuAddDialog, GpuRemoveDialog, GpuSyncDialog } from "../components/GpuDialogs";
import { Loaded, PageFrame } from "../components/PageFrame";
import { UtilizationChart } from "../components/UtilizationChart";
import { WaitingBadge } from "../components/WaitingBadge";
import { useFormat } from "../i18n/format";

type Gpu = Schemas["Gpu"];
type Partition = Schemas["GpuPartition"];

const useStyles = makeStyles({
  cards: { display: "grid", gridTemplateColumns: "repeat(auto-fill, minmax(min(30rem, 100%), 1fr))", gap: tokens.spacingHorizontalL },
  facts: { display: "grid", gridTemplateColumns: "max-content minmax(0, 1fr)", columnGap: tokens.spacingHorizontalL, rowGap: tokens.spacingVerticalXS, margin: 0 },
  value: { margin: 0, overflowWrap: "anywhere" },
  users: { listStyleType: "none", margin: 0, padding: 0, display: "grid", rowGap: tokens.spacingVerticalS },
  user: { display: "flex", alignItems: "center", columnGap: tokens.spacingHorizontalS, flexWrap: "wrap" },
  grow: { flexGrow: 1 },
  give: { whiteSpace: "nowrap" },
});

type Job = { kind: "add"; gpu: Gpu } | { kind: "remove" | "sync" | "forget"; gpu: Gpu; partition: Partition };

/** One VM that uses the card: is its driver in step, does it wait, and what may be done about it. */
function PartitionRow({ gpu, partition, onJob }: { gpu: Gpu; partition: Partition; onJob(job: Job): void }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const mayChange = useMayChange();
  const waiting = useWaiting().data?.get(partition.vm);
  const waits = waiting !== undefined && !waiting.given_up;
  return (
    <li className={styles.user} data-partition={partition.vm}>
      <Text className={styles.grow}>{partition.vm_name ?? partition.vm}</Text>
      {partition.stale && <Badge color="danger">{t("web.gpus.stale")}</Badge>}
      {partition.drift && <DriftBadge drift={partition.drift} />}
      {waiting && <WaitingBadge waiting={waiting} />}
      {waits && (
        <Button size="small" disabled={!mayChange} onClick={() => onJob({ kind: "forget", gpu, partition })}>
          {t("web.waiting.forget")}
        </Button>
      )}
      {!waits && partition.drift && partition.drift.state !== "same" && (
        <Button size="small" disabled={!mayChange} onClick={() => onJob({ kind: "sync", gpu, partition })}>
          {t("web.gpus.sync")}
        </Button>
      )}
      <Button size="small" icon={<DeleteRegular />} disabled={!mayChange} onClick={() => onJob({ kind: "remove", gpu, partition })}>
        {t("web.gpus.take_back")}
      </Button>
    </li>
  );
}

function GpuCard({ gpu, onJob }: { gpu: Gpu; onJob(job: Job): void }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const format = useFormat();
  const mayChange = useMayChange();
  const facts: [string, string][] = [
    [t("web.gpus.vram"), gpu.vram_bytes === undefined ? t("web.unknown") : format.bytes(gpu.vram_bytes)],
    [t("web.gpus.driver"), [gpu.driver_version, gpu.driver_date].filter(Boolean).join(" · ") || t("web.unknown")],
    [t("web.gpus.partitions"), gpu.partitionable ? `${gpu.partitions.length} / ${gpu.partition_count}` : t("web.gpus.not_partitionable")],
    [t("web.gpus.location"), gpu.location_path ?? t("web.unknown")],
  ];
  return (
    <Card data-gpu={gpu.instance_path}>
      <CardHeader
        header={<Text weight="semibold">{gpu.name}</Text>}
        description={<Text size={200}>{gpu.vendor === "unknown" ? t("web.unknown") : gpu.vendor}</Text>}
        action={
          <Button className={styles.give} appearance="primary" icon={<AddRegular />} disabled={!gpu.partitionable || !mayChange} onClick={() => onJob({ kind: "add", gpu })}>
            {t("web.gpus.give")}
          </Button>
        }
      />
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <div key={name} style={{ display: "contents" }}>
            <dt>{name}</dt>
            <dd className={styles.value}>{value}</dd>
          </div>
        ))}
      </dl>
      {gpu.partitions.length > 0 && (
        <ul className={styles.users}>
          {gpu.partitions.map((partition) => (
            <PartitionRow key={partition.id} gpu={gpu} partition={partition} onJob={onJob} />
          ))}
        </ul>
      )}
      <UtilizationChart gpu={gpu} />
    </Card>
  );
}

/** The host's cards: what they are, who uses them, how busy they are. */
export default function Gpus() {
  const { t } = useTranslation();
  const styles = useStyles();
  const gpus = useGpus();
  const [job, setJob] = useState<Job>();
  const close = () => setJob(undefined);
  return (
    <PageFrame name="gpus">
      <Loaded query={gpus} empty={t("web.gpus.none")}>
        {(list) => (
          <div className={styles.cards}>
            {list.map((gpu) => (
              <GpuCard key={gpu.instance_path} gpu={gpu} onJob={setJob} />
            ))}
          </div>
        )}
      </Loaded>
      {job?.kind === "add" && <GpuAddDialog gpu={job.gpu} onClose={close} />}
      {job?.kind === "remove" && <GpuRemoveDialog gpu={job.gpu} partition={job.partition} onClose={close} />}
      {job?.kind === "forget" && <ForgetWaitingDialog partition={job.partition} onClose={close} />}
      {job?.kind === "sync" && <GpuSyncDialog partition={job.partition} onClose={close} />}
    </PageFrame>
  );
}

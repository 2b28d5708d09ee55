import { Badge, Card, CardHeader, Field, Radio, RadioGroup, Subtitle2, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router-dom";
import type { Schemas } from "../api/client";
import { useGpus, useGuest, useVms } from "../api/queries";
import { ErrorView } from "../components/ErrorView";
import { VmPicker } from "../components/GpuDialogs";
import { ImportPreview } from "../components/ImportPreview";
import { Loaded, PageFrame } from "../components/PageFrame";
import { useFormat } from "../i18n/format";
import { useWords } from "../i18n/words";

type Disk = Schemas["DiskFindings"];
type Partition = Disk["partitions"][number];

const useStyles = makeStyles({
  list: { display: "grid", rowGap: tokens.spacingVerticalL },
  partitions: { display: "grid", rowGap: tokens.spacingVerticalM, listStyleType: "none", margin: 0, padding: 0 },
  picker: { maxWidth: "30rem" },
  wrap: { overflowWrap: "anywhere" },
});

/** What matters of a Linux guest: without dxgkrnl in the kernel that runs, its card does not appear. */
function LinuxView({ linux }: { linux: NonNullable<Partition["linux"]> }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const words = useWords();
  return (
    <div data-linux={linux.name}>
      <Text block>
        {linux.name} · {words.architecture(linux.architecture)}
      </Text>
      {linux.kernels.length === 0 && <Text block>{t("web.guest.no_kernels")}</Text>}
      {linux.kernels.map((kernel) => (
        <Text block key={kernel.release} className={styles.wrap} data-dxgkrnl={kernel.dxgkrnl}>
          {t(`web.guest.kernel.${kernel.dxgkrnl}`, { kernel: kernel.release })}
        </Text>
      ))}
      <Text block>{t(linux.loader_knows_libraries ? "web.guest.loader.knows" : "web.guest.loader.later")}</Text>
    </div>
  );
}

function PartitionView({ partition }: { partition: Partition }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const format = useFormat();
  const words = useWords();
  const windows = partition.windows;
  return (
    <li data-partition={partition.number}>
      <Text weight="semibold">
        {t("web.guest.partition", { number: String(partition.number), fs: words.fileSystem(partition.file_system), size: format.bytes(partition.size) })}
      </Text>
      {windows && (
        <Text block>
          {windows.product_name} · {t("web.overview.build", { build: `${windows.build}.${windows.revision}` })} · {words.architecture(windows.architecture)} ·{" "}
          {t("web.guest.control_sets", { sets: windows.control_sets.join(", ") })}
        </Text>
      )}
      {partition.linux && <LinuxView linux={partition.linux} />}
      {partition.drivers?.map((driver) => (
        <Text block key={driver.card} className={styles.wrap}>
          {t("web.guest.driver", { card: driver.card, version: driver.version, files: format.number(driver.files), size: format.bytes(driver.bytes) })}
        </Text>
      ))}
      {partition.refusal && <ErrorView error={partition.refusal} />}
    </li>
  );
}

function DiskView({ disk }: { disk: Disk }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const format = useFormat();
  const words = useWords();
  return (
    <Card data-disk={disk.path}>
      <CardHeader
        header={
          <Text weight="semibold" className={styles.wrap}>
            {disk.path}
          </Text>
        }
        description={<Text size={200}>{[words.imageFormat(disk.format), format.bytes(disk.size), words.partitionTable(disk.table)].join(" · ")}</Text>}
        action={disk.leftover_journal ? <Badge color="warning">{t("web.guest.journal")}</Badge> : undefined}
      />
      {disk.chain.length > 1 && <Text className={styles.wrap}>{t("web.guest.chain", { chain: disk.chain.join(" → ") })}</Text>}
      {disk.error && <ErrorView error={disk.error} />}
      <ul className={styles.partitions}>
        {disk.partitions.map((partition) => (
          <PartitionView key={partition.number} partition={partition} />
        ))}
      </ul>
    </Card>
  );
}

/** The cards whose driver could be put in; what that would write is worked out when one is chosen. */
function Previews({ vm }: { vm: string }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const gpus = useGpus();
  const [chosen, setChosen] = useState<string>();
  const cards = gpus.data?.filter((gpu) => gpu.partitionable) ?? [];
  if (cards.length === 0) return null;
  return (
    <Card>
      <Subtitle2 as="h2">{t("web.preview.title")}</Subtitle2>
      <Text>{t("web.preview.lead")}</Text>
      <Field label={t("web.preview.card")}>
        <RadioGroup layout="horizontal" value={chosen ?? ""} onChange={(_, data) => setChosen(data.value)}>
          {cards.map((gpu) => (
            <Radio key={gpu.instance_path} value={gpu.instance_path} label={gpu.name} />
          ))}
        </RadioGroup>
      </Field>
      <div className={styles.wrap}>{chosen && <ImportPreview vm={vm} gpu={chosen} />}</div>
    </Card>
  );
}

/** What is in a VM's disks, and what would be written, read from outside without changing a byte. */
export default function GuestDisk() {
  const { t } = useTranslation();
  const styles = useStyles();
  const [search, setSearch] = useSearchParams();
  const vms = useVms();
  const chosen = vms.data?.find((vm) => vm.id === search.get("vm"));
  const guest = useGuest(chosen?.id);
  return (
    <PageFrame name="guest">
      <div className={styles.picker} key={chosen?.id ?? "none"}>
        <VmPicker value={chosen} onChange={(vm) => vm && setSearch({ vm: vm.id })} />
      </div>
      {chosen ? (
        <Loaded query={guest} empty={t("web.guest.no_disks")}>
          {(disks) => (
            <div className={styles.list}>
              {disks.map((disk) => (
                <DiskView key={disk.path} disk={disk} />
              ))}
              {disks.length > 0 && <Previews key={chosen.id} vm={chosen.id} />}
            </div>
          )}
        </Loaded>
      ) : (
        <Text>{t("web.guest.choose")}</Text>
      )}
    </PageFrame>
  );
}

import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { DesktopRegular, MoreHorizontalRegular, ServerRegular } from "@fluentui/react-icons";
import { useState, type ComponentType, type DragEvent } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";

export const dragType = "application/x-exhyperv-device";
const shownAtMost = 12;

const useStyles = makeStyles({
  places: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS, alignItems: "center" },
  place: {
    display: "inline-flex",
    alignItems: "center",
    columnGap: tokens.spacingHorizontalXS,
    border: `1px dashed ${tokens.colorNeutralStrokeAccessible}`,
    borderRadius: tokens.borderRadiusMedium,
    padding: `${tokens.spacingVerticalSNudge} ${tokens.spacingHorizontalM}`,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  over: { backgroundColor: tokens.colorBrandBackground2, border: `1px solid ${tokens.colorBrandStroke1}` },
  hint: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
});

function Place({ label, name, icon: Icon, onDevice }: { label: string; name: string; icon: ComponentType; onDevice(id: string): void }) {
  const styles = useStyles();
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const id = event.dataTransfer.getData(dragType);
    if (id) onDevice(id);
  };
  return (
    <div
      className={mergeClasses(styles.place, over && styles.over)}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      data-drop={name}
    >
      <Icon aria-hidden />
      {label}
    </div>
  );
}

interface Props {
  vms: readonly Schemas["Vm"][];
  onHost(device: string): void;
  /** undefined: some other VM, to be chosen. */
  onVm(device: string, vm: Schemas["Vm"] | undefined): void;
}

/** Where a device can be dropped: the host, the first VMs, and "another one". The same is in every device's menu. */
export function DropPlaces({ vms, onHost, onVm }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  return (
    <div className={styles.places} aria-label={t("web.devices.drop")} role="group">
      <span className={styles.hint}>{t("web.devices.drop")}</span>
      <Place label={t("web.gpus.host")} name="host" icon={ServerRegular} onDevice={onHost} />
      {vms.slice(0, shownAtMost).map((vm) => (
        <Place key={vm.id} label={vm.name} name={vm.name} icon={DesktopRegular} onDevice={(id) => onVm(id, vm)} />
      ))}
      {vms.length > shownAtMost && <Place label={t("web.devices.other_vm")} name="other" icon={MoreHorizontalRegular} onDevice={(id) => onVm(id, undefined)} />}
    </div>
  );
}

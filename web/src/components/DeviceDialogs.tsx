import { Switch, Text } from "@fluentui/react-components";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { useVms } from "../api/queries";
import { VmPicker } from "./GpuDialogs";
import { JobDialog } from "./JobDialog";
import { PowerChoice, type Power } from "./PowerChoice";

type Device = Schemas["Device"];
type Vm = Schemas["Vm"];

export function AssignDialog({ device, vm: given, onClose }: { device: Device; vm?: Vm; onClose(): void }) {
  const { t } = useTranslation();
  const [vm, setVm] = useState<Vm | undefined>(given);
  const [companions, setCompanions] = useState(device.companions.length > 0);
  const [power, setPower] = useState<Power>("refuse");
  return (
    <JobDialog
      title={t("web.assign.title", { device: device.name })}
      request={vm && { operation: "device.assign", devices: [device.id], vm: vm.id, with_companions: companions, power }}
      onClose={onClose}
    >
      <Text>{t("web.assign.explain")}</Text>
      <VmPicker value={vm} onChange={setVm} />
      {device.companions.length > 0 && (
        <Switch checked={companions} onChange={(_, data) => setCompanions(data.checked)} label={t("web.assign.companions", { count: String(device.companions.length) })} />
      )}
      <PowerChoice vm={vm} value={power} onChange={setPower} />
    </JobDialog>
  );
}

export function ReturnDialog({ device, onClose }: { device: Device; onClose(): void }) {
  const { t } = useTranslation();
  const vms = useVms();
  const vm = vms.data?.find((entry) => entry.id === device.place.vm);
  const [companions, setCompanions] = useState(device.companions.length > 0);
  const [power, setPower] = useState<Power>("refuse");
  return (
    <JobDialog
      title={t("web.return.title", { device: device.name })}
      request={{ operation: "device.return", devices: [device.id], with_companions: companions, power }}
      onClose={onClose}
    >
      <Text>{t(device.place.kind === "stale" ? "web.return.explain_stale" : "web.return.explain")}</Text>
      {device.companions.length > 0 && (
        <Switch checked={companions} onChange={(_, data) => setCompanions(data.checked)} label={t("web.assign.companions", { count: String(device.companions.length) })} />
      )}
      <PowerChoice vm={vm} value={power} onChange={setPower} />
    </JobDialog>
  );
}

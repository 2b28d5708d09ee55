import { Combobox, Field, Option, Switch, Text } from "@fluentui/react-components";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { useVms } from "../api/queries";
import { EngineChoice, SystemChoice, useSystems } from "./GuestTarget";
import { JobDialog } from "./JobDialog";
import { PowerChoice, type Power } from "./PowerChoice";
import type { System } from "./systems";

type Vm = Schemas["Vm"];
type Engine = Schemas["Engine"];

/** A choice of the server's is not named. */
const engineWish = (engine: Engine) => (engine === "auto" ? {} : { engine });

/** VM names are not unique: the id is shown where two share one. */
export function vmLabel(vm: Vm, all: readonly Vm[]): string {
  return all.some((other) => other.id !== vm.id && other.name === vm.name) ? `${vm.name} (${vm.id.slice(0, 8)})` : vm.name;
}

const shownAtMost = 50;

export function VmPicker({ value, onChange }: { value: Vm | undefined; onChange(vm: Vm | undefined): void }) {
  const { t } = useTranslation();
  const vms = useVms();
  const all = useMemo(() => vms.data ?? [], [vms.data]);
  const [text, setText] = useState(value ? vmLabel(value, all) : "");
  const matches = all.filter((vm) => vmLabel(vm, all).toLowerCase().includes(text.toLowerCase()));
  return (
    <Field label={t("web.vm.choose")} required hint={matches.length > shownAtMost ? t("web.vm.more", { count: String(matches.length - shownAtMost) }) : undefined}>
      <Combobox
        value={text}
        selectedOptions={value ? [value.id] : []}
        onChange={(event) => {
          setText(event.target.value);
          onChange(undefined);
        }}
        onOptionSelect={(_, data) => {
          const vm = all.find((entry) => entry.id === data.optionValue);
          setText(vm ? vmLabel(vm, all) : "");
          onChange(vm);
        }}
      >
        {matches.slice(0, shownAtMost).map((vm) => (
          <Option key={vm.id} value={vm.id} text={vmLabel(vm, all)}>
            {vmLabel(vm, all)} · {t(`web.vm.state.${vm.state}`)}
          </Option>
        ))}
      </Combobox>
    </Field>
  );
}

export function GpuAddDialog({ gpu, vm: given, onClose }: { gpu: Schemas["Gpu"]; vm?: Vm; onClose(): void }) {
  const { t } = useTranslation();
  const [vm, setVm] = useState<Vm | undefined>(given);
  const [drivers, setDrivers] = useState(true);
  const [power, setPower] = useState<Power>("refuse");
  const [system, setSystem] = useState<System>();
  const [engine, setEngine] = useState<Engine>("auto");
  const undecided = useSystems(drivers ? vm?.id : undefined).length > 1 && !system;
  const chosen = drivers ? { ...(system && { disk: system.disk, partition: system.partition }), ...engineWish(engine) } : {};
  return (
    <JobDialog
      title={t("web.gpu_add.title", { gpu: gpu.name })}
      request={vm && !undecided ? { operation: "gpu.add", gpu: gpu.interface_path ?? gpu.instance_path, vm: vm.id, drivers, power, ...chosen } : undefined}
      onClose={onClose}
    >
      <Text>{t("web.gpu_add.explain")}</Text>
      <VmPicker
        value={vm}
        onChange={(picked) => {
          setVm(picked);
          setSystem(undefined);
        }}
      />
      <Switch checked={drivers} onChange={(_, data) => setDrivers(data.checked)} label={t("web.gpu_add.drivers")} />
      {vm && drivers && <SystemChoice vm={vm} value={system} onChange={setSystem} />}
      {drivers && <EngineChoice value={engine} onChange={setEngine} />}
      <PowerChoice vm={vm} value={power} onChange={setPower} />
    </JobDialog>
  );
}

export function GpuRemoveDialog({ gpu, partition, onClose }: { gpu: Schemas["Gpu"]; partition: Schemas["GpuPartition"]; onClose(): void }) {
  const { t } = useTranslation();
  const vms = useVms();
  const vm = vms.data?.find((entry) => entry.id === partition.vm);
  const [purge, setPurge] = useState(false);
  const [engine, setEngine] = useState<Engine>("auto");
  const [power, setPower] = useState<Power>("refuse");
  return (
    <JobDialog
      title={t("web.gpu_remove.title", { gpu: gpu.name, vm: partition.vm_name ?? partition.vm })}
      request={{ operation: "gpu.remove", gpu: gpu.interface_path ?? gpu.instance_path, vm: partition.vm, purge, power, ...(purge ? engineWish(engine) : {}) }}
      onClose={onClose}
    >
      <Text>{t("web.gpu_remove.explain")}</Text>
      <Switch checked={purge} onChange={(_, data) => setPurge(data.checked)} label={t("web.gpu_remove.purge")} />
      {purge && <EngineChoice value={engine} onChange={setEngine} />}
      <PowerChoice vm={vm} value={power} onChange={setPower} />
    </JobDialog>
  );
}

export function GpuSyncDialog({ partition, onClose }: { partition: Schemas["GpuPartition"]; onClose(): void }) {
  const { t } = useTranslation();
  const vms = useVms();
  const vm = vms.data?.find((entry) => entry.id === partition.vm);
  const [power, setPower] = useState<Power>("refuse");
  const [whenOff, setWhenOff] = useState(false);
  const [engine, setEngine] = useState<Engine>("auto");
  return (
    <JobDialog
      title={t("web.gpu_sync.title", { vm: partition.vm_name ?? partition.vm })}
      request={{ operation: "gpu.sync", vm: partition.vm, ...(whenOff ? { when_off: true } : { power, ...engineWish(engine) }) }}
      onClose={onClose}
    >
      <Text>{t("web.gpu_sync.explain")}</Text>
      <PowerChoice vm={vm} value={power} onChange={setPower} later={{ label: t("web.gpu_sync.when_off"), chosen: whenOff, onChange: setWhenOff }} />
      {!whenOff && <EngineChoice value={engine} onChange={setEngine} />}
    </JobDialog>
  );
}

/** Takes back the wish to bring a VM up to date when it is off. */
export function ForgetWaitingDialog({ partition, onClose }: { partition: Schemas["GpuPartition"]; onClose(): void }) {
  const { t } = useTranslation();
  return (
    <JobDialog
      title={t("web.waiting.forget.title", { vm: partition.vm_name ?? partition.vm })}
      request={{ operation: "gpu.sync", vm: partition.vm, forget_waiting: true }}
      onClose={onClose}
    >
      <Text>{t("web.waiting.forget.explain")}</Text>
    </JobDialog>
  );
}

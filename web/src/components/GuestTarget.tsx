import { Field, Radio, RadioGroup, Text } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { useGuest, useStatus } from "../api/queries";
import { systemsOf, type System } from "./systems";

type Engine = Schemas["Engine"];

interface Props {
  vm: Schemas["Vm"];
  /** undefined: none chosen yet, or nothing to choose from. */
  value: System | undefined;
  onChange(system: System): void;
}

/** Is it still open which system is meant? The plan cannot be made before that is said. */
export function useSystems(vm: string | undefined): readonly System[] {
  return systemsOf(useGuest(vm).data ?? []);
}

const words = ({ name, partition, disk }: System) => ({ name, disk, partition: String(partition) });

/** Which of the systems in a VM's disks. One line is there in any case: the buttons below may not move away under the pointer. */
export function SystemChoice({ vm, value, onChange }: Props) {
  const { t } = useTranslation();
  const looking = useGuest(vm.id).isLoading;
  const systems = useSystems(vm.id);
  const only = systems[0];
  if (systems.length < 2) {
    const line = only ? t("web.system.one", words(only)) : t(looking ? "web.system.looking" : "web.system.none");
    return (
      <Text size={200} block truncate wrap={false} title={line} role="status" data-testid="system">
        {line}
      </Text>
    );
  }
  return (
    <Field label={t("web.system.question")} required>
      <RadioGroup value={value?.id ?? ""} onChange={(_, data) => systems.filter(({ id }) => id === data.value).forEach(onChange)}>
        {systems.map((system) => (
          <Radio key={system.id} value={system.id} label={t("web.system.option", words(system))} />
        ))}
      </RadioGroup>
    </Field>
  );
}

/** Who writes into the guest's disk; nothing where this server has no choice. */
export function EngineChoice({ value, onChange }: { value: Engine; onChange(engine: Engine): void }) {
  const { t } = useTranslation();
  const engines = useStatus().data?.engines ?? [];
  if (engines.length < 2) return null;
  return (
    <Field label={t("web.engine.question")}>
      <RadioGroup value={value} onChange={(_, data) => onChange(data.value as Engine)}>
        {(["auto", ...engines] as const).map((engine) => (
          <Radio key={engine} value={engine} label={t(`web.engine.${engine}`)} />
        ))}
      </RadioGroup>
    </Field>
  );
}

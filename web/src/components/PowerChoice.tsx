import { Field, Radio, RadioGroup } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";

export type Power = Schemas["PowerPolicy"];

interface Props<Choice extends string> {
  vm: Schemas["Vm"] | undefined;
  value: Power | Choice;
  onChange(value: Power | Choice): void;
  /** A further answer, for what can be done later by itself. */
  also?: { value: Choice; label: string };
}

/** What to do about a VM that runs. Nothing is chosen for the user: a VM is never powered off unasked. */
export function PowerChoice<Choice extends string = never>({ vm, value, onChange, also }: Props<Choice>) {
  const { t } = useTranslation();
  if (!vm || vm.state === "off") return null;
  return (
    <Field label={t("web.power.question", { vm: vm.name })}>
      <RadioGroup value={value} onChange={(_, data) => onChange(data.value as Power | Choice)}>
        <Radio value="refuse" label={t("web.power.refuse")} />
        <Radio value="shut_down" label={t("web.power.shut_down")} />
        <Radio value="turn_off" label={t("web.power.turn_off")} />
        {also && <Radio value={also.value} label={also.label} />}
      </RadioGroup>
    </Field>
  );
}

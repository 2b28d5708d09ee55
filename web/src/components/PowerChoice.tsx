import { Field, Radio, RadioGroup } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";

export type Power = Schemas["PowerPolicy"];

interface Props {
  vm: Schemas["Vm"] | undefined;
  value: Power;
  onChange(value: Power): void;
  /** A further answer, for what can be done later by itself. */
  later?: { label: string; chosen: boolean; onChange(chosen: boolean): void };
}

/** What to do about a VM that runs. Nothing is chosen for the user: a VM is never powered off unasked. */
export function PowerChoice({ vm, value, onChange, later }: Props) {
  const { t } = useTranslation();
  if (!vm || vm.state === "off") return null;
  const choose = (choice: string) => {
    later?.onChange(choice === "later");
    if (choice !== "later") onChange(choice as Power);
  };
  return (
    <Field label={t("web.power.question", { vm: vm.name })}>
      <RadioGroup value={later?.chosen ? "later" : value} onChange={(_, data) => choose(data.value)}>
        <Radio value="refuse" label={t("web.power.refuse")} />
        {later && <Radio value="later" label={later.label} />}
        <Radio value="shut_down" label={t("web.power.shut_down")} />
        <Radio value="turn_off" label={t("web.power.turn_off")} />
      </RadioGroup>
    </Field>
  );
}

import { Badge, Tooltip } from "@fluentui/react-components";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { useFormat } from "../i18n/format";

/** Why the last try failed: the state keeps the code of an error or the id of a check, people get their words. */
function problemWords(t: TFunction, exists: (key: string) => boolean, { problem, vm_name }: Schemas["WaitingVm"]): string[] {
  if (!problem) return [];
  if (exists(`check.${problem}`)) return [t("web.waiting.check", { check: t(`check.${problem}`) })];
  if (!exists(`error.${problem}.title`)) return [t("web.waiting.other")];
  const args = { vm: vm_name };
  return [t("web.waiting.problem", { problem: t(`error.${problem}.title`, args) }), t(`error.${problem}.remedy`, args)];
}

/** A VM whose driver is brought up to date when it is seen off: since when, and what went wrong so far. */
export function WaitingBadge({ waiting }: { waiting: Schemas["WaitingVm"] }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const story = [
    t("web.waiting.since", { time: format.time(waiting.since), who: waiting.who }),
    ...(waiting.problem ? [t("web.waiting.tries", { tries: format.number(waiting.tries) })] : []),
    ...problemWords(t, (key) => i18n.exists(key), waiting),
    ...(waiting.next_try ? [t("web.waiting.next_try", { time: format.time(waiting.next_try) })] : []),
  ].join(" ");
  return (
    <Tooltip content={story} relationship="description">
      <Badge appearance="tint" color={waiting.given_up ? "danger" : "informative"} tabIndex={0} data-waiting={waiting.given_up ? "given_up" : "waits"}>
        {t(waiting.given_up ? "web.waiting.given_up" : "web.waiting.waits")}
      </Badge>
    </Tooltip>
  );
}

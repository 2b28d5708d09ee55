import { Badge, Tooltip } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { useFormat } from "../i18n/format";

/** A VM whose driver is brought up to date when it is seen off: since when, and what went wrong so far. */
export function WaitingBadge({ waiting }: { waiting: Schemas["WaitingVm"] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const story = [
    t("web.waiting.since", { time: format.time(waiting.since), who: waiting.who }),
    ...(waiting.problem ? [t("web.waiting.problem", { tries: format.number(waiting.tries), problem: waiting.problem })] : []),
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

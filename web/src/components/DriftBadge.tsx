import { Badge, Tooltip } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";

const colors = { same: "success", older: "warning", newer: "warning", different: "warning", missing: "danger" } as const;

/** Is the guest's driver in step with the host's? */
export function DriftBadge({ drift }: { drift: Schemas["Drift"] }) {
  const { t } = useTranslation();
  const versions = t("web.drift.versions", { host: drift.host_version, guest: drift.guest_version || t("web.drift.none") });
  return (
    <Tooltip content={versions} relationship="description">
      <Badge appearance="tint" color={colors[drift.state]} tabIndex={0} data-drift={drift.state}>
        {t(`web.drift.${drift.state}`)}
      </Badge>
    </Tooltip>
  );
}

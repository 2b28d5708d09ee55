import {
  Badge,
  Button,
  Input,
  Link,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  Spinner,
  Subtitle2,
  Text,
  Tooltip,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { MoreHorizontalRegular } from "@fluentui/react-icons";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { useDevices, useVms } from "../api/queries";
import { useMayChange } from "../app/session";
import { CheckList } from "../components/CheckList";
import { DeviceDetails } from "../components/DeviceDetails";
import { AssignDialog, ReturnDialog } from "../components/DeviceDialogs";
import { DropPlaces, dragType } from "../components/DropPlaces";
import { Loaded, PageFrame } from "../components/PageFrame";
import { VirtualTable, type Column } from "../components/VirtualTable";
import type { Language } from "../i18n";
import { useWords } from "../i18n/words";

type Device = Schemas["Device"];

const useStyles = makeStyles({
  stuck: { display: "grid", gridTemplateColumns: "minmax(0, 1fr)", rowGap: tokens.spacingVerticalS },
  // Fluent's own wrapping measures first and jumps then.
  bar: { whiteSpace: "normal", paddingBlock: tokens.spacingVerticalXS },
  filter: { width: "20rem" },
  evidence: { maxWidth: "28rem" },
  name: { display: "flex", alignItems: "center", columnGap: tokens.spacingHorizontalS, minWidth: 0 },
  link: { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
});

const verdictColors = { assignable: "success", warning: "warning", not_assignable: "danger", unknown: "subtle" } as const;
const stuckKinds = new Set(["dismounted", "stale", "host-disabled"]);
const placeOrder = { stale: 0, dismounted: 1, "host-disabled": 2, vm: 3, host: 4 } as const;

type Job = { kind: "assign"; device: Device; vm?: Schemas["Vm"] } | { kind: "return"; device: Device } | { kind: "show"; device: Device };

/** Stuck ones first, then VM by VM, then the host's. */
export function byPlace(a: Device, b: Device): number {
  return (
    placeOrder[a.place.kind] - placeOrder[b.place.kind] || (a.place.vm_name ?? "").localeCompare(b.place.vm_name ?? "") || a.location_path.localeCompare(b.location_path)
  );
}

/** PCI functions by place; sent to a VM or brought home by menu, keyboard or drag. Stuck ones stand on top with the way out. */
export default function Devices() {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const words = useWords();
  const devices = useDevices();
  const vms = useVms();
  const mayChange = useMayChange();
  const [filter, setFilter] = useState("");
  const [job, setJob] = useState<Job>();
  const close = () => setJob(undefined);
  const placeOf = useCallback((device: Device) => t(`web.place.${device.place.kind}`, { vm: device.place.vm_name ?? device.place.vm ?? "" }), [t]);

  const columns = useMemo<Column<Device>[]>(
    () => [
      {
        key: "name",
        title: t("web.devices.name"),
        width: "minmax(11rem, 3fr)",
        narrow: "minmax(10rem, 3fr)",
        cell: (device) => (
          <span className={styles.name}>
            <Link as="button" className={styles.link} title={device.name} onClick={() => setJob({ kind: "show", device })}>
              {device.name}
            </Link>
            {device.companions.length > 0 && (
              <Badge appearance="outline" shape="rounded" title={t("web.devices.companions")}>
                +{device.companions.length}
              </Badge>
            )}
          </span>
        ),
      },
      { key: "class", title: t("web.devices.class"), width: "6.5rem", narrow: "6rem", cell: (device) => words.deviceClass(device.class) },
      { key: "place", title: t("web.devices.place"), width: "minmax(7.5rem, 1fr)", narrow: false, cell: placeOf },
      {
        key: "verdict",
        title: t("web.devices.verdict"),
        width: "8rem",
        narrow: "7.5rem",
        cell: (device) => (
          <Tooltip relationship="description" content={{ className: styles.evidence, children: <CheckList checks={device.checks} /> }}>
            <Badge appearance="tint" color={verdictColors[device.verdict]} tabIndex={0} data-verdict={device.verdict}>
              {t(`web.devices.verdict.${device.verdict}`)}
            </Badge>
          </Tooltip>
        ),
      },
      {
        key: "compatibility",
        title: t("web.devices.compatibility"),
        width: "8.5rem",
        narrow: "7.5rem",
        cell: (device) =>
          device.compatibility ? <Text title={device.compatibility.note?.[i18n.language as Language]}>{t(`web.devices.reset.${device.compatibility.function_level_reset}`)}</Text> : "–",
      },
      {
        key: "location",
        title: t("web.devices.location"),
        width: "minmax(8.5rem, 2fr)",
        narrow: "minmax(7rem, 2fr)",
        cell: (device) => (
          <Text size={200} truncate wrap={false} block title={device.location_path}>
            {device.location_path}
          </Text>
        ),
      },
      {
        key: "actions",
        sticky: true,
        title: t("web.vms.actions"),
        width: "4.5rem",
        narrow: "2.25rem",
        cell: (device) => (
          <Menu>
            <MenuTrigger disableButtonEnhancement>
              <Button size="small" icon={<MoreHorizontalRegular />} aria-label={t("web.devices.actions_of", { device: device.name })} />
            </MenuTrigger>
            <MenuPopover>
              <MenuList>
                <MenuItem disabled={!mayChange || device.place.kind === "stale"} onClick={() => setJob({ kind: "assign", device })}>
                  {t("web.devices.assign")}
                </MenuItem>
                <MenuItem disabled={!mayChange || device.place.kind === "host"} onClick={() => setJob({ kind: "return", device })}>
                  {t(device.place.kind === "stale" ? "web.devices.clear" : "web.devices.return")}
                </MenuItem>
                <MenuItem onClick={() => setJob({ kind: "show", device })}>{t("web.devices.show")}</MenuItem>
              </MenuList>
            </MenuPopover>
          </Menu>
        ),
      },
    ],
    [t, i18n.language, mayChange, placeOf, styles, words],
  );

  return (
    <PageFrame
      name="devices"
      actions={<Input className={styles.filter} aria-label={t("web.devices.filter")} placeholder={t("web.devices.filter")} value={filter} onChange={(_, data) => setFilter(data.value)} />}
    >
      <Loaded query={devices} empty={t("web.devices.none")}>
        {(list) => {
          if (vms.isPending) return <Spinner label={t("web.loading")} />; // the row of places would grow afterwards
          const wanted = filter.toLowerCase();
          const shown = list.filter((device) => `${device.name} ${device.class} ${words.deviceClass(device.class)} ${device.location_path} ${placeOf(device)}`.toLowerCase().includes(wanted)).sort(byPlace);
          const stuck = list.filter((device) => stuckKinds.has(device.place.kind));
          const find = (id: string) => list.find((device) => device.id === id);
          return (
            <>
              {stuck.length > 0 && (
                <section className={styles.stuck} aria-label={t("web.devices.stuck")}>
                  <Subtitle2 as="h2">{t("web.devices.stuck")}</Subtitle2>
                  {stuck.map((device) => (
                    <MessageBar key={device.id} intent="warning" layout="singleline" className={styles.bar} data-stuck={device.id}>
                      <MessageBarBody>
                        <MessageBarTitle>{device.name}</MessageBarTitle> {t(`web.stuck.${device.place.kind}`, { vm: device.place.vm_name ?? device.place.vm ?? "" })}
                      </MessageBarBody>
                      <MessageBarActions>
                        <Button size="small" disabled={!mayChange} onClick={() => setJob({ kind: "return", device })}>
                          {t(device.place.kind === "stale" ? "web.devices.clear" : "web.devices.return")}
                        </Button>
                      </MessageBarActions>
                    </MessageBar>
                  ))}
                </section>
              )}
              {mayChange && (
                <DropPlaces
                  vms={vms.data ?? []}
                  onHost={(id) => {
                    const device = find(id);
                    if (device && device.place.kind !== "host") setJob({ kind: "return", device });
                  }}
                  onVm={(id, vm) => {
                    const device = find(id);
                    if (device && device.place.kind !== "stale" && (!vm || device.place.vm !== vm.id)) setJob({ kind: "assign", device, vm });
                  }}
                />
              )}
              {shown.length === 0 ? (
                <Text data-testid="empty">{t("web.filter.none", { filter })}</Text>
              ) : (
                <VirtualTable
                  label={t("web.nav.devices")}
                  rows={shown}
                  columns={columns}
                  rowHeight={44}
                  id={(device) => device.id}
                  group={placeOf}
                  rowProps={(device) => ({ draggable: mayChange, onDragStart: (event) => event.dataTransfer.setData(dragType, device.id) })}
                />
              )}
            </>
          );
        }}
      </Loaded>
      {job?.kind === "assign" && <AssignDialog device={job.device} vm={job.vm} onClose={close} />}
      {job?.kind === "return" && <ReturnDialog device={job.device} onClose={close} />}
      {job?.kind === "show" && <DeviceDetails device={job.device} all={devices.data ?? []} onClose={close} />}
    </PageFrame>
  );
}

import { Badge, Button, Input, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger, MessageBar, MessageBarBody, MessageBarTitle, Subtitle2, Text, Tooltip, makeStyles, tokens } from "@fluentui/react-components";
import { MoreHorizontalRegular } from "@fluentui/react-icons";
import { useMemo, useState, type DragEvent } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { useDevices, useVms } from "../api/queries";
import { useMayChange } from "../app/session";
import { CheckList } from "../components/CheckList";
import { AssignDialog, ReturnDialog } from "../components/DeviceDialogs";
import { Loaded, PageFrame } from "../components/PageFrame";
import { VirtualTable, type Column } from "../components/VirtualTable";
import type { Language } from "../i18n";

type Device = Schemas["Device"];

const useStyles = makeStyles({
  places: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
  place: {
    border: `1px dashed ${tokens.colorNeutralStroke1}`,
    borderRadius: tokens.borderRadiusMedium,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  over: { backgroundColor: tokens.colorBrandBackground2 },
  stuck: { display: "grid", rowGap: tokens.spacingVerticalS },
  evidence: { maxWidth: "28rem" },
});

const verdictColors = { assignable: "success", warning: "warning", not_assignable: "danger", unknown: "subtle" } as const;
const stuckKinds = new Set(["dismounted", "stale", "host-disabled"]);

type Job = { kind: "assign"; device: Device; vm?: Schemas["Vm"] } | { kind: "return"; device: Device };

function DropPlace({ label, onDevice }: { label: string; onDevice(id: string): void }) {
  const styles = useStyles();
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const id = event.dataTransfer.getData("application/x-exhyperv-device");
    if (id) onDevice(id);
  };
  return (
    <div
      className={over ? `${styles.place} ${styles.over}` : styles.place}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      data-drop={label}
    >
      {label}
    </div>
  );
}

const shownPlaces = 12;

/** PCI functions by place; sent to a VM or brought home by menu, keyboard or drag. Stuck ones stand on top with the way out. */
export default function Devices() {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const devices = useDevices();
  const vms = useVms();
  const mayChange = useMayChange();
  const [filter, setFilter] = useState("");
  const [job, setJob] = useState<Job>();
  const close = () => setJob(undefined);

  const columns = useMemo<Column<Device>[]>(
    () => [
      {
        key: "name",
        title: t("web.devices.name"),
        width: "minmax(10rem, 3fr)",
        cell: (device) => (
          <span draggable={mayChange} onDragStart={(event) => event.dataTransfer.setData("application/x-exhyperv-device", device.id)} title={device.instance_path}>
            {device.name}
          </span>
        ),
      },
      { key: "class", title: t("web.devices.class"), width: "6.5rem", cell: (device) => device.class },
      { key: "place", title: t("web.devices.place"), width: "minmax(7.5rem, 1fr)", cell: (device) => t(`web.place.${device.place.kind}`, { vm: device.place.vm_name ?? device.place.vm ?? "" }) },
      {
        key: "verdict",
        title: t("web.devices.verdict"),
        width: "8rem",
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
        width: "8rem",
        cell: (device) => (device.compatibility ? <Text title={device.compatibility.note?.[i18n.language as Language]}>{t(`web.devices.reset.${device.compatibility.function_level_reset}`)}</Text> : "–"),
      },
      { key: "location", title: t("web.devices.location"), width: "minmax(9rem, 2fr)", cell: (device) => <Text size={200} truncate wrap={false} block title={device.location_path}>{device.location_path}</Text> },
      {
        key: "actions",
        title: t("web.vms.actions"),
        width: "4.5rem",
        cell: (device) => (
          <Menu>
            <MenuTrigger disableButtonEnhancement>
              <Button size="small" icon={<MoreHorizontalRegular />} disabled={!mayChange} aria-label={t("web.devices.actions_of", { device: device.name })} />
            </MenuTrigger>
            <MenuPopover>
              <MenuList>
                <MenuItem disabled={device.place.kind === "stale"} onClick={() => setJob({ kind: "assign", device })}>
                  {t("web.devices.assign")}
                </MenuItem>
                <MenuItem disabled={device.place.kind === "host"} onClick={() => setJob({ kind: "return", device })}>
                  {t(device.place.kind === "stale" ? "web.devices.clear" : "web.devices.return")}
                </MenuItem>
              </MenuList>
            </MenuPopover>
          </Menu>
        ),
      },
    ],
    [t, i18n.language, mayChange, styles.evidence],
  );

  return (
    <PageFrame
      name="devices"
      actions={<Input aria-label={t("web.devices.filter")} placeholder={t("web.devices.filter")} value={filter} onChange={(_, data) => setFilter(data.value)} />}
    >
      <Loaded query={devices} empty={t("web.devices.none")}>
        {(list) => {
          const shown = list.filter((device) => `${device.name} ${device.class} ${device.location_path}`.toLowerCase().includes(filter.toLowerCase()));
          const stuck = list.filter((device) => stuckKinds.has(device.place.kind));
          const find = (id: string) => list.find((device) => device.id === id);
          return (
            <>
              {stuck.length > 0 && (
                <section className={styles.stuck} aria-label={t("web.devices.stuck")}>
                  <Subtitle2 as="h2">{t("web.devices.stuck")}</Subtitle2>
                  {stuck.map((device) => (
                    <MessageBar key={device.id} intent="warning" layout="multiline" data-stuck={device.id}>
                      <MessageBarBody>
                        <MessageBarTitle>{device.name}</MessageBarTitle>
                        {t(`web.stuck.${device.place.kind}`, { vm: device.place.vm_name ?? device.place.vm ?? "" })}{" "}
                        <Button size="small" disabled={!mayChange} onClick={() => setJob({ kind: "return", device })}>
                          {t(device.place.kind === "stale" ? "web.devices.clear" : "web.devices.return")}
                        </Button>
                      </MessageBarBody>
                    </MessageBar>
                  ))}
                </section>
              )}
              {mayChange && (
                <div className={styles.places} aria-label={t("web.devices.drop")} role="group">
                  <DropPlace
                    label={t("web.gpus.host")}
                    onDevice={(id) => {
                      const device = find(id);
                      if (device && device.place.kind !== "host") setJob({ kind: "return", device });
                    }}
                  />
                  {(vms.data ?? []).slice(0, shownPlaces).map((vm) => (
                    <DropPlace
                      key={vm.id}
                      label={vm.name}
                      onDevice={(id) => {
                        const device = find(id);
                        if (device && device.place.vm !== vm.id) setJob({ kind: "assign", device, vm });
                      }}
                    />
                  ))}
                </div>
              )}
              <VirtualTable label={t("web.nav.devices")} rows={shown} columns={columns} rowHeight={44} id={(device) => device.id} />
            </>
          );
        }}
      </Loaded>
      {job?.kind === "assign" && <AssignDialog device={job.device} vm={job.vm} onClose={close} />}
      {job?.kind === "return" && <ReturnDialog device={job.device} onClose={close} />}
    </PageFrame>
  );
}

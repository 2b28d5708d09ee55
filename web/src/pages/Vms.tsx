import { Badge, Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Input, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger, Spinner, Text } from "@fluentui/react-components";
import { MoreHorizontalRegular, PlayRegular } from "@fluentui/react-icons";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import { ApiFailure, type Schemas } from "../api/client";
import { usePower, useVms } from "../api/queries";
import { useMayChange } from "../app/session";
import { DriftBadge } from "../components/DriftBadge";
import { ErrorView } from "../components/ErrorView";
import { Loaded, PageFrame } from "../components/PageFrame";
import { VirtualTable, type Column } from "../components/VirtualTable";
import { useFormat } from "../i18n/format";

type Vm = Schemas["Vm"];

const stateColors = {
  off: "subtle",
  running: "success",
  paused: "warning",
  saved: "informative",
  changing: "informative",
  critical: "danger",
  unknown: "warning",
} as const;

function VmState({ state }: { state: Vm["state"] }) {
  const { t } = useTranslation();
  return (
    <Badge appearance="tint" color={stateColors[state]} data-state={state}>
      {t(`web.vm.state.${state}`)}
    </Badge>
  );
}

type Action = "start" | "shut_down" | "turn_off";

/** Every VM with what matters here: state, devices, MMIO windows, guest build, driver, memory. */
export default function Vms() {
  const { t } = useTranslation();
  const format = useFormat();
  const vms = useVms();
  const power = usePower();
  const mayChange = useMayChange();
  const [filter, setFilter] = useState("");
  const [confirm, setConfirm] = useState<{ vm: Vm; action: Action }>();
  const changing = power.isPending ? power.variables.vm : undefined;

  const columns = useMemo<Column<Vm>[]>(
    () => [
      { key: "name", title: t("web.vms.name"), width: "minmax(7rem, 2fr)", narrow: "minmax(5rem, 2fr)", cell: (vm) => <Text title={vm.id} truncate wrap={false} block>{vm.name}</Text> },
      { key: "state", title: t("web.vms.state"), width: "6rem", narrow: "5.5rem", cell: (vm) => (vm.id === changing ? <Spinner size="extra-tiny" label={t("web.vm.state.changing")} /> : <VmState state={vm.state} />) },
      {
        key: "gpus",
        title: t("web.vms.gpus"),
        width: "minmax(8.5rem, 1fr)",
        narrow: "minmax(6.75rem, 1fr)",
        cell: (vm) =>
          vm.gpu_partitions.length === 0
            ? "–"
            : vm.gpu_partitions.map((partition) => (partition.drift ? <DriftBadge key={partition.id} drift={partition.drift} /> : <Badge key={partition.id}>1</Badge>)),
      },
      { key: "devices", title: t("web.vms.devices"), width: "4.5rem", narrow: "4rem", cell: (vm) => (vm.devices.length === 0 ? "–" : format.number(vm.devices.length)) },
      {
        key: "mmio",
        title: t("web.vms.mmio"),
        width: "9rem",
        narrow: "8rem",
        cell: (vm) =>
          vm.settings.low_mmio_mib === undefined || vm.settings.high_mmio_mib === undefined
            ? t("web.unknown")
            : `${format.bytes(vm.settings.low_mmio_mib * 1048576)} / ${format.bytes(vm.settings.high_mmio_mib * 1048576)}`,
      },
      { key: "memory", title: t("web.vms.memory"), width: "5rem", narrow: "4rem", cell: (vm) => format.bytes(vm.memory.startup_mib * 1048576) },
      { key: "build", title: t("web.vms.build"), width: "6rem", narrow: "5.75rem", cell: (vm) => vm.guest_build ?? <Link to={`/guest?vm=${vm.id}`}>{t("web.vms.look")}</Link> },
      {
        key: "actions",
        sticky: true,
        title: t("web.vms.actions"),
        width: "4.5rem",
        narrow: "2.25rem",
        cell: (vm) => (
          <Menu>
            <MenuTrigger disableButtonEnhancement>
              <Button size="small" icon={<MoreHorizontalRegular />} disabled={!mayChange || changing !== undefined} aria-label={t("web.vms.actions_of", { vm: vm.name })} />
            </MenuTrigger>
            <MenuPopover>
              <MenuList>
                <MenuItem icon={<PlayRegular />} disabled={vm.state !== "off" && vm.state !== "saved"} onClick={() => power.mutate({ vm: vm.id, action: "start" })}>
                  {t("web.vms.start")}
                </MenuItem>
                <MenuItem disabled={vm.state !== "running"} onClick={() => setConfirm({ vm, action: "shut_down" })}>
                  {t("web.vms.shut_down")}
                </MenuItem>
                <MenuItem disabled={vm.state === "off"} onClick={() => setConfirm({ vm, action: "turn_off" })}>
                  {t("web.vms.turn_off")}
                </MenuItem>
              </MenuList>
            </MenuPopover>
          </Menu>
        ),
      },
    ],
    [t, format, mayChange, power, changing],
  );

  return (
    <PageFrame
      name="vms"
      actions={<Input aria-label={t("web.vms.filter")} placeholder={t("web.vms.filter")} value={filter} onChange={(_, data) => setFilter(data.value)} />}
    >
      {power.error instanceof ApiFailure && <ErrorView error={power.error.error} />}
      <Loaded query={vms} empty={t("web.vms.none")}>
        {(list) => {
          const shown = list.filter((vm) => vm.name.toLowerCase().includes(filter.toLowerCase()));
          return shown.length === 0 ? (
            <Text data-testid="empty">{t("web.filter.none", { filter })}</Text>
          ) : (
            <VirtualTable label={t("web.nav.vms")} rows={shown} columns={columns} rowHeight={48} id={(vm) => vm.id} />
          );
        }}
      </Loaded>
      {confirm && (
        <Dialog open modalType="alert" onOpenChange={(_, data) => !data.open && setConfirm(undefined)}>
          <DialogSurface>
            <DialogBody>
              <DialogTitle>{t(`web.vms.confirm.${confirm.action}.title`, { vm: confirm.vm.name })}</DialogTitle>
              <DialogContent>{t(`web.vms.confirm.${confirm.action}.text`)}</DialogContent>
              <DialogActions>
                <Button onClick={() => setConfirm(undefined)}>{t("web.back")}</Button>
                <Button
                  appearance="primary"
                  onClick={() => {
                    power.mutate({ vm: confirm.vm.id, action: confirm.action });
                    setConfirm(undefined);
                  }}
                >
                  {t(`web.vms.${confirm.action}`)}
                </Button>
              </DialogActions>
            </DialogBody>
          </DialogSurface>
        </Dialog>
      )}
    </PageFrame>
  );
}

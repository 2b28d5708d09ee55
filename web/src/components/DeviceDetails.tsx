import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Link, Subtitle2, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import type { Language } from "../i18n";
import { useFormat } from "../i18n/format";
import { useWords } from "../i18n/words";
import { CheckList } from "./CheckList";

type Device = Schemas["Device"];

const useStyles = makeStyles({
  surface: { maxWidth: "46rem" },
  content: { display: "grid", gridAutoRows: "max-content", rowGap: tokens.spacingVerticalL },
  facts: { display: "grid", gridTemplateColumns: "max-content minmax(0, 1fr)", columnGap: tokens.spacingHorizontalL, rowGap: tokens.spacingVerticalXS, margin: 0 },
  value: { margin: 0, overflowWrap: "anywhere" },
  section: { display: "grid", rowGap: tokens.spacingVerticalS },
});

/** Everything there is to know of one PCI function: where it is, what goes with it, whether it can be handed over, and why. */
export function DeviceDetails({ device, all, onClose }: { device: Device; all: readonly Device[]; onClose(): void }) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const format = useFormat();
  const words = useWords();
  const nameOf = (id: string) => all.find((entry) => entry.id === id)?.name ?? id;
  const compatibility = device.compatibility;
  const bars = device.bars.map((bar) => format.bytes(bar.size)).join(" + ");
  const facts: [string, string][] = [
    [t("web.devices.place"), t(`web.place.${device.place.kind}`, { vm: device.place.vm_name ?? device.place.vm ?? "" })],
    [t("web.devices.class"), words.deviceClass(device.class)],
    [t("web.devices.vendor"), device.vendor ?? t("web.unknown")],
    [t("web.devices.driver"), device.driver ?? t("web.unknown")],
    [t("web.devices.location"), device.location_path],
    [t("web.devices.instance"), device.instance_path],
    [t("web.devices.bars"), bars || t("web.unknown")],
    [t("web.devices.companions"), device.companions.map(nameOf).join(", ") || "–"],
    [t("web.devices.children"), device.children.join(", ") || "–"],
    ...(device.parent ? [[t("web.devices.parent"), nameOf(device.parent)] as [string, string]] : []),
  ];
  return (
    <Dialog open onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle>{device.name}</DialogTitle>
          <DialogContent className={styles.content} tabIndex={0}>
            <dl className={styles.facts}>
              {facts.map(([name, value]) => (
                <div key={name} style={{ display: "contents" }}>
                  <dt>{name}</dt>
                  <dd className={styles.value}>{value}</dd>
                </div>
              ))}
            </dl>
            <section className={styles.section}>
              <Subtitle2 as="h3">{t("web.devices.verdict")}</Subtitle2>
              <CheckList checks={device.checks} />
            </section>
            {compatibility && (
              <section className={styles.section}>
                <Subtitle2 as="h3">{t("web.devices.experience", { card: compatibility.card })}</Subtitle2>
                <dl className={styles.facts}>
                  {(["identification", "function_level_reset", "display_output"] as const).map((question) => (
                    <div key={question} style={{ display: "contents" }}>
                      <dt>{t(`web.compatibility.${question}`)}</dt>
                      <dd className={styles.value}>{t(`web.compatibility.${compatibility[question]}`)}</dd>
                    </div>
                  ))}
                </dl>
                {compatibility.note && <Text>{compatibility.note[i18n.language as Language]}</Text>}
                {compatibility.source && /^https:\/\//.test(compatibility.source) ? (
                  <Link href={compatibility.source} target="_blank" rel="noreferrer">
                    {compatibility.source}
                  </Link>
                ) : (
                  compatibility.source && <Text size={200}>{compatibility.source}</Text>
                )}
              </section>
            )}
          </DialogContent>
          <DialogActions>
            <Button appearance="primary" onClick={onClose}>
              {t("web.close")}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

import { Accordion, AccordionHeader, AccordionItem, AccordionPanel, MessageBar, MessageBarBody, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { usePreview } from "../api/queries";
import { renderMessage } from "../i18n";
import { useFormat } from "../i18n/format";
import { CheckList } from "./CheckList";
import { Loaded } from "./PageFrame";
import { VirtualTable } from "./VirtualTable";

type Preview = Schemas["ImportPreview"];
type Changes = NonNullable<Preview["changes"]>;

const useStyles = makeStyles({
  box: { display: "grid", rowGap: tokens.spacingVerticalM },
  facts: { display: "grid", gridTemplateColumns: "max-content minmax(0, 1fr)", columnGap: tokens.spacingHorizontalL, rowGap: tokens.spacingVerticalXS, margin: 0 },
  value: { margin: 0, overflowWrap: "anywhere" },
});

function Lists({ changes }: { changes: Changes }) {
  const { t } = useTranslation();
  const format = useFormat();
  const lists = [
    {
      key: "files",
      rows: changes.files.map((file) => ({ id: file.path, what: t(`web.preview.action.${file.action}`), path: file.path, more: format.bytes(file.size) })),
    },
    {
      key: "links",
      rows: changes.links.map((link) => ({ id: link.path, what: t(`web.preview.action.${link.action}`), path: link.path, more: `→ ${link.target}` })),
    },
    {
      key: "values",
      rows: changes.values.map((value) => ({ id: `${value.key}\\${value.name}`, what: t("web.preview.action.replace"), path: value.key, more: value.name })),
    },
  ].filter((list) => list.rows.length > 0);
  return (
    <Accordion collapsible multiple>
      {lists.map(({ key, rows }) => (
        <AccordionItem key={key} value={key}>
          <AccordionHeader size="small">{t(`web.preview.${key}`, { count: format.number(rows.length) })}</AccordionHeader>
          <AccordionPanel>
            <VirtualTable
              label={t(`web.preview.${key}`, { count: format.number(rows.length) })}
              rows={rows}
              rowHeight={32}
              id={(row) => row.id}
              columns={[
                { key: "what", title: t("web.preview.what"), width: "6rem", cell: (row) => row.what },
                { key: "path", title: t("web.preview.path"), width: "minmax(20rem, 3fr)", cell: (row) => <span title={row.path}>{row.path}</span> },
                { key: "more", title: t("web.preview.more"), width: "minmax(8rem, 2fr)", cell: (row) => <span title={row.more}>{row.more}</span> },
              ]}
            />
          </AccordionPanel>
        </AccordionItem>
      ))}
    </Accordion>
  );
}

function PreviewView({ preview }: { preview: Preview }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const format = useFormat();
  const { changes } = preview;
  const facts: [string, string][] = [
    [t("web.preview.into"), preview.disk ?? t("web.unknown")],
    ...preview.packages.map((entry): [string, string] => [
      t("web.preview.package"),
      t("web.preview.package_value", { folder: entry.folder, version: entry.version, files: format.number(entry.files), size: format.bytes(entry.bytes) }),
    ]),
    ...(changes
      ? ([
          [
            t("web.preview.to_write"),
            t("web.preview.to_write_value", {
              size: format.bytes(changes.bytes_to_write),
              added: format.number(changes.files_added),
              replaced: format.number(changes.files_replaced),
              removed: format.number(changes.files_removed),
            }),
          ],
          [t("web.preview.kept"), t("web.preview.kept_value", { size: format.bytes(changes.bytes_kept), files: format.number(changes.files_kept) })],
          [t("web.preview.space"), t("web.preview.space_value", { needed: format.bytes(changes.space_needed), free: format.bytes(changes.space_free) })],
        ] as [string, string][])
      : []),
  ];
  return (
    <div className={styles.box} data-testid="preview">
      {preview.in_step && (
        <MessageBar intent="success">
          <MessageBarBody>{t("web.preview.in_step")}</MessageBarBody>
        </MessageBar>
      )}
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <div key={`${name}${value}`} style={{ display: "contents" }}>
            <dt>{name}</dt>
            <dd className={styles.value}>{value}</dd>
          </div>
        ))}
      </dl>
      <CheckList checks={preview.checks.filter((check) => check.verdict !== "pass")} />
      {changes?.warnings.map((warning, index) => (
        <Text key={index} size={200}>
          {renderMessage(t, warning)}
        </Text>
      ))}
      {changes && <Lists changes={changes} />}
    </div>
  );
}

/** What giving a card's driver to the VM would write, file by file. Nothing is written. */
export function ImportPreview({ vm, gpu }: { vm: string; gpu: string }) {
  const preview = usePreview(vm, gpu);
  return <Loaded query={preview}>{(data) => <PreviewView preview={data} />}</Loaded>;
}

import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { CopyRegular } from "@fluentui/react-icons";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { renderError } from "../i18n";

const useStyles = makeStyles({
  text: { display: "grid", rowGap: tokens.spacingVerticalXS, paddingBlock: tokens.spacingVerticalS, whiteSpace: "normal" },
  technical: {
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    whiteSpace: "pre-wrap",
    overflowWrap: "anywhere",
    margin: 0,
  },
});

/** What happened, why, what to do; the technical part folded away, to be copied. */
export function ErrorView({ error, onRetry }: { error: Schemas["Error"]; onRetry?: () => void }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const text = renderError(t, error);
  return (
    <MessageBar intent="error" layout="multiline" role="alert">
      <MessageBarBody className={styles.text}>
        <MessageBarTitle>{text.title}</MessageBarTitle>
        <span>{text.cause}</span>
        <span>{text.remedy}</span>
        <Accordion collapsible>
          <AccordionItem value="technical">
            <AccordionHeader size="small">{t("web.error.technical")}</AccordionHeader>
            <AccordionPanel>
              <pre className={styles.technical}>{text.technical}</pre>
              <Button
                size="small"
                icon={<CopyRegular />}
                onClick={() => void navigator.clipboard.writeText([text.title, text.cause, text.technical].join("\n"))}
              >
                {t("web.error.copy")}
              </Button>
            </AccordionPanel>
          </AccordionItem>
        </Accordion>
      </MessageBarBody>
      {onRetry && (
        <MessageBarActions>
          <Button onClick={onRetry}>{t("web.error.retry")}</Button>
        </MessageBarActions>
      )}
    </MessageBar>
  );
}

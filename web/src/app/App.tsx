import { Badge, Button, Dropdown, Option, Spinner, Subtitle2, Text, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import {
  BoardRegular,
  DesktopRegular,
  DeveloperBoardRegular,
  HardDriveRegular,
  HistoryRegular,
  PlugConnectedRegular,
  ServerRegular,
  SettingsRegular,
} from "@fluentui/react-icons";
import { Suspense, lazy, useEffect, type ComponentType } from "react";
import { useTranslation } from "react-i18next";
import { NavLink, Navigate, Route, Routes, useLocation } from "react-router-dom";
import { useEvents } from "../api/events";
import { useHosts, useStatus } from "../api/queries";
import { RecoveryBanner } from "../components/RecoveryBanner";
import { loadLanguages } from "../i18n";
import { Boundary } from "./Boundary";
import { useHost } from "./host";

interface Page {
  path: string;
  key: string;
  icon: ComponentType;
  view: ComponentType;
  load(): Promise<unknown>;
}

type Loader = () => Promise<{ default: ComponentType }>;
const page = (load: Loader) => ({ view: lazy(load), load });

const pages: readonly Page[] = [
  { path: "/", key: "overview", icon: BoardRegular, ...page(() => import("../pages/Overview")) },
  { path: "/gpus", key: "gpus", icon: DeveloperBoardRegular, ...page(() => import("../pages/Gpus")) },
  { path: "/devices", key: "devices", icon: PlugConnectedRegular, ...page(() => import("../pages/Devices")) },
  { path: "/vms", key: "vms", icon: DesktopRegular, ...page(() => import("../pages/Vms")) },
  { path: "/guest", key: "guest", icon: HardDriveRegular, ...page(() => import("../pages/GuestDisk")) },
  { path: "/history", key: "history", icon: HistoryRegular, ...page(() => import("../pages/History")) },
  { path: "/hosts", key: "hosts", icon: ServerRegular, ...page(() => import("../pages/Hosts")) },
  { path: "/settings", key: "settings", icon: SettingsRegular, ...page(() => import("../pages/Settings")) },
];

const useStyles = makeStyles({
  frame: {
    display: "grid",
    gridTemplateColumns: "14rem minmax(0, 1fr)",
    minHeight: "100vh",
    backgroundColor: tokens.colorNeutralBackground2,
    "@media (max-width: 900px)": { gridTemplateColumns: "minmax(0, 1fr)", gridTemplateRows: "auto 1fr" },
  },
  nav: {
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalXXS,
    padding: tokens.spacingHorizontalM,
    backgroundColor: tokens.colorNeutralBackground3,
    borderRight: `1px solid ${tokens.colorNeutralStroke2}`,
    position: "sticky",
    top: 0,
    height: "100vh",
    boxSizing: "border-box",
    "@media (max-width: 900px)": { flexDirection: "row", flexWrap: "wrap", alignItems: "center", height: "auto", position: "static", paddingBlock: tokens.spacingVerticalS },
  },
  // On a tablet: name and state in one line, the pages below.
  brand: {
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalS}`,
    display: "grid",
    rowGap: tokens.spacingVerticalXXS,
    "@media (max-width: 900px)": { order: -2, flexGrow: 1, paddingBlock: tokens.spacingVerticalXS },
  },
  line: { display: "none", "@media (max-width: 900px)": { display: "block", order: -1, flexBasis: "100%", height: 0 } },
  link: {
    display: "flex",
    alignItems: "center",
    columnGap: tokens.spacingHorizontalS,
    padding: `${tokens.spacingVerticalSNudge} ${tokens.spacingHorizontalS}`,
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground2,
    textDecoration: "none",
    fontSize: tokens.fontSizeBase300,
    // On a tablet all eight stand in one line, in either language.
    "@media (max-width: 900px)": { columnGap: tokens.spacingHorizontalXS, paddingInline: tokens.spacingHorizontalXS },
    ":hover": { backgroundColor: tokens.colorNeutralBackground3Hover, color: tokens.colorNeutralForeground2Hover },
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  active: {
    backgroundColor: tokens.colorNeutralBackground1Selected,
    color: tokens.colorNeutralForeground1Selected,
    fontWeight: tokens.fontWeightSemibold,
    // Backgrounds are taken away in forced colours: the page shown is marked by an outline there.
    "@media (forced-colors: active)": { outline: "2px solid Highlight", outlineOffset: "-2px" },
  },
  host: { minHeight: tokens.lineHeightBase200 },
  foot: {
    marginTop: "auto",
    display: "grid",
    rowGap: tokens.spacingVerticalS,
    padding: tokens.spacingHorizontalS,
    "@media (max-width: 900px)": { marginTop: 0, order: -2, display: "flex", alignItems: "center", columnGap: tokens.spacingHorizontalM },
  },
  simulated: { justifySelf: "start" },
  // Fluent's own least width is wider than the bar.
  hosts: { minWidth: 0, width: "100%", "@media (max-width: 900px)": { width: "12rem" } },
  connection: { display: "flex", alignItems: "center", columnGap: tokens.spacingHorizontalS },
  dot: { width: "0.5rem", height: "0.5rem", borderRadius: tokens.borderRadiusCircular, flexShrink: 0, forcedColorAdjust: "none" },
  live: { backgroundColor: tokens.colorPaletteGreenBackground3 },
  lost: { backgroundColor: tokens.colorPaletteRedBackground3 },
  connecting: { backgroundColor: tokens.colorPaletteYellowBackground3 },
  content: { padding: `${tokens.spacingVerticalXL} ${tokens.spacingHorizontalXXL}`, minWidth: 0, maxWidth: "90rem" },
  skip: { position: "absolute", left: "-100vw", ":focus": { left: tokens.spacingHorizontalM, top: tokens.spacingVerticalM, zIndex: 10 } },
});

function HostPicker() {
  const { t } = useTranslation();
  const styles = useStyles();
  const hosts = useHosts();
  const { host, setHost } = useHost();
  // A kept choice may be of a host that the server was not started with this time.
  const gone = host !== undefined && hosts.data !== undefined && !hosts.data.some((entry) => entry.uri === host);
  useEffect(() => {
    if (gone) setHost(undefined);
  }, [gone, setHost]);
  if (!hosts.data || hosts.data.length < 2) return null;
  const shown = hosts.data.find((entry) => entry.uri === host) ?? hosts.data.find((entry) => entry.default);
  return (
    <Dropdown
      className={styles.hosts}
      data-testid="hosts"
      aria-label={t("web.host.choose")}
      value={shown?.name ?? ""}
      selectedOptions={shown ? [shown.uri] : []}
      onOptionSelect={(_, data) => setHost(data.optionValue)}
    >
      {hosts.data.map((entry) => (
        <Option key={entry.uri} value={entry.uri}>
          {entry.name}
        </Option>
      ))}
    </Dropdown>
  );
}

export function App() {
  const { t } = useTranslation();
  const styles = useStyles();
  const connection = useEvents(true);
  const status = useStatus();
  // Once it was answered, well or not, the pages stay: one that is taken away while it asks again would ask anew when it comes back.
  const asking = status.isPending && status.errorUpdateCount === 0;
  const location = useLocation();
  const current = pages.find((page) => page.path === location.pathname);

  useEffect(() => {
    // Everything the page is made of is fetched as soon as nothing else is to be done: from then on it needs the API alone.
    const fetchAll = () => void Promise.allSettled([...pages.map(({ load }) => load()), loadLanguages()]).then(() => performance.mark("exhyperv.complete"));
    if (!("requestIdleCallback" in window)) return fetchAll();
    const handle = requestIdleCallback(fetchAll, { timeout: 3000 });
    return () => cancelIdleCallback(handle);
  }, []);

  useEffect(() => {
    document.title = current ? `${t(`web.nav.${current.key}`)} – ExHyperV` : "ExHyperV";
  }, [current, t]);

  return (
    <div className={styles.frame}>
      <Button as="a" href="#content" className={styles.skip}>
        {t("web.skip")}
      </Button>
      <nav className={styles.nav} aria-label={t("web.nav.label")}>
        <div className={styles.brand}>
          <Subtitle2 as="h2">ExHyperV</Subtitle2>
          {/* Its line is there from the start: nothing below may jump when the name comes. */}
          <Text size={200} truncate wrap={false} block className={styles.host}>
            {status.data ? `${status.data.host.computer_name} · ${status.data.host.build}` : "\u00a0"}
          </Text>
        </div>
        {pages.map(({ path, key, icon: Icon }) => (
          <NavLink key={path} to={path} end className={({ isActive }) => mergeClasses(styles.link, isActive && styles.active)}>
            <Icon aria-hidden />
            {t(`web.nav.${key}`)}
          </NavLink>
        ))}
        <span className={styles.line} aria-hidden />
        <div className={styles.foot}>
          <HostPicker />
          {status.data?.host.simulated && (
            <Badge appearance="tint" color="informative" className={styles.simulated}>
              {t("web.simulated")}
            </Badge>
          )}
          <Text size={200} role="status" className={styles.connection} data-connection={connection}>
            <span className={mergeClasses(styles.dot, styles[connection])} aria-hidden />
            {t(`web.connection.${connection}`)}
          </Text>
        </div>
      </nav>
      <main id="content" className={styles.content} tabIndex={-1}>
        {status.data && <RecoveryBanner operations={status.data.open_operations} />}
        {/* Whether the banner is due is known first: it would push the page down otherwise. */}
        {asking ? (
          <Spinner label={t("web.loading")} />
        ) : (
          <Boundary key={location.pathname}>
          <Suspense fallback={<Spinner label={t("web.loading")} />}>
            <Routes>
              {pages.map(({ path, view: View }) => (
                <Route key={path} path={path} element={<View />} />
              ))}
              <Route path="*" element={<Navigate to="/" replace />} />
            </Routes>
          </Suspense>
          </Boundary>
        )}
      </main>
    </div>
  );
}

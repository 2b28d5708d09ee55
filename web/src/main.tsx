import { RendererProvider, createDOMRenderer } from "@fluentui/react-components";
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router-dom";
import { ApiFailure } from "./api/client";
import { keys } from "./api/queries";
import { App } from "./app/App";
import { HostProvider } from "./app/host";
import { PreferencesProvider, storedPreference } from "./app/preferences";
import { SessionGate } from "./app/session";
import { ThemeProvider } from "./app/theme";
import "./base.css";
import { startI18n, type LanguageChoice } from "./i18n";

/** Somebody signed out elsewhere, or the session ran out: asking who is signed in leads to the login form. */
const watchSession = (error: Error) => {
  if (error instanceof ApiFailure && error.status === 401) void client.invalidateQueries({ queryKey: keys.session });
};

const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: watchSession }),
  mutationCache: new MutationCache({ onError: watchSession }),
  defaultOptions: {
    queries: {
      staleTime: 30_000, // events tell what changed; this is only the net below them
      // A refusal tells why, and people say when to try again; when the server comes back, the stream of events asks for everything.
      retry: false,
      // The server is this machine or a near one: the browser's word of being offline says nothing of it, and would hold questions back for ever.
      networkMode: "always",
      refetchOnWindowFocus: false,
      refetchOnReconnect: "always", // what was asked in between may have failed
    },
    mutations: { networkMode: "always" },
  },
});

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
const renderer = createDOMRenderer(document, { styleElementAttributes: { nonce } });
const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");

void startI18n(storedPreference("language") as LanguageChoice).then(() =>
  createRoot(root).render(
    <StrictMode>
      <RendererProvider renderer={renderer} targetDocument={document}>
        <QueryClientProvider client={client}>
          <PreferencesProvider>
            <ThemeProvider>
              <SessionGate>
                <HostProvider>
                  <BrowserRouter>
                    <App />
                  </BrowserRouter>
                </HostProvider>
              </SessionGate>
            </ThemeProvider>
          </PreferencesProvider>
        </QueryClientProvider>
      </RendererProvider>
    </StrictMode>,
  ),
);

import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from "react";

export interface HostChoice {
  /** URI of the chosen host; undefined: the server's default. */
  host: string | undefined;
  setHost(host: string | undefined): void;
}

const Context = createContext<HostChoice>({ host: undefined, setHost: () => undefined });

const kept = "exhyperv.host";

/** The choice outlives a reload, and is each window's own: two windows may look at two hosts. */
export function HostProvider({ children }: { children: ReactNode }) {
  const [host, setHostState] = useState(() => sessionStorage.getItem(kept) ?? undefined);
  const setHost = useCallback((wanted: string | undefined) => {
    if (wanted === undefined) sessionStorage.removeItem(kept);
    else sessionStorage.setItem(kept, wanted);
    setHostState(wanted);
  }, []);
  const value = useMemo(() => ({ host, setHost }), [host, setHost]);
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export const useHost = () => useContext(Context);

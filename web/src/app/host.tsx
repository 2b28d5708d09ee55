import { createContext, useContext, useMemo, useState, type ReactNode } from "react";

export interface HostChoice {
  /** URI of the chosen host; undefined: the server's default. */
  host: string | undefined;
  setHost(host: string | undefined): void;
}

const Context = createContext<HostChoice>({ host: undefined, setHost: () => undefined });

export function HostProvider({ children }: { children: ReactNode }) {
  const [host, setHost] = useState<string>();
  const value = useMemo(() => ({ host, setHost }), [host]);
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export const useHost = () => useContext(Context);

import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Schemas } from "./client";
import { applyStep, invalidate, keys } from "./queries";

export type Connection = "connecting" | "live" | "lost";

type Handlers = Record<string, (data: unknown, client: QueryClient) => void>;

const handlers: Handlers = {
  inventory: (data, client) => invalidate(client, (data as { what: string[] }).what),
  reset: (_data, client) => void client.invalidateQueries(),
  operation: (data, client) => {
    const operation = data as Schemas["Operation"];
    for (const [key] of client.getQueriesData({ queryKey: ["operation"] })) if (key[2] === operation.id) client.setQueryData(key, operation);
    invalidate(client, ["operations", "status", "waiting"]);
  },
  step: (data, client) => {
    const event = data as Schemas["StepEvent"];
    for (const [key] of client.getQueriesData({ queryKey: ["operation"] }))
      if (key[2] === event.operation) client.setQueryData<Schemas["Operation"]>(key, (known) => applyStep(known, event.step));
  },
};

/** Keeps the page live over server-sent events. EventSource reconnects by itself and says which event it saw last. */
export function useEvents(enabled: boolean): Connection {
  const client = useQueryClient();
  const [connection, setConnection] = useState<Connection>("connecting");
  useEffect(() => {
    if (!enabled) return undefined;
    const source = new EventSource("/api/v1/events");
    let wasLost = false;
    source.onopen = () => {
      setConnection("live");
      // The server may have been restarted in between: a session check tells whether this page may still talk to it.
      if (wasLost) void client.invalidateQueries();
      wasLost = false;
    };
    source.onerror = () => {
      wasLost = true;
      setConnection("lost");
      void client.invalidateQueries({ queryKey: keys.session });
    };
    for (const [type, handle] of Object.entries(handlers))
      source.addEventListener(type, (event) => handle(JSON.parse((event as MessageEvent<string>).data), client));
    return () => source.close();
  }, [client, enabled]);
  return connection;
}

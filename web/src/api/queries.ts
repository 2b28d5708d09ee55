import { useMutation, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useHost } from "../app/host";
import { api, type Schemas } from "./client";

/** Cache keys: first what, then of which host, so that an event can mark one kind stale. */
export const keys = {
  session: ["session"] as const,
  hosts: ["hosts"] as const,
  status: (host?: string) => ["status", host] as const,
  vms: (host?: string) => ["vms", host] as const,
  gpus: (host?: string) => ["gpus", host] as const,
  devices: (host?: string) => ["devices", host] as const,
  waiting: (host?: string) => ["waiting", host] as const,
  operations: (host?: string) => ["operations", host] as const,
  operation: (id: string, host?: string) => ["operation", host, id] as const,
  guest: (vm: string, host?: string) => ["guest", host, vm] as const,
  preview: (vm: string, gpu: string, host?: string) => ["guest", host, vm, gpu] as const,
  utilization: (host?: string) => ["utilization", host] as const,
};

export const useSession = (enabled = true) => useQuery({ queryKey: keys.session, queryFn: api.session, staleTime: Infinity, enabled });
export const useHosts = () => useQuery({ queryKey: keys.hosts, queryFn: api.hosts });

/** The frame of the page holds it always: a page that comes to it finds what is known, and asks for nothing by being drawn. */
export function useStatus() {
  const { host } = useHost();
  return useQuery({ queryKey: keys.status(host), queryFn: () => api.status(host), retryOnMount: false });
}
export function useVms() {
  const { host } = useHost();
  return useQuery({ queryKey: keys.vms(host), queryFn: () => api.vms(host) });
}
export function useGpus() {
  const { host } = useHost();
  return useQuery({ queryKey: keys.gpus(host), queryFn: () => api.gpus(host) });
}
export function useDevices() {
  const { host } = useHost();
  return useQuery({ queryKey: keys.devices(host), queryFn: () => api.devices(host) });
}
/** VMs whose drivers are brought up to date when they are seen off, by the VM's id. */
export function useWaiting() {
  const { host } = useHost();
  return useQuery({
    queryKey: keys.waiting(host),
    queryFn: () => api.waiting(host),
    select: (list) => new Map(list.map((entry) => [entry.vm, entry])),
  });
}
export function useOperations() {
  const { host } = useHost();
  return useQuery({ queryKey: keys.operations(host), queryFn: () => api.operations(host) });
}
export function useGuest(vm: string | undefined) {
  const { host } = useHost();
  return useQuery({ queryKey: keys.guest(vm ?? "", host), queryFn: () => api.guest(vm ?? "", host), enabled: vm !== undefined });
}

export function usePreview(vm: string, gpu: string) {
  const { host } = useHost();
  return useQuery({ queryKey: keys.preview(vm, gpu, host), queryFn: () => api.preview(vm, gpu, host) });
}

const samplesKept = 120;

/** The cards' load over the last minutes, oldest first; goes on growing while some page shows it. */
export function useUtilization() {
  const { host } = useHost();
  const client = useQueryClient();
  return useQuery<Schemas["Utilization"][]>({
    queryKey: keys.utilization(host),
    queryFn: async () => {
      const known = client.getQueryData<Schemas["Utilization"][]>(keys.utilization(host)) ?? [];
      const latest = await api.utilization(host);
      return known.at(-1)?.time === latest.time ? known : [...known, latest].slice(-samplesKept);
    },
    refetchInterval: 2000,
    structuralSharing: false,
    gcTime: 10 * 60_000,
  });
}

export function usePower() {
  const { host } = useHost();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ vm, action }: { vm: string; action: "start" | "shut_down" | "turn_off" }) => api.power(vm, action, host),
    onSettled: () => void client.invalidateQueries({ queryKey: keys.vms(host) }),
  });
}

/** Puts one changed step into the operation the page already knows. */
export function applyStep(operation: Schemas["Operation"] | undefined, step: Schemas["StepState"]): Schemas["Operation"] | undefined {
  if (!operation) return undefined;
  const steps = operation.steps.map((known) => (known.id === step.id ? { ...known, ...step } : known));
  return { ...operation, steps };
}

/** What an `inventory` event makes stale. */
export function invalidate(client: QueryClient, what: readonly string[]): void {
  for (const kind of what) void client.invalidateQueries({ queryKey: [kind] });
  if (what.includes("vms")) void client.invalidateQueries({ queryKey: ["guest"] });
}

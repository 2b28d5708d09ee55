import type { components, paths } from "./types.gen";

export type Schemas = components["schemas"];
export type ApiError = Schemas["Error"];

/** A refusal by the server, or the lack of one: every failed call throws this. */
export class ApiFailure extends Error {
  constructor(
    readonly error: ApiError,
    readonly status: number,
  ) {
    super(error.code);
    this.name = "ApiFailure";
  }
}

const base = "/api/v1";
let csrf = "";

/** The value every change has to carry; it comes with the session. */
export function setCsrf(value: string | undefined): void {
  csrf = value ?? "";
}

async function failureOf(response: Response): Promise<ApiFailure> {
  try {
    const body = (await response.json()) as Schemas["Failure"];
    if (typeof body.error?.code === "string") return new ApiFailure(body.error, response.status);
  } catch {
    // Not one of our answers: something else sits on that port.
  }
  return new ApiFailure({ code: "web.bad_answer", args: { status: String(response.status) } }, response.status);
}

async function send<T>(method: string, path: string, body?: unknown): Promise<T> {
  let response: Response;
  try {
    response = await fetch(base + path, {
      method,
      credentials: "same-origin",
      headers: {
        Accept: "application/json",
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(method === "GET" ? {} : { "X-ExHyperV-CSRF": csrf }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw new ApiFailure({ code: "web.server_gone", args: {} }, 0);
  }
  if (!response.ok) throw await failureOf(response);
  return response.status === 204 || response.headers.get("Content-Length") === "0" ? (undefined as T) : ((await response.json()) as T);
}

type Answer<P extends keyof paths, M extends keyof paths[P]> = paths[P][M] extends {
  responses: infer R;
}
  ? R extends { 200: { content: { "application/json": infer B } } }
    ? B
    : R extends { 202: { content: { "application/json": infer B } } }
      ? B
      : void
  : never;

function query(host: string | undefined, more: Record<string, string> = {}): string {
  const text = new URLSearchParams(host ? { ...more, host } : more).toString();
  return text === "" ? "" : `?${text}`;
}

/** One function a call of schema/openapi.yaml; `host` is the URI of a configured host, or undefined for the default one. */
export const api = {
  session: () => send<Answer<"/session", "get">>("GET", "/session"),
  login: (credentials: Schemas["Credentials"]) => send<Answer<"/session", "post">>("POST", "/session", credentials),
  replaceToken: () => send<Answer<"/session/token", "post">>("POST", "/session/token"),
  logout: () => send<void>("DELETE", "/session"),
  hosts: () => send<Answer<"/hosts", "get">>("GET", "/hosts"),
  status: (host?: string) => send<Answer<"/status", "get">>("GET", `/status${query(host)}`),
  vms: (host?: string) => send<Answer<"/vms", "get">>("GET", `/vms${query(host)}`),
  gpus: (host?: string) => send<Answer<"/gpus", "get">>("GET", `/gpus${query(host)}`),
  utilization: (host?: string) => send<Answer<"/gpus/utilization", "get">>("GET", `/gpus/utilization${query(host)}`),
  devices: (host?: string) => send<Answer<"/devices", "get">>("GET", `/devices${query(host)}`),
  guest: (vm: string, host?: string) => send<Answer<"/vms/{vm}/guest", "get">>("GET", `/vms/${vm}/guest${query(host)}`),
  preview: (vm: string, gpu: string, host?: string) =>
    send<Answer<"/vms/{vm}/guest/import", "get">>("GET", `/vms/${vm}/guest/import${query(host, { gpu })}`),
  power: (vm: string, action: "start" | "shut_down" | "turn_off", host?: string) =>
    send<Answer<"/vms/{vm}/power", "post">>("POST", `/vms/${vm}/power${query(host)}`, { action }),
  plan: (request: Schemas["PlanRequest"], host?: string) => send<Answer<"/plans", "post">>("POST", `/plans${query(host)}`, request),
  waiting: (host?: string) => send<Answer<"/waiting", "get">>("GET", `/waiting${query(host)}`),
  operations: (host?: string) => send<Answer<"/operations", "get">>("GET", `/operations${query(host)}`),
  execute: (plan: string, host?: string) => send<Answer<"/operations", "post">>("POST", `/operations${query(host)}`, { plan }),
  operation: (id: string, host?: string) => send<Answer<"/operations/{operation}", "get">>("GET", `/operations/${id}${query(host)}`),
  cancel: (id: string, host?: string) => send<void>("POST", `/operations/${id}/cancel${query(host)}`),
  recover: (id: string, mode: "roll_back" | "resume", host?: string) =>
    send<Answer<"/operations/{operation}/recover", "post">>("POST", `/operations/${id}/recover${query(host)}`, { mode }),
};

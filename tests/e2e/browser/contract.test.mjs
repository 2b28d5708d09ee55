// The server's real answers, held against schema/openapi.yaml: what the document does not allow, no page may receive.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { scratch, start } from "./server.mjs";

const web = new URL("../../../web/", import.meta.url);
const require = createRequire(new URL("package.json", web));
const yaml = createRequire(require.resolve("openapi-typescript"))("yaml-ast-parser");

/** The document as plain values. */
function plain(node) {
  if (!node) return null;
  switch (node.kind) {
    case 2: // map
      return Object.fromEntries(node.mappings.map((mapping) => [mapping.key.value, plain(mapping.value)]));
    case 3: // sequence
      return node.items.map(plain);
    default:
      if (node.doubleQuoted || node.singleQuoted || node.plainScalar === false) return node.value;
      if (node.value === "true" || node.value === "false") return node.value === "true";
      return /^-?\d+$/.test(node.value) ? Number(node.value) : node.value;
  }
}
const api = plain(yaml.load(readFileSync(new URL("../schema/openapi.yaml", web), "utf8")));

const resolve = (schema) => (schema.$ref ? resolve(schema.$ref.slice(2).split("/").reduce((at, part) => at[part], api)) : schema);

/** What is wrong with the value, as lines. */
function misfits(value, given, where) {
  const schema = resolve(given);
  if (schema.oneOf) return schema.oneOf.some((choice) => misfits(value, choice, where).length === 0) ? [] : [`${where}: fits none of oneOf`];
  if (schema.enum && !schema.enum.includes(value)) return [`${where}: ${JSON.stringify(value)} is none of ${schema.enum}`];
  const kind = Array.isArray(value) ? "array" : value === null ? "null" : typeof value;
  const wanted = { integer: "number", number: "number", string: "string", boolean: "boolean", array: "array", object: "object" }[schema.type];
  if (wanted && kind !== wanted) return [`${where}: is ${kind}, should be ${schema.type}`];
  if (schema.type === "integer" && !Number.isInteger(value)) return [`${where}: not a whole number`];
  if (schema.format === "uuid" && !/^[0-9A-F-]{36}$/i.test(value)) return [`${where}: no GUID`];
  if (schema.format === "date-time" && Number.isNaN(Date.parse(value))) return [`${where}: no time`];
  if (kind === "array") return value.flatMap((item, index) => misfits(item, schema.items ?? {}, `${where}[${index}]`));
  if (kind !== "object") return [];
  const lines = (schema.required ?? []).filter((name) => !(name in value)).map((name) => `${where}: ${name} is missing`);
  for (const [name, member] of Object.entries(value)) {
    const known = schema.properties?.[name];
    if (known) lines.push(...misfits(member, known, `${where}.${name}`));
    else if (schema.additionalProperties === false) lines.push(`${where}: ${name} is not in the document`);
    else if (typeof schema.additionalProperties === "object") lines.push(...misfits(member, schema.additionalProperties, `${where}.${name}`));
  }
  return lines;
}

const home = scratch();
let server, cookie, csrf;
before(async () => {
  server = await start(home.directory);
});
after(async () => {
  await server?.stop();
  home.remove();
});

/** Calls the interface and checks the answer against what the document says of this call and status. */
async function call(method, path, operation, body) {
  const answer = await fetch(`${server.origin}/api/v1${path}`, {
    method,
    headers: { ...(cookie ? { Cookie: cookie } : {}), ...(csrf ? { "X-ExHyperV-CSRF": csrf } : {}), ...(body ? { "Content-Type": "application/json" } : {}) },
    body: body && JSON.stringify(body),
  });
  const text = await answer.text();
  const described = api.paths[operation][method.toLowerCase()].responses;
  const response = described[String(answer.status)] ?? described.default;
  assert.ok(response, `${method} ${operation}: status ${answer.status} is not in the document`);
  const schema = resolve(response).content?.["application/json"]?.schema;
  const value = text === "" ? undefined : JSON.parse(text);
  assert.equal(value === undefined, schema === undefined, `${method} ${operation}: body and document disagree (${text.slice(0, 80)})`);
  if (schema) assert.deepEqual(misfits(value, schema, operation).slice(0, 10), []);
  return { status: answer.status, value, headers: answer.headers };
}

test("every answer of a whole job is as the document says", async () => {
  assert.equal((await call("GET", "/session", "/session")).value.authenticated, false);
  const opened = await call("POST", "/session", "/session", { token: new URL(server.address).hash.slice("#token=".length) });
  cookie = opened.headers.get("set-cookie").split(";")[0];
  csrf = opened.value.csrf;

  for (const path of ["/status", "/vms", "/gpus", "/gpus/utilization", "/devices", "/hosts", "/operations"]) assert.equal((await call("GET", path, path)).status, 200);
  const vms = (await call("GET", "/vms", "/vms")).value;
  const gpus = (await call("GET", "/gpus", "/gpus")).value;
  for (const vm of vms) await call("GET", `/vms/${vm.id}/guest`, "/vms/{vm}/guest");

  const vm = vms.find((entry) => entry.name === "win11").id;
  const gpu = gpus[0].instance_path;
  const preview = (await call("GET", `/vms/${vm}/guest/import?gpu=${encodeURIComponent(gpu)}`, "/vms/{vm}/guest/import")).value;
  assert.ok(preview.changes.bytes_to_write > 0);
  for (const request of [{ operation: "gpu.sync" }, { operation: "device.recover" }, { operation: "policy.allow" }, { operation: "policy.restore" }])
    assert.equal((await call("POST", "/plans", "/plans", request)).status, 200, request.operation);
  const plan = (await call("POST", "/plans", "/plans", { operation: "gpu.add", gpu, vm })).value;
  const started = await call("POST", "/operations", "/operations", { plan: plan.id });
  assert.equal(started.status, 202);
  let operation = started.value;
  while (operation.state === "running") operation = (await call("GET", `/operations/${plan.id}`, "/operations/{operation}")).value;
  assert.equal(operation.state, "done");
  const [newest] = (await call("GET", "/operations", "/operations")).value;
  assert.deepEqual(newest.undo && { operation: newest.undo.operation, vm: newest.undo.vm, purge: newest.undo.purge }, { operation: "gpu.remove", vm, purge: true });
  assert.equal((await call("POST", "/plans", "/plans", newest.undo)).status, 200);
  await call("GET", "/gpus", "/gpus");
  await call("GET", `/vms/${vm}/guest`, "/vms/{vm}/guest");
  for (const action of ["start", "turn_off"]) assert.equal((await call("POST", `/vms/${vm}/power`, "/vms/{vm}/power", { action })).status, 200);
  await call("POST", "/plans", "/plans", { operation: "gpu.remove", vm, purge: true });
});

/** Reads the stream until `enough` says so; the events as [id, type]. */
async function events(lastId, enough) {
  const answer = await fetch(`${server.origin}/api/v1/events`, { headers: { Cookie: cookie, ...(lastId ? { "Last-Event-ID": lastId } : {}) } });
  const seen = [];
  let rest = "";
  const decoder = new TextDecoder();
  for await (const bytes of answer.body) {
    rest += decoder.decode(bytes, { stream: true });
    for (let end = rest.indexOf("\n\n"); end >= 0; end = rest.indexOf("\n\n")) {
      const frame = Object.fromEntries(rest.slice(0, end).split("\n").filter((line) => !line.startsWith(":")).map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]));
      rest = rest.slice(end + 2);
      if (frame.event === "inventory") assert.deepEqual(misfits(JSON.parse(frame.data), { $ref: "#/components/schemas/Event" }, "/events"), []);
      if (frame.event) seen.push([Number(frame.id), frame.event]);
      if (enough(seen)) return seen; // leaving the loop closes the connection
    }
  }
  return seen;
}

test("a stream that is taken up again tells what was missed, once and in order, or that too much was", { timeout: 300_000 }, async () => {
  const vm = (await call("GET", "/vms", "/vms")).value.find((entry) => entry.name === "win10").id;
  const power = (action) => call("POST", `/vms/${vm}/power`, "/vms/{vm}/power", { action });
  await power("start");
  const first = await events("0", (seen) => seen.length >= 1);
  const last = first.at(-1)[0];
  await power("turn_off"); // nobody listens now
  await power("start");
  const missed = await events(String(last), (seen) => seen.length >= 2);
  assert.deepEqual(missed.map(([id]) => id), missed.map((_, index) => last + 1 + index));
  assert.deepEqual(await events("999999999", (seen) => seen.length >= 1).then((seen) => seen[0][1]), "reset");
  await power("turn_off");
});

test("every change left its line in the audit file: who, from where, what, and how it ended", () => {
  const lines = readFileSync(`${home.directory}/audit.jsonl`, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));
  for (const line of lines) assert.deepEqual([line.user, line.role, line.from], ["local", "operator", "127.0.0.1"]);
  const told = (what, result) => lines.some((line) => line.what.startsWith(what) && line.result === result);
  assert.ok(told("POST /api/v1/session", "200"));
  assert.ok(told("gpu.add", "started") && told("gpu.add", "done"));
  assert.ok(told("vm.start", "done") && told("vm.turn_off", "done"));
});

test("the token is replaced by operators, and the answer is as the document says", async () => {
  assert.match((await call("POST", "/session/token", "/session/token")).value.token, /^[A-Za-z0-9_-]{20,}$/);
});

test("refusals are as the document says too", async () => {
  const nothing = "3F2504E0-4F89-11D3-9A0C-0305E82C3301";
  const status = async (...args) => (await call(...args)).status;
  assert.equal(await status("GET", `/vms/${nothing}/guest`, "/vms/{vm}/guest"), 404);
  assert.equal(await status("GET", "/vms?host=sim:elsewhere", "/vms"), 404);
  assert.equal(await status("GET", `/vms/${nothing}/guest/import`, "/vms/{vm}/guest/import"), 400);
  assert.equal(await status("GET", `/vms/${nothing}/guest/import?gpu=x`, "/vms/{vm}/guest/import"), 404);
  assert.equal(await status("POST", "/plans", "/plans", { operation: "gpu.sync", power: "turn_off" }), 400);
  assert.equal(await status("POST", "/plans", "/plans", { operation: "gpu.add", gpu: "x", vm: "not a GUID" }), 400);
  assert.equal(await status("POST", "/plans", "/plans", { operation: "gpu.add", gpu: "x", vm: nothing, surprise: 1 }), 400);
  assert.equal(await status("POST", "/operations", "/operations", { plan: nothing }), 410);
  assert.equal(await status("GET", `/operations/${nothing}`, "/operations/{operation}"), 404);
  assert.equal(await status("POST", `/operations/${nothing}/cancel`, "/operations/{operation}/cancel"), 409);
  assert.equal(await status("POST", `/operations/${nothing}/recover`, "/operations/{operation}/recover", { mode: "resume" }), 409);
  assert.equal(await status("POST", `/vms/${nothing}/power`, "/vms/{vm}/power", { action: "explode" }), 400);
});

import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { newIdentity, type Action } from "../../../sandbox/index.js";
import { functions, start, type Place } from "./application.js";

const agree = async ({ sandbox, alice, bob }: Place, ...actions: readonly Action[]): Promise<unknown> =>
  (await sandbox.propose(actions, { by: alice, votes: [alice, bob] })).proposalState;

const read = async ({ sandbox }: Place, path: string): Promise<unknown> =>
  (await sandbox.request({ url: `/gov/service/${path}?api-version=2024-07-01` })).json();

test("members and users come, change and go", async () => {
  const place = await start(functions("export function f() { return {}; }"));
  const carol = await newIdentity("carol");
  const [member_id, user_id, cert] = [carol.id, carol.id, carol.certificate];
  const set = (name: string, args: unknown): Action => ({ name, args });

  expect(await agree(place, set("set_member", { cert, member_data: { a: 1 } }), set("set_user", { cert }))).toBe("Accepted");
  expect(await agree(place, set("set_member_data", { member_id, member_data: { a: 2 } }), set("set_user_data", { user_id, user_data: 3 }))).toBe("Accepted"); // prettier-ignore
  expect(await read(place, `members/${member_id}`)).toMatchObject({ memberData: { a: 2 }, status: "Accepted" });
  expect(await read(place, `users/${user_id}`)).toMatchObject({ userData: { user_data: 3 } });
  expect(await agree(place, set("remove_member", { member_id }), set("remove_user", { user_id }))).toBe("Accepted");
  expect(await read(place, `members/${member_id}`)).toMatchObject({ error: { code: "ResourceNotFound" } });
});

test("issuers of tokens, bundles of authorities and runtime options are set and removed", async () => {
  const place = await start(functions("export function f() { return {}; }"));
  const jwk = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ format: "jwk" });
  const jwks = { keys: [{ ...jwk, kid: "k" }] };
  const issuer = "https://issuer.example";
  expect(
    await agree(
      place,
      { name: "set_jwt_issuer", args: { issuer } },
      { name: "set_jwt_public_signing_keys", args: { issuer, jwks } },
      { name: "set_ca_cert_bundle", args: { name: "roots", cert_bundle: place.alice.certificate } },
      { name: "set_js_runtime_options", args: { max_heap_bytes: 5e7, max_stack_bytes: 1e6, max_execution_time_ms: 500 } },
    ),
  ).toBe("Accepted");
  expect(await read(place, "jwk")).toMatchObject({ issuers: { [issuer]: {} }, keys: { k: [{ issuer }] } });
  const metrics = (await place.sandbox.request({ url: "/node/js_metrics" })).json();
  expect(metrics).toMatchObject({ max_heap_size: 5e7, max_execution_time: 500 });
  expect(
    await agree(
      place,
      { name: "remove_jwt_issuer", args: { issuer } },
      { name: "remove_ca_cert_bundle", args: { name: "roots" } },
      { name: "remove_js_app" },
    ),
  ).toBe("Accepted");
  expect(await read(place, "jwk")).toMatchObject({ issuers: {}, keys: {} });
  expect((await place.sandbox.request({ url: "/app/f" })).status).toBe(404);
});

test("an application that does not hold together is refused", async () => {
  const { sandbox, alice } = await start();
  await sandbox.activate(alice);
  const bundle = { modules: [], metadata: { endpoints: { "/f": { get: { js_module: "f.js" } } } } };
  await expect(sandbox.propose([{ name: "set_js_app", args: { bundle } }], { by: alice })).rejects.toThrow(
    "get /f: there is no module f.js",
  );
});

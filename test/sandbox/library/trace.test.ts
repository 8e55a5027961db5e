import { expect, test } from "vitest";
import { bundleOf, start } from "./application.js";

const app = bundleOf(
  {
    "POST /notes/{id}": { js_module: "notes.js", js_function: "put", authn_policies: ["member_cert"] },
    "GET /notes/{id}": { js_module: "notes.js", js_function: "get", mode: "readonly", authn_policies: [] },
    "POST /undone": { js_module: "notes.js", js_function: "undone", authn_policies: ["user_cert", "any_cert"] },
  },
  {
    "notes.js": `
      const buffer = ccf.strToBuf;
      const notes = () => ccf.kv["notes"];
      export function put({ params, body }) {
        if (ccf.kv["public:ccf.gov.service.info"].size === 0) return { statusCode: 500 };
        for (const key of [params.id, "last"]) notes().set(buffer(key), body.arrayBuffer());
        ccf.kv["public:log"].set(buffer(params.id), buffer("put"));
        return { statusCode: 201, body: "secret answer" };
      }
      export function get({ params }) {
        return notes().has(buffer(params.id)) ? { body: ccf.bufToStr(notes().get(buffer(params.id))) } : { statusCode: 404 };
      }
      export function undone() { notes().set(buffer("k"), buffer("v")); return { statusCode: 400 }; }`,
  },
);

/** The lines of the requests that `run` makes, without the times. */
async function traced(run: (place: Awaited<ReturnType<typeof start>>) => Promise<unknown>): Promise<string[]> {
  const place = await start(app, { trace: true });
  place.logged.length = 0;
  await run(place);
  return place.logged.map((line) =>
    line.replace(/; \d+\.\d ms in JavaScript, \d+\.\d ms in all$/, "; (times)").replaceAll(/\d+\.\d+(?=;)/g, "(id)"),
  );
}

test("a trace tells of each request its route, caller, answer, tables and time, and nothing of the data", async () => {
  let caller = "";
  const lines = await traced(async ({ sandbox, alice }) => {
    caller = alice.id.slice(0, 8);
    await sandbox.request({ method: "POST", url: "/app/notes/7?q=secret", by: alice, body: "secret" });
    await sandbox.request({ url: "/app/notes/7" });
    await sandbox.request({ url: "/app/notes/8" });
  });
  expect(lines).toEqual([
    expect.stringMatching(new RegExp(`^info \\[#\\d+\\] POST /app/notes/{id} by member_cert ${caller}: 201, transaction \\(id\\); read public:ccf.gov.service.info \\(1\\); wrote notes \\(2\\), public:log \\(1\\); \\(times\\)$`)), // prettier-ignore
    expect.stringMatching(/^info \[#\d+\] GET \/app\/notes\/{id}: 200, transaction \(id\); read notes \(2\); \(times\)$/),
    expect.stringMatching(/^info \[#\d+\] GET \/app\/notes\/{id}: 404; read notes \(1\); \(times\)$/),
  ]);
});

test("requests that are refused are traced as far as they came", async () => {
  const lines = await traced(async ({ sandbox, alice }) => {
    await sandbox.request({ method: "POST", url: "/app/notes/7" });
    await sandbox.request({ url: "/app/nowhere" });
    await sandbox.request({ method: "POST", url: "/app/undone", by: alice });
  });
  expect(lines).toEqual([
    expect.stringMatching(/\] POST \/app\/notes\/{id}: 401; \(times\)$/),
    expect.stringMatching(/\] GET \(no route\): 404; \(times\)$/),
    expect.stringMatching(/\] POST \/app\/undone by any_cert: 400; wrote, and undid, notes \(1\); \(times\)$/),
  ]);
});

test("governance is traced with its signer and the tables that the constitution reads", async () => {
  const lines = await traced(({ sandbox, alice }) => sandbox.propose([{ name: "remove_js_app" }], { by: alice }));
  expect(lines).toEqual([
    expect.stringMatching(
      /\] POST \/gov\/members\/proposals:create by active_member_cose_sign1 [0-9a-f]{8}: 200, transaction \(id\); read public:ccf\.gov\.members\.info \(1\); wrote public:ccf\.gov\.proposals \(1\), /,
    ),
  ]);
});

test("without the switch requests leave no line", async () => {
  const { sandbox, logged } = await start(app);
  await sandbox.request({ url: "/app/notes/7" });
  expect(logged).toEqual([]);
});

// Meta's SDK for JavaScript judges the sandbox: `sdk.js SHAPES`, with the variables that `mps sandbox` prints.
//
// The same walk as sdk.py's, by this SDK's own means: its cursors follow `next`, its writes are JSON, its batches are not
// encoded. Prints one JSON object: calls, fields, and what was wrong.
const http = require("http");
const {
  APIRequest, AbstractCrudObject, Application, Business, FacebookAdsApi, FacebookAdsApiBatch, Permission, User, WhatsAppBusinessAccount,
} = require("facebook-nodejs-business-sdk");

const { MPS_GRAPH_URL: GRAPH, MPS_PARTNER_APP_ID: US, MPS_APP_SECRET: SECRET, MPS_USER_TOKEN, MPS_SYSTEM_TOKEN } = process.env;
const OURS = "104996122399160", CLIENT = "506914307656634";
const RICH = process.argv[2] === "openapi";
Object.defineProperty(FacebookAdsApi, "GRAPH", { get: () => GRAPH });
Object.defineProperty(FacebookAdsApi, "VERSION", { get: () => "v26.0" });

const session = (token) => new FacebookAdsApi(token, "en_US", false);
const [user, system, app] = [session(MPS_USER_TOKEN), session(MPS_SYSTEM_TOKEN), session(`${US}|${SECRET}`)];
// What the SDK has and does not hand out.
const AbstractObject = Object.getPrototypeOf(AbstractCrudObject);
const Cursor = new User("me", {}, undefined, user).getEdge(AbstractObject, [], {}, false, "/x").constructor;
const wrong = [];
let calls = 0, fields = 0;

// What is asked of the sandbox itself, not of Graph.
const sandbox = async (path, body) =>
  (await fetch(`${GRAPH}/sandbox/${path}`, body && { method: "POST", body: JSON.stringify(body) })).json();

const number = (value) => typeof value === "string" && /^\d+$/.test(value);
const kind = (name) => (value) => typeof value === name;
const text = kind("string"), whole = Number.isInteger, list = Array.isArray;
const says = (wish) => (value) => JSON.stringify(value) === JSON.stringify(wish);

// The result of a call; undefined where it could not be had, which is wrong.
async function judged(name, work) {
  calls += 1;
  try {
    return await work();
  } catch (error) {
    wrong.push(`${name}: ${error.name}: ${error.message}`);
    return undefined;
  }
}

// Each field with a function that says yes, or its value.
function has(name, node, wanted) {
  for (const [field, wish] of Object.entries(wanted)) {
    fields += 1;
    let fits;
    try {
      fits = typeof wish === "function" ? wish(node[field]) : node[field] === wish;
    } catch {
      fits = false;
    }
    if (!fits) wrong.push(`${name}: ${field} is ${JSON.stringify(node?.[field])}`);
  }
}

function isKind(name, thing, type) {
  fields += 1;
  if (!(thing instanceof type)) wrong.push(`${name}: a ${thing?.constructor?.name} and no ${type.name}`);
}

// All items of a cursor: the SDK's own, none twice, over so many pages at least, and the page before the last one again.
async function listed(name, work, type, pages, wanted) {
  const cursor = await judged(name, work);
  isKind(name, cursor, Cursor);
  const ids = [];
  let asked = 0, before = [];
  await judged(`${name}, its pages`, async () => {
    for (let more = Boolean(cursor); more; ) {
      asked += 1;
      if (cursor.hasNext()) before = cursor.map((item) => item.id);
      for (const item of cursor) {
        isKind(name, item, type);
        has(name, item, wanted);
        ids.push(item.id);
      }
      more = cursor.hasNext();
      if (more) await cursor.next();
    }
    if (asked > 1) {
      await cursor.previous();
      has(name, { before: cursor.map((item) => item.id) }, { before: says(before) });
    }
  });
  if (new Set(ids).size !== ids.length || !ids.length || asked < pages) {
    wrong.push(`${name}: ${ids.length} items, ${new Set(ids).size} of them different, in ${asked} pages`);
  }
  return ids;
}

// A move of a solution; Meta's guide says that it succeeded, Meta's OpenAPI file what came of it.
async function moves(name, api, node, verb, params, rich) {
  const answer = await judged(name, () => api.call("POST", [node, verb], params));
  has(name, answer, RICH ? rich : { success: true });
}

async function fails(name, work, status, code, more = {}) {
  const { type = "OAuthException", sub, words = "", transient, forAPerson } = more;
  calls += 1;
  fields += 6;
  try {
    await work();
    wrong.push(`${name}: no error`);
  } catch (error) {
    const body = error.response || {};
    const found = [error.status, body.code, body.type, body.error_subcode];
    if (error.name !== "FacebookRequestError") wrong.push(`${name}: ${error}`);
    if (!says([status, code, type, sub])(found)) wrong.push(`${name}: ${JSON.stringify(found)}, not ${status} ${code} ${type} ${sub}`);
    if (!error.message.includes(words) || error.message !== body.message || !text(body.fbtrace_id)) {
      wrong.push(`${name}: ${error.message} ${JSON.stringify(body)}`);
    }
    if (transient !== undefined && Boolean(body.is_transient) !== transient) wrong.push(`${name}: is_transient is ${body.is_transient}`);
    if (forAPerson && !(body.error_user_title && body.error_user_msg)) wrong.push(`${name}: no words for a person`);
    if (!String(error.headers?.["x-fb-trace-id"]).startsWith("ASandbox")) wrong.push(`${name}: no x-fb-trace-id`);
  }
}

const of = (type, id, api) => new type(id, {}, undefined, api);
// As an app, since the SDK has no kind for these nodes, and its nameless one cannot be read (its `id` is defined twice).
const node = (api, id, names) => of(Application, id, api).read(names);
// The SDK's data stand behind getters for the fields that it knows, and in `_data` for all.
const data = async (work) => (await work)._data;

async function whoAndWhat() {
  has("GET /me", await judged("GET /me", () => data(of(User, "me", user).get(["id", "name"]))), { id: number, name: text });
  for (const item of (await judged("GET /me/permissions", () => of(User, "me", user).getPermissions())) || [undefined]) {
    isKind("GET /me/permissions", item, Permission);
    has("GET /me/permissions", item, { permission: text, status: "granted" });
  }
  const wanted = { id: number, name: text, link: text };
  const names = ["id", "name", "link"];
  const apps = await listed("GET /me/assigned_applications", () => of(User, "me", user).getAssignedApplications(names), Application, 2, wanted);
  const details = () => of(User, "me", user).getEdge(Application, names, { limit: 10 }, true, "/application_details");
  if (RICH) await fails("GET /me/application_details", details, 400, 100);
  else await listed("GET /me/application_details", details, Application, 3, wanted);
  for (const [name, api, token, type] of [["of a user", app, MPS_USER_TOKEN, "USER"], ["of a user, by a system user", system, MPS_USER_TOKEN, "USER"],
    ["of a system user", app, MPS_SYSTEM_TOKEN, "SYSTEM_USER"]]) {
    const seen = await judged(`GET /debug_token ${name}`, () => api.call("GET", ["debug_token"], { input_token: token }));
    has(`GET /debug_token ${name}`, seen?.data, { app_id: US, type, is_valid: true, scopes: list, granular_scopes: list, user_id: number,
      expires_at: whole, issued_at: whole, data_access_expires_at: whole, application: text });
  }
  // The one call of debug_token that this SDK has.
  has("getAppID", (await judged("getAppID", () => app.getAppID()))?.data?.data, { app_id: US });
  has("GET /<APP_ID>", await judged("GET /<APP_ID>", () => data(of(Application, US, system).get(names))), { ...wanted, id: US });
  has("GET /app", await judged("GET /app", () => data(of(Application, "app", app).get(["id", "name"]))), { id: US, name: text });
  return apps;
}

const wish = (name, owner = ["MESSAGING"], partner = ["MESSAGING"]) => ({
  solution_name: name, partner_app_id: US, owner_permissions: owner, partner_permissions: partner,
});

async function create(name, at) {
  const call = "POST /<APP_ID>/whatsapp_business_solution";
  const made = await judged(call, () => of(Application, at, user).createWhatsAppBusinessSolution([], wish(name, ["MESSAGING"], [])));
  isKind(call, made, Application);
  has(call, made?._data, { solution_id: number });
  return made?._data.solution_id;
}

async function solutions(apps) {
  const mine = apps[0], made = [];
  for (const n of [0, 1, 2]) made.push(await create(`Café & Söhne ${n}`, mine));
  const [first, second, third] = made;
  const read = (name, api, id, names) => judged(name, () => data(node(api, id, names)));
  has("GET /<SOLUTION_ID>", await read("GET /<SOLUTION_ID>", system, first),
    { id: first, name: "Café & Söhne 0", status: "INITIATED", status_for_pending_request: "PENDING_ACTIVATION" });
  const all = ["name", "status", "owner_app", "owner_permissions", "partners{partner_app,partner_permissions,status}"];
  has("GET /<SOLUTION_ID> whole", await read("GET /<SOLUTION_ID> whole", system, first, all), {
    id: first, owner_permissions: list, owner_app: (one) => one.id === mine && text(one.name),
    partners: ({ data: [one], paging }) => one.partner_app.id === US && one.status === "NOTIFICATION_SENT"
      && one.partner_permissions.includes("MANAGE") && text(paging.cursors.after),
  });
  await listed("GET /<SOLUTION_ID>/partners", () => of(AbstractCrudObject, first, system).getEdge(AbstractObject, [], {}, true, "/partners"),
    AbstractObject, 1, { id: number, status: "NOTIFICATION_SENT", partner_app: (one) => one.id === US });
  for (const [api, at, role] of [[user, mine, "OWNER"], [system, US, "PARTNER"], [system, US, undefined]]) {
    const name = `GET /<APP_ID>/whatsapp_business_solutions, role ${role}`;
    const found = await listed(name, () => of(Application, at, api)
      .getWhatsAppBusinessSolutions(["id", "name", "status", "owner_app"], { limit: 2, ...(role && { role }) }),
    AbstractObject, 2, { id: number, name: text, status: "INITIATED", owner_app: (one) => one.id === mine });
    if (!says([third, second, first])(found)) wrong.push(`${name}: ${found}`);
  }
  const ask = (id) => moves("POST /<SOLUTION_ID>/send_deactivation_request", user, id, "send_deactivation_request", { reason: "over" },
    { success: true, message: text });
  const accept = (id) => moves("POST /<SOLUTION_ID>/accept", system, id, "accept", { partner_app_id: US },
    { solution_id: id, partner_status: "ACCEPTED", success: true });
  await accept(first);
  await moves("POST /<SOLUTION_ID>/reject", system, second, "reject", { request_type: "PARTNERSHIP_REQUEST", partner_app_id: US },
    { solution_id: second, rejected_request_type: "PARTNERSHIP_REQUEST", success: true });
  await ask(first);
  await moves("POST /<SOLUTION_ID>/reject_deactivation_request", system, first, "reject_deactivation_request",
    { reject_deactivation_request: true }, { id: first, status: "ACTIVE", status_for_pending_request: "NONE" });
  await ask(first);
  await moves("POST /<SOLUTION_ID>/reject of a deactivation", system, first, "reject", { request_type: "DEACTIVATION_REQUEST" },
    { solution_id: first, rejected_request_type: "DEACTIVATION_REQUEST", success: true });
  await accept(third);
  await ask(third);
  await moves("POST /<SOLUTION_ID>/accept_deactivation_request", system, third, "accept_deactivation_request", {},
    { id: third, status: "DEACTIVATED", status_for_pending_request: "NONE" });
  has("GET /<SOLUTION_ID> in the end", await read("GET /<SOLUTION_ID> in the end", user, third), { status: "DEACTIVATED" });
  return first;
}

async function clients(first) {
  const token = await judged("GET /<SOLUTION_ID>/access_token", () => system.call("GET", [first, "access_token"], { business_id: CLIENT }));
  has("GET /<SOLUTION_ID>/access_token", token, RICH ? { access_token: text, expires_at: whole } : { data: ([one]) => text(one.access_token) });
  const client = session(RICH ? token.access_token : token.data[0].access_token);
  const through = [{ field: "partners", operator: "ALL", value: ["318120947766005"] }];
  const edge = "GET /<BUSINESS>/client_whatsapp_business_accounts";
  const accounts = await listed(edge, () => of(Business, OURS, system).getClientWhatsAppBusinessAccounts([], { limit: 1 }),
    WhatsAppBusinessAccount, 2, { id: number, name: text, timezone_id: text, message_template_namespace: text });
  const ours = await listed(`${edge}, filtered`, () => of(Business, OURS, system).getClientWhatsAppBusinessAccounts([], { filtering: through }),
    WhatsAppBusinessAccount, 1, { id: number, name: text });
  await listed("GET /<WABA_ID>/solutions", () => of(WhatsAppBusinessAccount, ours[0], client).getSolutions(), AbstractObject, 1,
    { id: first, name: text, status: "ACTIVE", status_for_pending_request: "NONE" });
  const free = accounts.find((account) => !ours.includes(account));
  const intent = await judged("POST /<WABA_ID>/set_solution_migration_intent", () =>
    data(of(WhatsAppBusinessAccount, free, client).createSetSolutionMigrationIntent([], { solution_id: first })));
  has("POST /<WABA_ID>/set_solution_migration_intent", intent, { id: number });
  has("GET /<INTENT_ID>", await judged("GET /<INTENT_ID>", () => data(node(client, intent.id))),
    { id: intent.id, status: "PENDING", solution: (one) => one.id === first && one.status === "ACTIVE" });
  const { code } = await sandbox("signup", { solution_id: first, business: "A client" });
  has("GET /oauth/access_token", await judged("GET /oauth/access_token", () =>
    app.call("GET", ["oauth", "access_token"], { client_id: US, client_secret: SECRET, code })), { access_token: text, token_type: "bearer" });
  await fails("a client's account asked twice", () => of(WhatsAppBusinessAccount, free, client)
    .createSetSolutionMigrationIntent([], { solution_id: first }), 400, 2593079);
}

async function webhooks() {
  const server = http.createServer((request, response) => {
    const query = new URL(request.url, "http://x").searchParams;
    response.statusCode = request.method === "POST" || query.get("hub.verify_token") === "ours" ? 200 : 403;
    response.end(query.get("hub.challenge"));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const address = `http://127.0.0.1:${server.address().port}/webhooks`;
  const object = "whatsapp_business_account", both = ["partner_solutions", "account_update"];
  // This SDK joins its own `fields`, which are here those of the webhooks.
  const subscribe = (word) => of(Application, US, app).createSubscription(both, { object, callback_url: address, verify_token: word });
  has("POST /<APP_ID>/subscriptions", await judged("POST /<APP_ID>/subscriptions", () => data(subscribe("ours"))), { success: true });
  for (const item of (await judged("GET /<APP_ID>/subscriptions", () => of(Application, US, app).getSubscriptions())) || [undefined]) {
    isKind("GET /<APP_ID>/subscriptions", item, AbstractObject);
    has("GET /<APP_ID>/subscriptions", item?._data, { object, callback_url: address, active: true,
      fields: (all) => says(both)(all.map((field) => field.name)) });
  }
  has("DELETE /<APP_ID>/subscriptions", await judged("DELETE /<APP_ID>/subscriptions", () =>
    of(Application, US, app).deleteSubscriptions({ object })), { success: true });
  await fails("POST /<APP_ID>/subscriptions, another word", () => subscribe("theirs"), 400, 2200);
  server.close();
}

async function batches(apps) {
  const name = "POST / with a batch";
  await sandbox("faults", { rules: [{ call: "create", nth: 2, fault: "drop", commit: false }] });
  const made = [], refused = [], batch = new FacebookAdsApiBatch(user);
  const add = (at, title) => {
    const request = new APIRequest(at, "POST", "/whatsapp_business_solution");
    batch.addRequest(request.addParams(wish(title)), (answer) => made.push(answer), (answer) => refused.push(answer));
  };
  for (const n of [0, 1, 2]) add(apps[1], `Batch ${n}`);
  add("1", "Nobody's");
  const left = await judged(name, () => batch.execute());
  isKind(name, left, FacebookAdsApiBatch);
  has(name, { left: left?._batch.length, made: made.length, refused: refused.length }, { left: 1, made: 2, refused: 1 });
  for (const answer of refused) has(name, answer.error.response.error, { code: 100, error_subcode: 33, message: text, fbtrace_id: text });
  has(`${name} again`, { left: await judged(`${name} again`, () => left.execute()) }, { left: null });
  for (const answer of made) {
    has(name, answer.body, { solution_id: number });
    has(name, Object.fromEntries(answer.headers.map((one) => [one.name.toLowerCase(), one.value])), { "facebook-api-version": "v26.0" });
  }
  const large = new FacebookAdsApiBatch(user);
  for (let n = 0; n < 51; n += 1) large.add("GET", ["me"]);
  await fails("POST / with 51 calls", () => large.execute(), 400, 100, { words: "50" });
  await sandbox("faults", {});
}

async function refusals(apps, first) {
  const LIST = [US, "whatsapp_business_solutions"], own = [apps[0], "whatsapp_business_solutions"];
  const granted = async (dialog) => session((await sandbox("grant", { apps: [apps[0]], dialog })).access_token);
  const [narrow, ended] = [await granted("no_permission"), await granted("expired")];
  const make = (params) => () => of(Application, apps[0], user).createWhatsAppBusinessSolution([], params);
  const gone = { type: "GraphMethodException", sub: 33 };
  for (const [name, work, status, code, more] of [
    ["a malformed token", () => session("hello").call("GET", LIST), 401, 190, { words: "Malformed access token" }],
    ["a token of nobody", () => session("EAAnobody").call("GET", LIST), 401, 190],
    ["an expired token", () => ended.call("GET", own), 401, 190, { sub: 463 }],
    ["an app token", () => app.call("GET", LIST), 401, 190],
    ["another app's listing", () => user.call("GET", LIST), 403, 10],
    ["without the permission", () => narrow.call("GET", own), 403, 200],
    ["an id of nobody", () => node(system, "1234567890"), 400, 100, gone],
    ["a POST at an id of nobody", () => system.call("POST", ["1234567890", "accept"], { partner_app_id: US }), 400, 100, gone],
    ["an unknown field", () => node(system, first, ["colour"]), 400, 100, { words: "nonexisting field" }],
    ["an unknown role", () => system.call("GET", LIST, { role: "KING" }), 400, 100],
    ["an unknown cursor", () => system.call("GET", LIST, { after: "x" }), 400, 100],
    ["a limit of none", () => system.call("GET", LIST, { limit: 0 }), 400, 100],
    ["an unknown path", () => system.call("GET", ["no", "such"]), 400, 2500, { words: "Unknown path components" }],
    ["MESSAGING for nobody", make(wish("None", [], [])), 400, 100, { words: "Invalid Permissions for either of the partners" }],
    ["a name of one letter", make(wish("x")), 400, 100],
    ["accepted twice", () => system.call("POST", [first, "accept"], { partner_app_id: US }), 400, 100, { forAPerson: true }],
    ["accepted by its owner", () => user.call("POST", [first, "accept"], { partner_app_id: US }), 403, 200],
    ["a business without a token", () => system.call("GET", [first, "access_token"]), 400, 100, { words: "business_id" }],
    ["another secret", () => system.call("GET", LIST, { appsecret_proof: "0" }), 400, 100, { type: "GraphMethodException" }],
  ]) await fails(name, work, status, code, more);
  for (const [name, fault, status, code] of [["no quota", { quota: { code: 4 } }, 403, 4], ["no quota for an account", { quota: { code: 80008 } }, 400, 80008],
    ["out of order", "unavailable", 500, 2]]) {
    await sandbox("faults", { rules: [{ call: "list", fault }] });
    await fails(name, () => system.call("GET", LIST), status, code, { transient: code < 80008 });
  }
  await sandbox("faults", {});
}

(async () => {
  const apps = await whoAndWhat();
  const first = await solutions(apps);
  await clients(first);
  await webhooks();
  await batches(apps);
  await refusals(apps, first);
  console.log(JSON.stringify({ calls, fields, wrong }));
  process.exit();
})();

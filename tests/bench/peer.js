// The same work by Meta's JavaScript SDK: `peer.js AT_ONCE [APP_ID]`, with the environment of guide.sh.
const { FacebookAdsApi } = require("facebook-nodejs-business-sdk");

const { GRAPH, PARTNER, USER_TOKEN, SYSTEM_TOKEN } = process.env;
Object.defineProperty(FacebookAdsApi, "GRAPH", { get: () => GRAPH });
Object.defineProperty(FacebookAdsApi, "VERSION", { get: () => "v26.0" });
const user = new FacebookAdsApi(USER_TOKEN, "en_US", false);
const system = new FacebookAdsApi(SYSTEM_TOKEN, "en_US", false);

async function granted() {
  const ids = [];
  let after;
  do {
    const params = { fields: "id,name", limit: 100, ...(after && { after }) };
    const page = await user.call("GET", ["me", "application_details"], params);
    ids.push(...page.data.map((app) => app.id));
    after = page.paging?.next && page.paging.cursors.after;
  } while (after);
  return ids;
}

async function one(app) {
  const made = await user.call("POST", [app, "whatsapp_business_solution"], {
    solution_name: `App ${app}`, partner_app_id: PARTNER,
    owner_permissions: ["MESSAGING"], partner_permissions: ["MESSAGING"],
  });
  await system.call("POST", [made.solution_id, "accept"], { partner_app_id: PARTNER });
  console.log(made.solution_id);
}

(async () => {
  const wanted = process.argv[3];
  const left = (await granted()).filter((app) => !wanted || app === wanted);
  const worker = async () => { for (let app; (app = left.shift()); ) await one(app); };
  await Promise.all(Array.from({ length: Number(process.argv[2]) }, worker));
})();

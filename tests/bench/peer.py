"""The same work by Meta's Python SDK: `peer.py calls|batch [APP_ID]`, with the environment of guide.sh."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

from facebook_business.api import FacebookAdsApi, FacebookSession

FacebookSession.GRAPH = os.environ["GRAPH"]
PARTNER = os.environ["PARTNER"]
user, system = (
    FacebookAdsApi(FacebookSession(access_token=os.environ[name]), "v26.0") for name in ("USER_TOKEN", "SYSTEM_TOKEN")
)


def granted():
    params = {"fields": "id,name", "limit": "100"}
    while True:
        page = user.call("GET", ("me", "application_details"), params).json()
        yield from (app["id"] for app in page["data"])
        if "next" not in page.get("paging", {}):
            return
        params["after"] = page["paging"]["cursors"]["after"]


def body(app):
    return {
        "solution_name": f"App {app}", "partner_app_id": PARTNER,
        "owner_permissions": ["MESSAGING"], "partner_permissions": ["MESSAGING"],
    }


def batched(api, calls):
    """Fifty at a time."""
    bodies = []
    for at in range(0, len(calls), 50):
        batch = api.new_batch()
        for path, params in calls[at : at + 50]:
            batch.add("POST", path, params, success=lambda answer: bodies.append(answer.json()))
        assert batch.execute() is None
    return bodies


apps = [app for app in granted() if len(sys.argv) < 3 or app == sys.argv[2]]
if sys.argv[1] == "batch":
    made = batched(user, [((app, "whatsapp_business_solution"), body(app)) for app in apps])
    ids = [answer["solution_id"] for answer in made]
    batched(system, [((id, "accept"), {"partner_app_id": PARTNER}) for id in ids])
else:
    def one(app):
        id = user.call("POST", (app, "whatsapp_business_solution"), body(app)).json()["solution_id"]
        system.call("POST", (id, "accept"), {"partner_app_id": PARTNER})
        return id

    with ThreadPoolExecutor(int(sys.argv[1])) as pool:
        ids = list(pool.map(one, apps))
print("\n".join(ids))

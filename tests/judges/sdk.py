"""Meta's SDK for Python judges the sandbox: `sdk.py SHAPES`, with the variables that `mps sandbox` prints.

Every call that the SDK has on these edges is made by it, the others by its own `FacebookRequest`; an answer counts when it
became the SDK's own object, with each field of the kind expected. Prints one JSON object: calls, fields, and what was wrong.
"""

import http.server
import json
import os
import sys
import threading
import urllib.parse
import urllib.request

from facebook_business.adobjects.abstractcrudobject import AbstractCrudObject
from facebook_business.adobjects.application import Application
from facebook_business.adobjects.business import Business
from facebook_business.adobjects.objectparser import ObjectParser
from facebook_business.adobjects.permission import Permission
from facebook_business.adobjects.user import User
from facebook_business.adobjects.whatsappbusinessaccount import WhatsAppBusinessAccount
from facebook_business.api import Cursor, FacebookAdsApi, FacebookRequest, FacebookSession
from facebook_business.exceptions import FacebookRequestError
from facebook_business.typechecker import TypeChecker

GRAPH = os.environ["MPS_GRAPH_URL"]
US, SECRET = os.environ["MPS_PARTNER_APP_ID"], os.environ["MPS_APP_SECRET"]
OURS, CLIENT = "104996122399160", "506914307656634"
RICH = sys.argv[1] == "openapi"
FacebookSession.GRAPH = GRAPH
calls, fields, wrong = 0, 0, []


def session(token, secret=None, version="v26.0"):
    return FacebookAdsApi(FacebookSession(app_secret=secret, access_token=token), version)


user, system = session(os.environ["MPS_USER_TOKEN"]), session(os.environ["MPS_SYSTEM_TOKEN"])
app = session(f"{US}|{SECRET}")


def sandbox(path, body=None):
    """What is asked of the sandbox itself, not of Graph."""
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(f"{GRAPH}/sandbox/{path}", data) as answer:
        return json.load(answer)


def judged(name, work):
    """The result of a call; None where it could not be had, which is wrong."""
    global calls
    calls += 1
    try:
        return work()
    except Exception as error:
        wrong.append(f"{name}: {type(error).__name__}: {' '.join(str(error).split())[:400]}")
        return None


def has(call, node, /, **wanted):
    """Each field with its kind (a type, or a function that says yes) or its value."""
    global fields
    for field, kind in wanted.items():
        fields += 1
        value = node.get(field) if node is not None and hasattr(node, "get") else None
        if isinstance(kind, type):
            fits = isinstance(value, kind)
        else:
            fits = kind(value) if callable(kind) else value == kind
        if not fits:
            wrong.append(f"{call}: {field} is {value!r}")


def is_kind(name, thing, kind):
    global fields
    fields += 1
    if not isinstance(thing, kind):
        wrong.append(f"{name}: a {type(thing).__name__} and no {kind.__name__}")


def number(value):
    return isinstance(value, str) and value.isdigit()


def generic(api, method, node, endpoint, params=None, kind=AbstractCrudObject):
    """A call that the SDK has no method for, by its own request."""
    request = FacebookRequest(node_id=node, method=method, endpoint=endpoint, api=api, target_class=kind,
                              param_checker=TypeChecker({}, {}), response_parser=ObjectParser(target_class=kind, api=api),
                              api_type="EDGE" if endpoint.strip("/") else "NODE")
    request.add_params(params or {})
    return request.execute()


def moves(call, api, node, verb, params, /, **rich):
    """A move of a solution; Meta's guide says that it succeeded, Meta's OpenAPI file what came of it."""
    answer = judged(call, lambda: api.call("POST", (node, verb), params))
    is_kind(call, answer.is_success() if answer else None, bool)
    has(call, answer.json() if answer else None, **(rich if RICH else {"success": True}))


def fails(name, work, status, code, kind="OAuthException", sub=None, transient=None, words="", has_user_message=False):
    global calls, fields
    calls, fields = calls + 1, fields + 6
    try:
        work()
    except FacebookRequestError as error:
        body = error.body().get("error", {}) if isinstance(error.body(), dict) else {}
        found = (error.http_status(), error.api_error_code(), error.api_error_type(), error.api_error_subcode())
        if found != (status, code, kind, sub):
            wrong.append(f"{name}: {found}, not {(status, code, kind, sub)}")
        if words not in (error.api_error_message() or "") or not body.get("fbtrace_id"):
            wrong.append(f"{name}: {body}")
        if transient is not None and error.api_transient_error() != transient:
            wrong.append(f"{name}: is_transient is {error.api_transient_error()}")
        if has_user_message and not (body.get("error_user_title") and body.get("error_user_msg")):
            wrong.append(f"{name}: no words for a person: {body}")
    else:
        wrong.append(f"{name}: no error")


def of(kind, node, api):
    return kind(node, api=api)


def listed(call, cursor, kind, pages, /, **wanted):
    """All items of a cursor: the SDK's own, none twice, over so many pages at least."""
    is_kind(call, cursor, Cursor)
    ids, asked = [], 1
    if cursor is not None:
        turn = cursor.load_next_page

        def counted():
            nonlocal asked
            asked += 1
            return turn()

        cursor.load_next_page = counted
        for item in judged(f"{call}, its pages", lambda: list(cursor)) or []:
            is_kind(call, item, kind)
            has(call, item, **wanted)
            ids.append(item.get("id"))
    if len(set(ids)) != len(ids) or not ids or asked - 1 < pages:
        wrong.append(f"{call}: {len(ids)} items, {len(set(ids))} of them different, in {asked - 1} pages")
    return ids


# Who we are, what we may, and which apps there are.
has("GET /me", judged("GET /me", lambda: of(User, "me", user).api_get(fields=["id", "name"])), id=number, name=str)
for item in judged("GET /me/permissions", lambda: list(of(User, "me", user).get_permissions())) or [None]:
    is_kind("GET /me/permissions", item, Permission)
    has("GET /me/permissions", item, permission=str, status="granted")
apps = listed("GET /me/assigned_applications",
              judged("GET /me/assigned_applications",
                     lambda: of(User, "me", user).get_assigned_applications(fields=["id", "name", "link"])),
              Application, 2, id=number, name=str, link=str)
if RICH:
    fails("GET /me/application_details", lambda: generic(user, "GET", "me", "application_details"), 400, 100)
else:
    listed("GET /me/application_details",
           judged("GET /me/application_details",
                  lambda: generic(user, "GET", "me", "application_details", {"limit": 10}, Application)),
           Application, 3, id=number, name=str, link=str)
for name, api, token, kind in [("of a user", app, os.environ["MPS_USER_TOKEN"], "USER"),
                               ("of a user, by a system user", system, os.environ["MPS_USER_TOKEN"], "USER"),
                               ("of a system user", app, os.environ["MPS_SYSTEM_TOKEN"], "SYSTEM_USER")]:
    seen = judged(f"GET /debug_token {name}", lambda api=api, token=token: ObjectParser(
        target_class=AbstractCrudObject, api=api).parse_single(api.call("GET", ("debug_token",), {"input_token": token}).json()))
    has(f"GET /debug_token {name}", seen, app_id=US, type=kind, is_valid=True, scopes=list, granular_scopes=list, user_id=number,
        expires_at=int, issued_at=int, data_access_expires_at=int, application=str)
bad = judged("GET /debug_token of none", lambda: app.call("GET", ("debug_token",), {"input_token": "EAAnone"}).json()["data"])
has("GET /debug_token of none", bad, is_valid=False, error=lambda error: error["code"] == 190 and error["message"])
has("GET /<APP_ID>", judged("GET /<APP_ID>", lambda: of(Application, US, system).api_get(fields=["id", "name", "link"])),
    id=US, name=str, link=str)
has("GET /app", judged("GET /app", lambda: of(Application, "app", app).api_get(fields=["id", "name"])), id=US, name=str)

# Solutions.
mine = apps[0] if apps else "1"


def wish(name, owner=("MESSAGING",), partner=("MESSAGING",)):
    one_side = {"owner_permissions": list(owner), "partner_permissions": list(partner)}
    return {"solution_name": name, "partner_app_id": US, **one_side}


def create(name, at=mine):
    made = judged("POST /<APP_ID>/whatsapp_business_solution",
                  lambda: of(Application, at, user).create_whats_app_business_solution(params=wish(name, partner=())))
    is_kind("POST /<APP_ID>/whatsapp_business_solution", made, Application)
    has("POST /<APP_ID>/whatsapp_business_solution", made, solution_id=number)
    return made["solution_id"] if made and "solution_id" in made else "1"


first, second, third = (create(f"Café & Söhne {n}") for n in range(3))
node = judged("GET /<SOLUTION_ID>", lambda: generic(system, "GET", first, "/"))
has("GET /<SOLUTION_ID>", node, id=first, name="Café & Söhne 0", status="INITIATED", status_for_pending_request="PENDING_ACTIVATION")
ALL = "name,status,status_for_pending_request,owner_app,owner_permissions,partners{partner_app,partner_permissions,status}"
node = judged("GET /<SOLUTION_ID> whole", lambda: generic(system, "GET", first, "/", {"fields": ALL}))
has("GET /<SOLUTION_ID> whole", node, id=first, owner_permissions=list,
    owner_app=lambda one: one["id"] == mine and one["name"],
    partners=lambda edge: edge["data"][0]["partner_app"]["id"] == US and edge["data"][0]["status"] == "NOTIFICATION_SENT"
    and "MANAGE" in edge["data"][0]["partner_permissions"] and edge["paging"]["cursors"]["after"])
listed("GET /<SOLUTION_ID>/partners", judged("GET /<SOLUTION_ID>/partners", lambda: generic(system, "GET", first, "partners")),
       AbstractCrudObject, 1, id=number, status="NOTIFICATION_SENT", partner_app=dict)
for api, at, role in [(user, mine, "OWNER"), (system, US, "PARTNER"), (system, US, None)]:
    name = f"GET /<APP_ID>/whatsapp_business_solutions, role {role}"
    params = {"limit": 2, **({"role": role} if role else {})}
    found = listed(name, judged(name, lambda api=api, at=at, params=params: of(Application, at, api)
                                .get_whats_app_business_solutions(fields=["id", "name", "status", "owner_app"], params=params)),
                   AbstractCrudObject, 2, id=number, name=str, status="INITIATED", owner_app=dict)
    if found != [third, second, first]:
        wrong.append(f"{name}: {found}")
moves("POST /<SOLUTION_ID>/accept", system, first, "accept", {"partner_app_id": US},
      solution_id=first, partner_status="ACCEPTED", success=True)
moves("POST /<SOLUTION_ID>/reject", system, second, "reject", {"request_type": "PARTNERSHIP_REQUEST", "partner_app_id": US},
      solution_id=second, rejected_request_type="PARTNERSHIP_REQUEST", success=True)
moves("POST /<SOLUTION_ID>/send_deactivation_request", user, first, "send_deactivation_request", {"reason": "over"},
      success=True, message=str)
moves("POST /<SOLUTION_ID>/reject_deactivation_request", system, first, "reject_deactivation_request",
      {"reject_deactivation_request": True}, id=first, status="ACTIVE", status_for_pending_request="NONE")
moves("POST /<SOLUTION_ID>/send_deactivation_request", user, first, "send_deactivation_request", {}, success=True, message=str)
moves("POST /<SOLUTION_ID>/reject of a deactivation", system, first, "reject", {"request_type": "DEACTIVATION_REQUEST"},
      solution_id=first, rejected_request_type="DEACTIVATION_REQUEST", success=True)
moves("POST /<SOLUTION_ID>/accept", system, third, "accept", {"partner_app_id": US},
      solution_id=third, partner_status="ACCEPTED", success=True)
moves("POST /<SOLUTION_ID>/send_deactivation_request", user, third, "send_deactivation_request", {}, success=True, message=str)
moves("POST /<SOLUTION_ID>/accept_deactivation_request", system, third, "accept_deactivation_request", {},
      id=third, status="DEACTIVATED", status_for_pending_request="NONE")
has("GET /<SOLUTION_ID> in the end", judged("GET /<SOLUTION_ID> in the end", lambda: generic(user, "GET", third, "/")),
    status="DEACTIVATED")

# The client's side: tokens, accounts, moves.
answer = judged("GET /<SOLUTION_ID>/access_token", lambda: system.call("GET", (first, "access_token"), {"business_id": CLIENT}).json())
if RICH:
    has("GET /<SOLUTION_ID>/access_token", answer, access_token=str, expires_at=int)
    token = (answer or {}).get("access_token")
else:
    has("GET /<SOLUTION_ID>/access_token", answer, data=lambda data: isinstance(data[0]["access_token"], str))
    token = answer["data"][0]["access_token"] if answer else None
client = session(token)
through = [{"field": "partners", "operator": "ALL", "value": ["318120947766005"]}]
accounts = listed("GET /<BUSINESS>/client_whatsapp_business_accounts",
                  judged("GET /<BUSINESS>/client_whatsapp_business_accounts",
                         lambda: of(Business, OURS, system).get_client_whats_app_business_accounts(params={"limit": 1})),
                  WhatsAppBusinessAccount, 2, id=number, name=str, timezone_id=str, message_template_namespace=str)
ours = listed("GET /<BUSINESS>/client_whatsapp_business_accounts, filtered",
              judged("GET /<BUSINESS>/client_whatsapp_business_accounts, filtered",
                     lambda: of(Business, OURS, system).get_client_whats_app_business_accounts(params={"filtering": through})),
              WhatsAppBusinessAccount, 1, id=number, name=str)
listed("GET /<WABA_ID>/solutions",
       judged("GET /<WABA_ID>/solutions", lambda: of(WhatsAppBusinessAccount, ours[0], client).get_solutions()),
       AbstractCrudObject, 1, id=first, name=str, status="ACTIVE", status_for_pending_request="NONE")
free = [account for account in accounts if account not in ours][0]
intent = judged("POST /<WABA_ID>/set_solution_migration_intent", lambda: of(WhatsAppBusinessAccount, free, client)
                .create_set_solution_migration_intent(params={"solution_id": first}))
has("POST /<WABA_ID>/set_solution_migration_intent", intent, id=number)
has("GET /<INTENT_ID>", judged("GET /<INTENT_ID>", lambda: generic(client, "GET", intent["id"], "/")),
    id=intent["id"], status="PENDING", solution=lambda one: one["id"] == first and one["status"] == "ACTIVE")
signed_up = sandbox("signup", {"solution_id": first, "business": "A client"})
exchange = {"client_id": US, "client_secret": SECRET, "code": signed_up["code"]}
has("GET /oauth/access_token", judged("GET /oauth/access_token", lambda: app.call("GET", ("oauth", "access_token"), exchange).json()),
    access_token=str, token_type="bearer")


# Webhooks.
class Callback(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
        self.send_response(200 if query["hub.verify_token"] == "ours" else 403)
        self.end_headers()
        self.wfile.write(query["hub.challenge"].encode())

    def do_POST(self):
        self.send_response(200)
        self.end_headers()


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Callback)
threading.Thread(target=server.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{server.server_address[1]}/webhooks"
asked = {"object": "whatsapp_business_account", "fields": ["partner_solutions", "account_update"], "callback_url": address,
         "verify_token": "ours"}
subscribed = judged("POST /<APP_ID>/subscriptions", lambda: of(Application, US, app).create_subscription(params=asked))
is_kind("POST /<APP_ID>/subscriptions", subscribed, AbstractCrudObject)
for item in judged("GET /<APP_ID>/subscriptions", lambda: list(of(Application, US, app).get_subscriptions())) or [None]:
    has("GET /<APP_ID>/subscriptions", item, object="whatsapp_business_account", callback_url=address, active=True,
        fields=lambda all: [field["name"] for field in all] == asked["fields"])
judged("DELETE /<APP_ID>/subscriptions",
       lambda: of(Application, US, app).delete_subscriptions(params={"object": "whatsapp_business_account"}))
fails("POST /<APP_ID>/subscriptions, another word",
      lambda: of(Application, US, app).create_subscription(params={**asked, "verify_token": "theirs"}), 400, 2200)

# Several calls in one, by the SDK's own batch: one is lost, one is refused.
sandbox("faults", {"rules": [{"call": "create", "nth": 2, "fault": "drop", "commit": False}]})
batch, made, refused = user.new_batch(), [], []
for n in range(3):
    of(Application, apps[1], user).create_whats_app_business_solution(
        params=wish(f"Batch & {n}"), batch=batch, success=made.append, failure=refused.append)
of(Application, "1", user).create_whats_app_business_solution(
    params=wish("Nobody's"), batch=batch, success=made.append, failure=refused.append)
left = judged("POST / with a batch", batch.execute)
is_kind("POST / with a batch", left, type(batch))
has("POST / with a batch", {"left": len(left or []), "made": len(made), "refused": len(refused)}, left=1, made=2, refused=1)
for answer in refused:
    error = answer.error()
    has("POST / with a batch", {"code": error.api_error_code(), "sub": error.api_error_subcode(), "status": error.http_status()},
        code=100, sub=33, status=400)
if left is not None:
    has("POST / with a batch again", {"left": judged("POST / with a batch again", left.execute)}, left=None)
for answer in made:
    has("POST / with a batch", answer.json(), solution_id=number)
    has("POST / with a batch", {name.lower(): text for name, text in ((one["name"], one["value"]) for one in answer.headers())},
        **{"facebook-api-version": "v26.0"})
large = user.new_batch()
for _ in range(51):
    large.add("GET", ("me",))
fails("POST / with 51 calls", large.execute, 400, 100, words="50")
sandbox("faults", {})

# Refusals, as the SDK tells them.
LIST = (US, "whatsapp_business_solutions")
narrow = sandbox("grant", {"apps": [mine], "dialog": "no_permission"})["access_token"]
ended = sandbox("grant", {"apps": [mine], "dialog": "expired"})["access_token"]
fails("no token", lambda: session("").call("GET", ("me",)), 400, 2500)
fails("a malformed token", lambda: session("hello").call("GET", LIST), 401, 190, words="Malformed access token")
fails("a token of nobody", lambda: session("EAAnobody").call("GET", LIST), 401, 190)
fails("an expired token", lambda: session(ended).call("GET", (mine, "whatsapp_business_solutions")), 401, 190, sub=463)
fails("an app token", lambda: app.call("GET", LIST), 401, 190)
fails("another app's listing", lambda: user.call("GET", LIST), 403, 10)
fails("without the permission", lambda: session(narrow).call("GET", (mine, "whatsapp_business_solutions")), 403, 200)
fails("an id of nobody", lambda: generic(system, "GET", "1234567890", "/"), 400, 100, "GraphMethodException", 33)
fails("an unknown field", lambda: generic(system, "GET", first, "/", {"fields": "colour"}), 400, 100, words="nonexisting field")
fails("an unknown role", lambda: system.call("GET", LIST, {"role": "KING"}), 400, 100)
fails("an unknown cursor", lambda: system.call("GET", LIST, {"after": "x"}), 400, 100)
fails("a limit of none", lambda: system.call("GET", LIST, {"limit": 0}), 400, 100)
fails("an unknown path", lambda: system.call("GET", ("no", "such")), 400, 2500, words="Unknown path components")
fails("an unknown version", lambda: session(os.environ["MPS_SYSTEM_TOKEN"], version="v99.0").call("GET", LIST), 400, 2500,
      words="Unknown path components")
fails("MESSAGING for nobody", lambda: of(Application, mine, user).create_whats_app_business_solution(params=wish("None", (), ())),
      400, 100, words="Invalid Permissions for either of the partners")
fails("a name of one letter", lambda: of(Application, mine, user).create_whats_app_business_solution(params=wish("x")), 400, 100)
fails("accepted twice", lambda: system.call("POST", (first, "accept"), {"partner_app_id": US}), 400, 100, has_user_message=True)
fails("accepted by its owner", lambda: user.call("POST", (first, "accept"), {"partner_app_id": US}), 403, 200)
fails("a client's account asked twice", lambda: of(WhatsAppBusinessAccount, free, client)
      .create_set_solution_migration_intent(params={"solution_id": first}), 400, 2593079)
fails("a business without a token", lambda: system.call("GET", (first, "access_token"), {}), 400, 100, words="business_id")
fails("another secret", lambda: session(os.environ["MPS_SYSTEM_TOKEN"], "0" * 32).call("GET", LIST), 400, 100,
      "GraphMethodException", words="Invalid appsecret_proof")
sandbox("faults", {"require_proof": True})
fails("no proof", lambda: system.call("GET", LIST), 400, 100, "GraphMethodException", words="appsecret_proof")
has("with a proof", judged("with a proof", lambda: session(os.environ["MPS_SYSTEM_TOKEN"], SECRET).call("GET", LIST).json()), data=list)
for name, fault, found in [("no quota", {"quota": {"code": 4}}, (403, 4)), ("no quota for an account", {"quota": {"code": 80008}}, (400, 80008)),
                           ("out of order", "unavailable", (500, 2)), ("a refusal in a success", "error_in_200", (200, 1))]:
    sandbox("faults", {"rules": [{"call": "list", "fault": fault}]})
    fails(name, lambda: system.call("GET", LIST), *found, transient=found[1] in (2, 4))
sandbox("faults", {})

print(json.dumps({"calls": calls, "fields": fields, "wrong": wrong}))

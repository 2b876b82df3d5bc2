"""Prism between mps and the sandbox, a clerk that counts what it says, and the commands of mps that come by.

The one decision: Prism passes everything on and says in a header what was wrong, so that mps goes its whole way, and one run
shows all. What Meta's file does not contain is passed on unjudged, and counted by its path.
"""

import collections
import contextlib
import http.client
import http.server
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
import urllib.request

OURS, CLIENT = "104996122399160", "506914307656634"
# What asks nothing of Graph, by what it does instead.
SILENT = {"history": "reads the journal", "journal": "reads the journal", "profile": "reads files",
          "sandbox": "is Meta here", "completions": "writes a file", "man": "writes files", "skill": "writes a page", "help": "writes help"}


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as one:
        return one.getsockname()[1]


class Judge:
    """Takes mps's calls, has Prism judge them, and keeps what it said."""

    def __init__(self, upstream, base):
        self.upstream, self.base = upstream, base
        self.lock = threading.Lock()
        self.judged, self.unjudged, self.wrong = collections.Counter(), collections.Counter(), []
        # How often each command asked Graph, judged or not.
        self.commands, self.now = collections.Counter(), "nothing"
        handler = type("Handler", (Handler,), {"judge": self})
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # A command that was stopped cuts its connection.
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def ask(self, path, body=None):
        """What is asked of the sandbox itself, not of Graph."""
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(f"{self.base}/sandbox/{path}", data) as answer:
            return json.load(answer)

    def heard(self, method, path, status, violations):
        call = re.sub(r"\d{6,}", "ID", path.split("?")[0].split("/", 2)[-1])
        judges = [one["message"] for one in violations]
        # Meta's file has one node, the solution; Prism takes every other for it.
        node = re.fullmatch(r"\d+", path.split("?")[0].split("/", 2)[-1])
        solution = not node or any(one["solution_id"] == node[0] for one in self.ask("state")["solutions"])
        other = call in ("me", "app", "debug_token") or not solution
        with self.lock:
            self.commands[self.now] += 1
            if other or "Selected route not found" in judges:
                self.unjudged[f"{method} {'ID of another node' if not solution else call}"] += 1
                return
            self.judged[f"{method} {call}"] += 1
            self.wrong += [f"{self.now}: {method} {call}, {status}: {' '.join(map(str, one['location']))}: {one['message']}"
                           for one in violations]

    def counts(self):
        unjudged = ", ".join(f"{call} ({many})" for call, many in sorted(self.unjudged.items()))
        return (f"{len(self.commands)} commands, {sum(self.judged.values())} calls of {len(self.judged)} kinds judged, "
                f"{len(self.wrong)} wrong; not in Meta's file: {sum(self.unjudged.values())} calls: {unjudged}")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    judge = None

    def log_message(self, *_):
        pass

    def one(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        client = http.client.HTTPConnection(*self.judge.upstream, timeout=60)
        passed = {name: text for name, text in self.headers.items() if name.lower() not in ("host", "connection", "accept-encoding")}
        client.request(self.command, self.path, body or None, passed)
        answer = client.getresponse()
        text = answer.read()
        client.close()
        self.judge.heard(self.command, self.path, answer.status, json.loads(answer.getheader("sl-violations") or "[]"))
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("connection", "keep-alive", "transfer-encoding", "content-length", "sl-violations", "date"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_DELETE = one


@contextlib.contextmanager
def prism(program, file, env):
    port = free_port()
    command = [program, "proxy", "--host", "127.0.0.1", "--port", str(port), "--verboseLevel", "silent", file, env["MPS_GRAPH_URL"]]
    run = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        limit = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port)).close()
                break
            if run.poll() is not None or time.monotonic() > limit:
                raise RuntimeError("prism does not start")
            time.sleep(0.05)
        judge = Judge(("127.0.0.1", port), env["MPS_GRAPH_URL"])
        yield judge
        judge.server.shutdown()
    finally:
        run.send_signal(signal.SIGTERM)
        run.wait()


class Play:
    """An operator at mps, whose Meta is the judge."""

    def __init__(self, mps, env, judge):
        self.mps, self.judge = mps, judge
        self.env = {**env, "MPS_GRAPH_URL": judge.url, "MPS_STATE_DIR": os.path.join(env["HOME"], "state"),
                    "MPS_VERIFY_TOKEN": "a-verify-token-of-ours-0123456789"}
        self.apps = [app["id"] for app in judge.ask("state")["apps"]]

    def begins(self, args):
        self.judge.now = args[0]
        return [self.mps, "--no-input", "--color", "never", "--log-file", "none", *args]

    def runs(self, *args, code=0, stdin=None):
        """What the command wrote; another exit code than this is wrong."""
        run = subprocess.run(self.begins(args), env=self.env, input=stdin, capture_output=True, text=True, check=False)
        if run.returncode != code:
            self.judge.wrong.append(f"mps {' '.join(args)}: exit code {run.returncode}, not {code}: {run.stderr[-800:]}")
        return run.stdout.strip()

    @contextlib.contextmanager
    def stays(self, *args):
        """A command that stays up, until the block is over."""
        run = subprocess.Popen(self.begins(args), env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            yield run
        finally:
            run.send_signal(signal.SIGINT)
            _, talk = run.communicate(timeout=60)
            if run.returncode not in (0, 130):
                self.judge.wrong.append(f"mps {' '.join(args)}: exit code {run.returncode}: {talk[-800:]}")

    def comes_true(self, what, condition):
        limit = time.monotonic() + 30
        while not condition():
            if time.monotonic() > limit:
                self.judge.wrong.append(f"{self.judge.now}: never came true: {what}")
                return
            time.sleep(0.05)

    def status(self, solution):
        return next(one["status"] for one in self.judge.ask("state")["solutions"] if one["solution_id"] == solution)

    def seed(self, status, **more):
        return self.judge.ask("solutions", {"status": status, **more})["solution_ids"][0]

    def clicks(self, port, path, app):
        """A Tech Provider at the page, by the page's own requests."""
        host, page = f"localhost:{port}", []

        def arrived():
            with contextlib.suppress(OSError):
                with urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": host})) as answer:
                    page.append(answer.read().decode())
            return bool(page)

        self.comes_true("the page", arrived)
        nonce = re.search(r'"nonce":"([^"]+)"', page[0])[1]
        token = self.judge.ask("grant", {"apps": [app]})["access_token"]
        headers = {"Host": host, "Origin": f"http://{host}", "Content-Type": "application/json", "X-Mps-Nonce": nonce}
        body = json.dumps({"accessToken": token}).encode()
        urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}/token", body, headers)).close()


def play(mps, env, judge, small):
    it = Play(mps, env, judge)
    made = it.runs("onboard", "--app-id", it.apps[0], "--yes")
    it.runs("list", "--role", "partner")
    it.runs("show", made)
    if small:
        return
    walk(it, made)
    listed = subprocess.run([mps, "--help"], capture_output=True, text=True, check=True).stdout
    commands = re.findall(r"^  ([a-z-]+)  +[A-Z]", listed.split("Commands:")[1].split("Options:")[0], re.MULTILINE)
    for command in commands:
        if bool(judge.commands[command]) == (command in SILENT):
            judge.wrong.append(f"mps {command} asked Graph {judge.commands[command]} times")


def walk(it, made):
    """Every command that asks Graph, and each of its ways to ask."""
    apps, judge, us = it.apps, it.judge, it.env["MPS_PARTNER_APP_ID"]
    it.runs("doctor")
    it.runs("doctor", "--probe", os.path.join(it.env["HOME"], "probe.json"))
    it.runs("list-apps")
    for name in ("SYSTEM_TOKEN", "APP_SECRET", "VERIFY_TOKEN"):
        with open(os.path.join(it.env["HOME"], name), "w", encoding="utf-8") as file:
            file.write(it.env[f"MPS_{name}"])
    it.runs("init", "--profile", "judged", "--graph-url", judge.url, "--partner-app-id", us, "--secret-store", "command",
            "--system-token-command", "cat ~/SYSTEM_TOKEN", "--app-secret-command", "cat ~/APP_SECRET", "--verify-token-command", "cat ~/VERIFY_TOKEN")

    # Made, and turned down, and made again, in each of the ways to send.
    first = it.runs("create", "--app-id", apps[1], "--messaging", "partner")
    it.runs("create", "--app-id", apps[1])
    second = it.runs("create", "--app-id", apps[2], "--messaging", "tech-provider")
    it.runs("accept", "--dry-run", first)
    it.runs("accept", first)
    it.runs("reject", "--yes", second)
    it.runs("accept", second, code=1)
    it.runs("onboard", "--all", "--dry-run")
    it.runs("onboard", "--app-id", apps[3], "--app-id", apps[4], "--yes", "--handoff", os.path.join(it.env["HOME"], "message"))
    judge.ask("faults", {"rules": [{"call": "accept", "fault": {"denied": {"code": 200}}}]})
    it.runs("onboard", "--app-id", apps[5], "--yes", code=4)
    judge.ask("faults", {})
    it.runs("resume", "--yes")

    # Looked at.
    it.runs("list", "--status", "active")
    it.runs("list", "--app-id", apps[0], "--role", "owner")
    it.runs("list", "--waba", judge.ask("state")["accounts"][1]["account_id"])
    it.runs("show", made, first, second)
    it.runs("wait", made, "--until", "active")
    it.runs("wait", second, "--until", "active", code=1)
    it.runs("handoff", made)
    it.runs("snippet", "signup", "--solution-id", made, "--signup-config-id", "9876543210")
    it.runs("clients", "--business", OURS)
    it.runs("business-token", made, "--business-id", CLIENT)
    it.runs("business-token", made, "--business-id", "999999999999999", code=1)
    it.runs("api", f"{us}/whatsapp_business_solutions", "-f", "role=PARTNER", "-f", "limit=2", "--paginate")
    it.runs("api", "post", f"{it.seed('INITIATED')}/accept", "-f", f"partner_app_id={us}")

    # Ended, and what is over.
    it.runs("deactivate", "request", "--yes", made)
    it.runs("deactivate", "reject", "--yes", made)
    it.runs("deactivate", "request", "--yes", made)
    it.runs("deactivate", "accept", "--yes", made)
    it.runs("create", "--app-id", apps[3], "--allow-duplicate", "--name", "Once more")
    it.runs("tidy", "--dry-run")
    it.runs("tidy", "--yes")

    # What stays up, with somebody at the page or in the dashboard.
    port = free_port()
    public = ["--port", str(port), "--public-url", f"http://localhost:{port}"]
    invited = json.loads(it.runs("invite", "--json", "--for", "seventh", "--app-id", apps[7], "--public-url", public[-1]))
    path = invited["link"].removeprefix(public[-1])
    with it.stays("watch", "--yes", "--no-open", *public):
        it.clicks(port, path, apps[7])
        it.comes_true("their app is active", lambda: judge.ask("state")["live"][apps[7]] == 1
                      and judge.ask("state")["solutions"][-1]["status"] == "ACTIVE")
    with it.stays("serve-button", "--no-open", "--for", "eighth", *public) as run:
        lines = []
        threading.Thread(target=lambda: lines.extend(iter(run.stderr.readline, "")), daemon=True).start()
        it.comes_true("a link", lambda: re.search(rf"localhost:{port}(/\S+)", "".join(lines)))
        if found := re.search(rf"localhost:{port}(/\S+)", "".join(lines)):
            it.clicks(port, found[1], apps[8])
            run.wait(60)
    with it.stays("listen", "--subscribe", "--yes", *public):
        it.comes_true("a subscription", lambda: judge.unjudged["POST ID/subscriptions"] > 0)
        before = judge.commands["listen"]
        it.seed("ACTIVE", owner_app_id=apps[9])
        it.comes_true("what came is read again", lambda: judge.commands["listen"] > before)

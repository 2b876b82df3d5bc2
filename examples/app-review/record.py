#!/usr/bin/env python3
"""Records what Meta's App Review wants to see of `manage_app_solution`, as numbered pictures: record.py [FOLDER]

A headless Chromium is the Tech Provider: it opens the page that `mps onboard` serves, goes through the dialog of mps's own
sandbox, and comes back. The dialog is a stand-in for Meta's, and every picture says so. Nothing leaves this machine.

Needs Chromium, and mps on the PATH (or named by MPS). Pictures go to the folder `app-review`, or to the one that is named.
"""

import base64
import contextlib
import html
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading

WIDTH, HEIGHT, PATIENCE = 1280, 800, 60
SWITCHES = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-extensions", "--disable-sync",
            "--disable-background-networking", "--disable-component-update", "--no-first-run", "--no-proxy-server",
            "--password-store=basic", "--hide-scrollbars", "--remote-debugging-pipe",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1", "about:blank"]
CAPTION = """<!DOCTYPE html><meta charset="utf-8"><title>{number}</title><style>
* {{ box-sizing: border-box; margin: 0 }}
body {{ width: {width}px; height: {height}px; display: flex; flex-direction: column; background: #e9ebee; color: #1c1e21;
  font: 17px/1.45 system-ui, "DejaVu Sans", sans-serif }}
main {{ flex: 1; min-height: 0; display: flex; align-items: center; justify-content: center; padding: 28px }}
.shot {{ max-width: 100%; max-height: 100%; border-radius: 8px; box-shadow: 0 2px 18px #0003; background: #fff }}
pre {{ width: 100%; max-height: 100%; overflow: hidden; padding: 24px 28px; border-radius: 8px; background: #16191d; color: #e6e8ea;
  font: 14px/1.55 "DejaVu Sans Mono", monospace; white-space: pre-wrap; overflow-wrap: anywhere }}
footer {{ padding: 16px 32px 18px; background: #fff; border-top: 1px solid #ccd0d5; display: flex; gap: 20px; align-items: baseline }}
b {{ font-size: 22px; white-space: nowrap }} small {{ display: block; color: #606770; font-size: 14px; margin-top: 3px }}
</style><main>{content}</main><footer><b>{number} of {all}</b><p>{caption}<small>{note}</small></p></footer>"""
STAND_IN = "Recorded with the sandbox of mps. This window is a stand-in for Meta’s dialog; with a real app Meta’s own dialog opens here."
OWN = "Recorded with the sandbox of mps: Meta is played on this machine, the app and the companies are invented."


class Chromium:
    """A browser, spoken to in the DevTools protocol over two pipes."""

    def __init__(self, home):
        program = next((path for path in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if path), None)
        if program is None:
            sys.exit("record.py needs chromium (Debian: apt-get install chromium)")
        (theirs_in, self.to), (self.back, theirs_out) = os.pipe(), os.pipe()

        def at_3_and_4():
            # Both are first moved out of each other's way.
            os.dup2(os.dup(theirs_out), 14), os.dup2(os.dup(theirs_in), 13)
            os.dup2(13, 3), os.dup2(14, 4)

        self.run = subprocess.Popen([program, f"--user-data-dir={home}/chromium", f"--window-size={WIDTH},{HEIGHT}", *SWITCHES],
                                    env={"HOME": home, "PATH": os.environ["PATH"], "LANG": "en_US.UTF-8"}, close_fds=False,
                                    preexec_fn=at_3_and_4, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(theirs_in)
        os.close(theirs_out)
        # A browser that hangs is ended, and the next read says so.
        self.limit = threading.Timer(4 * PATIENCE, self.run.kill)
        self.limit.start()
        self.buffer, self.last, self.events = b"", 0, []
        self.call("Target.setDiscoverTargets", discover=True)

    def read(self):
        while b"\0" not in self.buffer:
            got = os.read(self.back, 1 << 16)
            if not got:
                sys.exit("record.py: Chromium has ended")
            self.buffer += got
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, session=None, **params):
        self.last += 1
        message = {"id": self.last, "method": method, "params": params, **({"sessionId": session} if session else {})}
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.last:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.events.append(answer)

    def wait(self, fits):
        """The first event that fits, of those that came and those to come."""
        while True:
            for at, event in enumerate(self.events):
                if fits(event):
                    return self.events.pop(at)
            self.events.append(self.read())

    def attach(self, target):
        return Page(self, self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"], target)

    def page(self):
        return self.attach(self.call("Target.createTarget", url="about:blank")["targetId"])

    def popup(self, opener):
        return self.attach(self.wait(lambda event: event.get("method") == "Target.targetCreated" and event["params"]["targetInfo"]
                                     .get("openerId") == opener.target)["params"]["targetInfo"]["targetId"])

    def end(self):
        self.limit.cancel()
        self.run.kill()
        self.run.wait()


class Page:
    def __init__(self, browser, session, target):
        self.browser, self.session, self.target = browser, session, target
        self.call("Page.enable")

    def call(self, method, **params):
        return self.browser.call(method, self.session, **params)

    def goes_to(self, url):
        self.call("Page.navigate", url=url)
        self.browser.wait(lambda event: event.get("method") == "Page.loadEventFired" and event.get("sessionId") == self.session)

    def asks(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{expression}: {answer['exceptionDetails'].get('exception', answer['exceptionDetails'])}")
        return answer["result"].get("value")

    def sees(self, selector):
        """Waits, in the page, until such an element is there and its pictures have come."""
        self.asks(f"""new Promise((done, fail) => {{
            const look = () => document.querySelector({json.dumps(selector)}) && done(true);
            new MutationObserver(look).observe(document, {{subtree: true, childList: true, attributes: true}});
            addEventListener("load", look); setTimeout(() => fail(new Error({json.dumps(selector + ' never came')})), {PATIENCE}000);
            look();
        }}).then(() => document.fonts.ready).then(() => true)""")

    def clicks(self, selector):
        """With the mouse, since a window opens only from a real click."""
        self.sees(f"{selector}:not([disabled])")
        at = self.asks(f"""(() => {{ const one = document.querySelector({json.dumps(selector)});
            one.scrollIntoView({{block: "center", behavior: "instant"}}); const box = one.getBoundingClientRect();
            return {{x: box.x + box.width / 2, y: box.y + box.height / 2}} }})()""")
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, button="left", clickCount=1, **at)

    def size(self, width, height):
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "light"},
                                                          {"name": "prefers-reduced-motion", "value": "reduce"}])
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2, mobile=False)

    def picture(self):
        # A tab behind another one draws nothing, and a picture of it never comes.
        self.call("Page.bringToFront")
        return self.call("Page.captureScreenshot", format="png")["data"]


class Album:
    """The pictures, each with its number and what is to be seen."""

    def __init__(self, browser, folder, home):
        self.page, self.folder, self.home, self.shots = browser.page(), folder, home, []

    def shoots(self, page, name, caption, note=OWN, width=760, height=None):
        """A picture of so much of the page; of all of it where no height is said."""
        page.size(width, height or 600)
        if not height:
            page.size(width, page.asks("document.documentElement.scrollHeight"))
        self.shots.append((name, caption, note, f'<img class="shot" src="data:image/png;base64,{page.picture()}">'))

    def writes(self, text, name, caption):
        self.shots.append((name, caption, OWN, f"<pre>{html.escape(text)}</pre>"))

    def develops(self):
        os.makedirs(self.folder, exist_ok=True)
        self.page.size(WIDTH, HEIGHT)
        for number, (name, caption, note, content) in enumerate(self.shots, 1):
            filled = CAPTION.format(number=number, all=len(self.shots), width=WIDTH, height=HEIGHT, content=content,
                                    caption=html.escape(caption), note=html.escape(note))
            with open(os.path.join(self.home, "picture.html"), "w", encoding="utf-8") as file:
                file.write(filled)
            self.page.goes_to(f"file://{file.name}")
            path = os.path.join(self.folder, f"{number}-{name}.png")
            with open(path, "wb") as file:
                file.write(base64.b64decode(self.page.picture()))
            print(path)


@contextlib.contextmanager
def command(*args, env):
    run = subprocess.Popen([os.environ.get("MPS", "mps"), *args], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, text=True)
    try:
        yield run
    finally:
        if run.poll() is None:
            run.send_signal(signal.SIGINT)
        run.wait(PATIENCE)


def record(folder, home, browser):
    env = {name: text for name, text in os.environ.items() if not name.startswith("MPS_")} | {"HOME": home, "MPS_CONFIG_DIR": home}
    with command("--json", "-q", "sandbox", "--port", "0", env=env | {"MPS_STATE_DIR": home}) as sandbox:
        line = sandbox.stdout.readline()
        if not line:
            sys.exit(f"record.py: {sandbox.stderr.read()}")
        # Without a user token, so that the page is what brings it.
        tokens = {name: text for name, text in json.loads(line).items() if name != "MPS_USER_TOKEN"}
        message = os.path.join(home, "message.txt")
        with command("--color", "never", "onboard", "--http", "--port", "0", "--no-open", "--all", "--yes", "--accept-anyone",
                     "--handoff", message,
                     env=env | tokens) as onboard:
            album, talk = Album(browser, folder, home), []
            for line in onboard.stderr:
                talk.append(line)
                if found := re.search(r"http://localhost:\d+/\S+", line):
                    break
            else:
                sys.exit(f"record.py: {''.join(talk)}")
            rest = threading.Thread(target=lambda: talk.extend(onboard.stderr))
            rest.start()
            walk(browser, album, found[0])
            onboard.wait(PATIENCE)
            rest.join()
            if onboard.returncode:
                sys.exit(f"record.py: mps ended with {onboard.returncode}\n{''.join(talk)}")
        with open(message, encoding="utf-8") as file:
            said = file.read()
        clock = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ ", re.MULTILINE)
        kept = [line for line in clock.sub("", "".join(talk)).replace(f"{home}/", "").splitlines() if not line.startswith(("SANDBOX", "In the sandbox", "  run "))]
        made = next(at for at, line in enumerate(kept) if line.startswith("Creating"))
        album.writes("\n".join(["$ mps onboard --all --yes --handoff message.txt", *kept[:made]]), "plan",
                     "Meanwhile at the Solution Partner: mps lists the apps that were granted, by this permission, and makes a plan.")
        album.writes("\n".join([*kept[made:], "", "--- the message to the Tech Provider", "", said]), "made",
                     "It creates a solution for each app, accepts it as the partner, and writes to the Tech Provider which there are.")
        board = browser.page()
        board.size(1180, 620)
        board.goes_to(f"{tokens['MPS_GRAPH_URL']}/sandbox")
        board.sees("#solutions > *")
        board.asks("document.querySelector('#solutions').scrollIntoView(), scrollBy(0, -32)")
        album.shoots(board, "dashboard", "In the Tech Provider’s dashboard the solutions are Active; they can ask for the end of each.",
                     "Recorded with the sandbox of mps. This page is a stand-in for Meta’s App Dashboard.", 1180, 620)
        album.develops()


def walk(browser, album, link):
    page = browser.page()
    page.size(1180, 600)
    page.goes_to(link)
    page.sees("html[data-state=ready]")
    album.shoots(page, "page", "A Tech Provider opens the link that the Solution Partner sent. The page says what will happen; the button begins it.")
    page.clicks("#login")
    dialog = browser.popup(page)
    dialog.sees("#apps:not([hidden])")
    album.shoots(dialog, "dialog", "The dialog asks which of their apps the Tech Provider shares. Nothing is chosen for them.", STAND_IN, 620, 620)
    for app in dialog.asks("[...document.querySelectorAll('#list input')].slice(0, 2).map((one) => one.value)"):
        dialog.clicks(f"#list input[value='{app}']")
    album.shoots(dialog, "chosen", "The Tech Provider chooses two apps. The third stays out of it.", STAND_IN, 620, 620)
    dialog.clicks("#next")
    dialog.sees("#confirm:not([hidden])")
    album.shoots(dialog, "permission", "manage_app_solution is granted for these two apps, and for nothing else.", STAND_IN, 620, 720)
    # A window that closes under the mouse answers nobody.
    dialog.asks("setTimeout(() => document.querySelector('#confirm').click(), 50), 0")
    page.sees("html[data-state^=finished]")
    album.shoots(page, "finished", "Back on the page: a solution was created for each chosen app by this permission, with its id.")


def main():
    if sys.argv[1:2] in (["-h"], ["--help"]):
        print(__doc__)
        return
    home = tempfile.mkdtemp(prefix="mps-app-review-")
    browser = Chromium(home)
    try:
        record(os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "app-review"), home, browser)
    finally:
        browser.end()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()

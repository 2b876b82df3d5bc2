"use strict";
// The page's script. Its one decision: everything a person sees is one of the states below, and show()
// is the only way from one to another. Meta's SDK tells little (a cancelled, refused or broken sign-in
// all look the same), so the states say what to do next rather than what was wrong.
(() => {
  // In a worker this file is the page's clock, see follow().
  if (typeof document === "undefined") {
    self.onmessage = ({ data }) => setTimeout(() => postMessage(data.ticket), data.wait);
    return;
  }

  const config = JSON.parse(document.getElementById("config").textContent);
  const onOperatorsSite = !config.nonce;

  // A name in another direction must not turn the words beside it around, nor one that brings such a turn.
  const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
  function named(name) {
    const plain = name.replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "");
    return RIGHT_TO_LEFT.test(plain) ? `\u2068${plain}\u2069` : plain;
  }
  const partner = named(config.partner);

  // ---- what a person sees -------------------------------------------------------------------------

  // tone: busy, good, bad or none. button: its label, or null for no button; plain: it is not the next step.
  // reload: offer to reload.
  const READY = "Continue with Facebook";
  const AGAIN = "Try again with Facebook";
  const STATES = {
    loading: { button: READY, off: true, hint: "Getting Facebook's part of this page…" },
    ready: { button: READY, hint: "A Facebook window opens. Keep this page open meanwhile." },
    sdk_blocked: {
      tone: "bad", title: "Facebook's script did not load", reload: true,
      text: "An ad blocker, a strict privacy mode or the network keeps connect.facebook.net away. Allow it for this page, or use another browser or a private window, and reload.",
    },
    popup_blocked: {
      tone: "bad", title: "Your browser blocked the Facebook window", button: READY,
      text: "Allow pop-ups for this page (most browsers show a small icon in the address bar), then press the button again. If the link opened inside another app, open it in your browser instead.",
    },
    waiting: {
      tone: "busy", title: "Please go on in the Facebook window", button: "Open the window again", plain: true,
      text: "Sign in, choose the apps, and confirm. This page follows by itself.",
      hint: "Can't see it? It may be behind this one, or the browser may have blocked it.",
    },
    closed: {
      title: "No permission came this time", button: AGAIN,
      text: "If you cancelled or closed the window, just try again. If it showed an error, please choose it below.",
    },
    severed: {
      tone: "bad", title: "The Facebook window lost touch with this page", button: AGAIN,
      text: "A privacy extension or a container tab cut the two apart. Close that window, then use a private window without extensions, or another browser.",
    },
    code: {
      tone: "bad", title: "Facebook sent a code in place of the permission", button: AGAIN,
      text: `This is a setting of the app that asks; you did nothing wrong. ${partner} has been told: try again when they say so.`,
    },
    limit: {
      tone: "bad", title: "Please reload this page", reload: true,
      text: "Facebook's window opens ten times at most on one visit of the page.",
    },
    checking: { tone: "busy", title: "Checking the permission…", text: "This takes a few seconds." },
    queued: { tone: "busy", title: "Your permission is next in turn", text: "Another sign-in is looked at first. Please keep this page open." },
    refused: { tone: "bad", title: "This permission cannot be used", button: AGAIN },
    received: {
      tone: "good", title: "Thank you, that is all",
      text: `${partner} has received your permission. The solution does not exist yet: ${partner} creates it next and sends you its id. You can close this page.`,
    },
    onboarding: {
      tone: "busy", title: "Your solution is being set up",
      text: "Please keep this page open: the ids will appear here.",
    },
    finished: { tone: "good", title: "Your solution is ready", text: "Please keep the id: you need it for Embedded Signup." },
    finished_some: { tone: "bad", title: "Not everything worked", text: `${partner} sees this too and will be in touch with you.` },
    stale: {
      tone: "bad", title: "This page is from an earlier visit", reload: true,
      text: "Reload it, then press the button again.",
    },
    lost: {
      tone: "bad", title: "The connection was lost", reload: true,
      text: `The network is down, or ${partner} has stopped the program behind this page. Keep your link; ${partner} can tell you when it works again.`,
    },
    ended: {
      tone: "bad", title: "This session is over", reload: true,
      text: `${partner} has ended it. Ask them to start it again; a link that was sent to you stays the same.`,
    },
  };
  const ROW_STATES = {
    waiting: "waiting", creating: "being created…", created: "created, to be accepted", accepting: "being accepted…",
    active: "active", failed: "did not work", unclear: "not clear yet",
  };

  const by = (id) => document.getElementById(id);
  const title = document.title;
  let state = "loading";

  // Shows a state. more: text and remedy in place of the state's own.
  function show(name, more = {}) {
    const changed = state !== name;
    state = name;
    const view = { ...STATES[name], ...more };
    document.documentElement.dataset.state = name;
    const focused = document.activeElement;
    // Never hidden: what is said in a hidden place, a screen reader does not say.
    by("news").className = view.title ? `news ${view.tone ?? ""}` : "";
    write("news-title", view.title);
    write("news-text", view.text);
    write("news-remedy", view.remedy);
    by("login").hidden = !view.button;
    by("login").disabled = Boolean(view.off);
    by("login").classList.toggle("plain", Boolean(view.plain));
    write("login-label", view.button);
    by("reload").hidden = !view.reload;
    by("doors").hidden = !view.button && !view.reload;
    write("hint", view.hint);
    // What is over offers no way back: neither errors to report nor a token to paste.
    by("more").hidden = !["ready", "loading", "waiting", "closed", "severed", "popup_blocked", "refused", "sdk_blocked", "limit", "code"].includes(name);
    if (name === "closed") by("trouble").open = true;
    document.title = view.title ? `${view.title} · ${title}` : title;
    by("count").hidden = name !== "onboarding" || by("rows").children.length < 2;
    // A keyboard must not fall off the page with what had the focus.
    if (changed && focused && focused !== document.body && !focused.getClientRects().length) by("news").focus();
  }

  // Writes a text only if it changed, so that a screen reader does not say it twice.
  function write(id, text = "") {
    const node = by(id);
    if (node.textContent !== (text ?? "")) node.textContent = text ?? "";
    if (id !== "login-label") node.hidden = !text;
  }

  // ---- to mps, or to the operator's own site -------------------------------------------------------

  function send(path, body) {
    return fetch(path, {
      method: body ? "POST" : "GET",
      headers: { "X-Mps-Nonce": config.nonce, ...(body && { "Content-Type": "application/json" }) },
      body: body && JSON.stringify(body),
      cache: "no-store",
      keepalive: Boolean(body), // what is under way when the page is closed still arrives
      credentials: "omit",
    });
  }

  // Tells the operator what happened. Never in the way: what cannot be told is dropped, and null says so.
  async function tell(kind, text = "") {
    try {
      if (!onOperatorsSite) return await (await send("/event", { kind, text })).json();
      if (!window.mpsHeard) return null;
      await window.mpsHeard(kind, text);
      return {};
    } catch {
      return null;
    }
  }

  let brought = false;

  async function bring(grant) {
    // A second window may bring a second token; the first one is what counts.
    if (["checking", "queued", "received", "onboarding", "finished", "finished_some"].includes(state)) return;
    brought = true;
    show("checking");
    try {
      if (onOperatorsSite) {
        const answer = await window.mpsReceive(grant);
        return answer?.refused ? show("refused", { text: answer.refused, remedy: answer.remedy }) : show("received");
      }
      const answer = await patiently(() => send("/token", grant));
      if (answer.status === 412) return show("stale");
      if (answer.status !== 202) {
        const { reason, remedy } = await answer.json().catch(() => ({}));
        return show("refused", { text: reason ?? "It was not taken.", remedy });
      }
      follow();
    } catch (error) {
      if (onOperatorsSite) show("refused", { text: String(error?.message ?? error) });
      else show("lost");
    }
  }

  // A network that is away for a moment must not cost the person another sign-in.
  async function patiently(send, tries = 4) {
    try {
      return await send();
    } catch (error) {
      if (tries <= 1) throw error;
      await new Promise((later) => setTimeout(later, POLL));
      return patiently(send, tries - 1);
    }
  }

  // ---- following along ----------------------------------------------------------------------------

  const POLL = 1000; // while something is under way
  const PULSE = 5000; // before, to notice that nobody waits any more
  const busy = () => state === "checking" || state === "queued" || state === "onboarding";
  let timer = 0;
  let missed = 0;
  let clock = null;
  let ticket = 0;

  // The timers of a page that nobody looks at may come once a minute only, and by then the ids have been given
  // away unseen. A worker's come in time.
  function follow() {
    clearTimeout(timer);
    ticket += 1;
    const wait = busy() ? POLL : PULSE;
    if (document.hidden) clock ??= startClock();
    if (document.hidden && clock) clock.postMessage({ ticket, wait });
    else timer = setTimeout(poll, wait);
  }

  // false: there is none to be had, and none is asked for again.
  function startClock() {
    try {
      const worker = new Worker("/page.js");
      worker.onmessage = ({ data }) => { if (data === ticket) poll(); };
      worker.onerror = () => { clock = false; follow(); };
      return worker;
    } catch {
      return false;
    }
  }

  async function poll() {
    try {
      const answer = await send("/state");
      if (answer.status === 412) return show("stale");
      if (!answer.ok) throw new Error(answer.statusText);
      missed = 0;
      const told = await answer.json();
      learn(told);
      if (told.last) return;
    } catch {
      missed += 1;
      if (missed >= 3) show("lost");
      if (missed >= 60) return;
    }
    follow();
  }

  function learn(told) {
    if (told.progress) rows(told.progress.rows);
    const message = told.progress?.message ?? undefined;
    if (told.phase === "ended") {
      if (["received", "finished", "finished_some"].includes(state)) return;
      show("ended", message ? { text: message } : {});
    } else if (told.phase === "refused" && brought && ["checking", "queued", "lost"].includes(state)) {
      show("refused", { text: told.reason, remedy: told.remedy });
    } else if (["checking", "queued"].includes(told.phase) && ["checking", "queued", "lost"].includes(state)) {
      show(told.phase);
    } else if (told.phase === "accepted") {
      if (config.story === "serve_button") show("received");
      else if (told.last) finished(told.progress, message);
      else show("onboarding", { ...before(told.progress), ...(message && { text: message }) });
    } else if (["open", "refused"].includes(told.phase) && state === "lost") {
      show(window.FB ? "ready" : "loading");
    }
  }

  // Before the work begins, somebody at the partner looks at the plan, and may take their time.
  function before(progress) {
    if (progress?.rows.length) return progress.rows.length > 1 ? { title: "Your solutions are being set up" } : {};
    return {
      title: "Thank you, your permission was received",
      text: `${partner} looks at the plan and then creates the solution. Please keep this page open: the id will appear here.`,
    };
  }

  function finished(progress, message) {
    const all = progress.rows.length > 0 && progress.rows.every((row) => row.state === "active" || row.state === "created");
    const several = all && progress.rows.length > 1
      ? { title: "Your solutions are ready", text: "Please keep the ids: you need them for Embedded Signup." } : {};
    const open = all && progress.rows.some((row) => row.state === "created")
      ? { title: "Created, and waiting to be accepted", text: `${partner} accepts it next; the id stays the same.` } : {};
    const ids = progress.rows.map((row) => row.solution_id).filter(Boolean);
    const unclear = progress.rows.some((row) => row.state === "unclear") && progress.rows.every((row) => row.state !== "failed");
    const none = progress.rows.length === 0 ? { tone: "", title: "Nothing was created" }
      : unclear ? { tone: "", title: "It is not clear yet whether everything worked" }
      : ids.length === 0 ? { title: "It did not work this time" } : {};
    show(all ? "finished" : "finished_some", { ...several, ...open, ...none, ...(message && { text: message }) });
    by("copy-all-line").hidden = ids.length < 2;
    by("copy-all").onclick = () => copy(by("copy-all"), ids.join("\n"), "Copy all solution ids");
  }

  // Brings the list up to date; what did not change is left alone, with the focus that may be in it.
  function rows(list) {
    const parent = by("rows");
    list.forEach((row, at) => {
      const key = JSON.stringify(row);
      if (parent.children[at]?.dataset.key === key) return;
      const item = make("li", { className: "" });
      item.dataset.key = key;
      const app = make("div", { className: "app" });
      const name = named(row.app_name) || row.app_id;
      app.append(make("bdi", { textContent: name }),
        make("span", { className: `state ${row.state}`, textContent: ROW_STATES[row.state] ?? row.state }));
      item.append(app);
      if (row.solution_id) {
        const line = make("div", { className: "solution" });
        const button = make("button", { className: "quiet small", type: "button", textContent: "Copy id" });
        button.setAttribute("aria-label", `Copy id of ${name}`);
        button.onclick = () => copy(button, row.solution_id, "Copy id");
        line.append(make("span", { className: "id", textContent: row.solution_id }), button);
        item.append(line);
      }
      if (row.note) item.append(make("div", { className: "note", textContent: row.note }));
      if (parent.children[at]) parent.replaceChild(item, parent.children[at]);
      else parent.append(item);
    });
    while (parent.children.length > list.length) parent.lastChild.remove();
    const done = list.filter((row) => ["active", "failed", "unclear"].includes(row.state)).length;
    Object.assign(by("count-bar"), { max: Math.max(list.length, 1), value: done });
    write("count-text", `${done} of ${list.length} done`);
  }

  const make = (tag, values) => Object.assign(document.createElement(tag), values);

  async function copy(button, text, label) {
    let done = false;
    try {
      await navigator.clipboard.writeText(text);
      done = true;
    } catch { /* an old browser, or not allowed: the id can still be marked by hand */ }
    button.textContent = done ? "Copied" : "Please copy by hand";
    by("copied").textContent = button.textContent;
    setTimeout(() => { button.textContent = label; by("copied").textContent = ""; }, 2000);
  }

  // ---- Meta's SDK ---------------------------------------------------------------------------------

  const LATE = 10000; // an SDK that did not come in this time will not
  const SEVERED = 1000; // no person closes a window this fast
  const UNSEEN = 2000; // then a window should be open
  const DIALOGS = 10; // the SDK opens no more on one page, and does not say so
  let attempt = 0;
  let reason = "";

  function load() {
    const script = make("script", { src: config.sdk, async: true, nonce: document.currentScript?.nonce || config.script_nonce || "" });
    if (/^https:/.test(config.sdk)) script.crossOrigin = "anonymous";
    const late = setTimeout(blocked, LATE);
    script.onerror = blocked;
    window.fbAsyncInit = () => {
      clearTimeout(late);
      try {
        // fedCM false: else newer browsers swap the window for a bubble that drops our scope.
        // No cookie, no storage: they would lie open to every other program on localhost.
        // A blocker may put a stub in the SDK's place, which has some of its names.
        if (typeof window.FB?.login !== "function") return stub("FB.login is not a function");
        FB.init({ appId: config.app_id, version: config.version, cookie: false, xfbml: false, status: false, localStorage: false, fedCM: false });
        FB.Event.subscribe("auth.denied", said);
        FB.Event.subscribe("auth.error", said);
      } catch (error) {
        return blocked(error);
      }
      if (state === "loading" || state === "sdk_blocked") show("ready");
    };
    document.head.append(script);
  }

  function blocked(error) {
    if (state !== "loading") return;
    show("sdk_blocked");
    tell("sdk_blocked", String(error?.message ?? ""));
  }

  function stub(message) {
    show("sdk_blocked");
    tell("sdk_stub", message);
  }

  // The SDK passes the reason on as it stood in the address, with + for blanks.
  function said(event) {
    const text = String(event?.message ?? "").replaceAll("+", " ");
    try { reason = decodeURIComponent(text); } catch { reason = text; }
  }

  function login(event) {
    if (event?.detail > 1) return; // the second half of a double click
    if (typeof window.FB?.login !== "function") return stub("FB.login is not a function");
    attempt += 1;
    if (attempt > DIALOGS) return show("limit");
    const mine = attempt;
    const began = performance.now();
    const options = { return_scopes: true, auth_type: "rerequest" };
    if (config.login_config_id) options.config_id = config.login_config_id;
    else options.scope = "manage_app_solution";
    reason = "";
    forget();
    tell("clicked");
    show("waiting", { hint: "", button: null });

    // The SDK calls back never when the browser blocks its window, so we look at what it gets.
    let asked = false;
    let popup = null;
    const open = window.open;
    window.open = function (...details) {
      asked = true;
      popup = open.apply(window, details);
      return popup;
    };
    try {
      // A plain function: the SDK takes no async one.
      FB.login((response) => answered(response, mine, began), options);
    } catch (error) {
      reason = String(error?.message ?? error);
      answered(null, mine, began - SEVERED);
    } finally {
      window.open = open;
    }
    if (asked && !popup) {
      show("popup_blocked");
      tell("popup_blocked");
      return;
    }
    setTimeout(() => { if (state === "waiting" && mine === attempt) show("waiting"); }, UNSEEN);
    if (popup) watch(popup, mine);
  }

  // A blocked network can keep the SDK from calling back after the window was closed.
  function watch(popup, mine) {
    let closed = 0;
    const clock = setInterval(() => {
      if (state !== "waiting" || mine !== attempt) return clearInterval(clock);
      closed = popup.closed ? closed + 1 : 0;
      if (closed < 10) return;
      clearInterval(clock);
      show("closed");
      tell("closed", reason);
    }, 500);
  }

  function answered(response, mine, began) {
    const auth = response?.authResponse;
    if (auth?.accessToken) {
      bring({
        accessToken: auth.accessToken, userID: auth.userID, expiresIn: auth.expiresIn,
        data_access_expiration_time: auth.data_access_expiration_time,
        reauthorize_required_in: auth.reauthorize_required_in,
        grantedScopes: auth.grantedScopes, signedRequest: auth.signedRequest,
      });
      return;
    }
    if (mine !== attempt || state !== "waiting") return;
    if (auth?.code) {
      show("code");
      tell("code");
      return;
    }
    if (performance.now() - began < SEVERED && !reason) {
      show("severed");
      tell("severed");
      return;
    }
    show("closed", reason ? { remedy: `Facebook said: ${reason}` } : {});
    tell("closed", reason);
  }

  // ---- the forms ----------------------------------------------------------------------------------

  const tellable = !onOperatorsSite || Boolean(window.mpsHeard);
  if (!tellable) by("trouble-tell").textContent = "What can I do?";
  for (const { id, text } of config.troubles) by("trouble-known").append(make("option", { value: id, textContent: text }));
  by("trouble-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = by("trouble-known").value || by("trouble-text").value.trim();
    if (!text) return write("trouble-answer", "Please choose one, or paste its text.");
    const answer = await tell("error", text);
    const known = config.troubles.find((trouble) => trouble.id === text) ?? (answer?.known ? answer : null);
    write("trouble-answer", known?.for_them ?? [
      known ? "This is a setting of the app that asks; you did nothing wrong." : "Thank you.",
      answer ? `${partner} has been told: try again when they say so.`
        : `Please tell ${partner} what the window says, and try again when they say so.`,
    ].join(" "));
  });
  // What was said of an earlier window has nothing to do with the next one.
  function forget() {
    by("trouble").open = false;
    by("trouble-form").reset();
    write("trouble-answer");
  }
  by("paste-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const field = by("paste-token");
    const accessToken = field.value.trim();
    field.value = "";
    if (accessToken) bring({ accessToken, pasted: true });
  });

  // ---- the beginning ------------------------------------------------------------------------------

  if (!onOperatorsSite) {
    // The SDK sends the page's address to Meta, so the address must be nobody's secret by then.
    try { if (location.pathname !== "/") sessionStorage.setItem("mps-link", location.pathname); } catch { /* no storage */ }
    history.replaceState(null, "", "/");
    tell("opened");
    // The browser inside another app: it says so itself.
    if (/\bFB(AN|AV|_IAB)\b|Instagram|\bLine\/|WhatsApp|LinkedInApp|; wv\)/.test(navigator.userAgent)) {
      tell("in_app");
      STATES.ready.hint = "This page is open inside another app, where Facebook's window may not open. If nothing happens, open the link in your browser.";
    }
    addEventListener("pagehide", () => tell("left"));
    follow();
  }
  by("login").addEventListener("click", login);
  by("reload").addEventListener("click", () => location.reload());
  show("loading");
  load();
})();

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
  const client = config.signup ? signup(config) : null;

  // A name in another direction must not turn the words beside it around, nor one that brings such a turn.
  const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
  function named(name) {
    const plain = name.replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "");
    return RIGHT_TO_LEFT.test(plain) ? `\u2068${plain}\u2069` : plain;
  }
  const partner = named(config.partner);

  // ---- what a person sees -------------------------------------------------------------------------

  // The sentences come with the page, in its language. A state NAME has NAME_title, NAME_text and NAME_hint, as far as
  // it has them; what is not in the language is not shown.
  const words = config.words;
  const say = (sentence, values) =>
    sentence?.replace(/\{(\w+)\}/g, (_, name) => (name === "partner" ? partner : String(values?.[name] ?? "")));

  // tone: busy, good, bad or none. button: its label, or null for no button; plain: it is not the next step.
  // reload: offer to reload.
  const STATES = {
    loading: { button: words.go_on, off: true },
    ready: { button: words.go_on },
    sdk_blocked: { tone: "bad", reload: true },
    popup_blocked: { tone: "bad", button: words.go_on },
    waiting: { tone: "busy", button: words.waiting_button, plain: true },
    closed: { button: words.try_again },
    severed: { tone: "bad", button: words.try_again },
    code: { tone: "bad", button: words.try_again },
    token: { tone: "bad", button: words.try_again },
    limit: { tone: "bad", reload: true },
    checking: { tone: "busy" },
    queued: { tone: "busy" },
    refused: { tone: "bad", button: words.try_again },
    received: { tone: "good" },
    onboarding: { tone: "busy" },
    finished: { tone: "good" },
    finished_some: { tone: "bad" },
    stale: { tone: "bad", reload: true },
    lost: { tone: "bad", reload: true },
    ended: { tone: "bad", reload: true },
  };

  // Title and text that stand under other names than the state's.
  const titled = (name) => ({ title: say(words[`${name}_title`]), ...(words[`${name}_text`] && { text: say(words[`${name}_text`]) }) });

  const by = (id) => document.getElementById(id);
  const title = document.title;
  const heading = by("heading").textContent;
  let state = "loading";
  const past = () => ["received", "finished", "finished_some"].includes(state);

  // Shows a state. more: text and remedy in place of the state's own.
  function show(name, more = {}) {
    const changed = state !== name;
    state = name;
    const view = { ...titled(name), hint: say(words[`${name}_hint`]), ...STATES[name], ...more };
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
    by("more").hidden = !["ready", "loading", "waiting", "closed", "severed", "popup_blocked", "refused", "sdk_blocked", "limit", "code", "token"].includes(name);
    if (name === "closed") by("trouble").open = true;
    // What is over asks for nothing any more.
    write("heading", past() ? partner : heading);
    document.title = view.title ? `${view.title} · ${past() ? partner : title}` : title;
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
        const answer = await window.mpsReceive(await grant);
        return answer?.refused ? show("refused", { text: answer.refused, remedy: answer.remedy }) : show("received");
      }
      const answer = await patiently(() => send("/token", grant));
      if (answer.status === 412) return show("stale");
      if (answer.status !== 202) {
        const { refused } = await answer.json().catch(() => ({}));
        return show("refused", because(refused));
      }
      follow();
    } catch (error) {
      if (onOperatorsSite) show("refused", { text: String(error?.message ?? error) });
      else show("lost");
    }
  }

  // Why a token was refused comes as a code with its values.
  function because(refused) {
    const [reason, remedy] = words.refused[refused?.code] ?? [words.not_taken];
    return { text: say(reason, refused), remedy: say(remedy, refused) };
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
  const over = () => state === "finished" || state === "finished_some";
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
      if (answer.status === 412) return over() || show("stale");
      if (!answer.ok) throw new Error(answer.statusText);
      missed = 0;
      const told = await answer.json();
      learn(told);
      if (told.last) return;
    } catch {
      missed += 1;
      if (missed >= 3 && !over()) show("lost");
      if (missed >= 60) return;
    }
    follow();
  }

  function learn(told) {
    if (told.progress) rows(told.progress.rows);
    const message = say(words[`last_${told.progress?.message}`]);
    if (told.phase === "ended") {
      if (["received", "finished", "finished_some"].includes(state)) return;
      show("ended", message ? { text: message } : {});
    } else if (told.phase === "refused" && brought && ["checking", "queued", "lost"].includes(state)) {
      show("refused", because(told.refused));
    } else if (["checking", "queued"].includes(told.phase) && ["checking", "queued", "lost"].includes(state)) {
      show(told.phase);
    } else if (told.phase === "accepted") {
      if (config.story === "serve_button") show("received");
      else if (told.progress?.finished) finished(told.progress, message);
      else show("onboarding", { ...before(told.progress), ...(message && { text: message }) });
    } else if (["open", "refused"].includes(told.phase) && state === "lost") {
      show(window.FB ? "ready" : "loading");
    }
  }

  // Before the work begins, somebody at the partner looks at the plan, and may take their time.
  function before(progress) {
    if (progress?.rows.length) return progress.rows.length > 1 ? titled("onboarding_many") : {};
    return titled("plan");
  }

  function finished(progress, message) {
    const all = progress.rows.length > 0 && progress.rows.every((row) => row.state === "active" || row.state === "created");
    const several = all && progress.rows.length > 1 ? titled("finished_many") : {};
    const open = all && progress.rows.some((row) => row.state === "created") ? titled("created") : {};
    const ids = progress.rows.map((row) => row.solution_id).filter(Boolean);
    const unclear = progress.rows.some((row) => row.state === "unclear") && progress.rows.every((row) => row.state !== "failed");
    const none = progress.rows.length === 0 ? { tone: "", ...titled("nothing") }
      : unclear ? { tone: "", ...titled("unclear") }
      : ids.length === 0 ? titled("failed") : {};
    show(all ? "finished" : "finished_some", { ...several, ...open, ...none, ...(message && { text: message }) });
    useOf(progress.rows.filter((row) => row.state === "active" && row.solution_id).map((row) => row.solution_id));
    by("copy-all-line").hidden = ids.length < 2;
    by("copy-all").onclick = () => copy(by("copy-all"), ids.join("\n"), words.copy_all);
  }

  // What the Tech Provider does with the ids; only where a solution can be used already.
  function useOf(ids) {
    by("use").hidden = ids.length === 0;
    write("use-text", say(ids.length > 1 ? words.use_many : words.use_one));
    write("use-code", ids.length !== 1 ? "" : `extras: { setup: { solutionID: "${ids[0]}" } }`);
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
        make("span", { className: `state ${row.state}`, textContent: words[`row_${row.state}`] ?? row.state }));
      item.append(app);
      if (row.solution_id) {
        const line = make("div", { className: "solution" });
        const button = make("button", { className: "quiet small", type: "button", textContent: words.copy_id });
        button.setAttribute("aria-label", say(words.copy_id_of, { name }));
        button.onclick = () => copy(button, row.solution_id, words.copy_id);
        line.append(make("span", { className: "id", textContent: row.solution_id }), button);
        if (row.solution_name) item.append(make("div", { className: "name", textContent: named(row.solution_name), dir: "auto" }));
        item.append(line);
      }
      if (row.note) item.append(make("div", { className: "note", textContent: say(words[`note_${row.note}`]) }));
      if (parent.children[at]) parent.replaceChild(item, parent.children[at]);
      else parent.append(item);
    });
    while (parent.children.length > list.length) parent.lastChild.remove();
    const done = list.filter((row) => ["active", "failed", "unclear"].includes(row.state)).length;
    Object.assign(by("count-bar"), { max: Math.max(list.length, 1), value: done });
    write("count-text", say(words.count, { done, all: list.length }));
  }

  const make = (tag, values) => Object.assign(document.createElement(tag), values);

  async function copy(button, text, label) {
    let done = false;
    try {
      await navigator.clipboard.writeText(text);
      done = true;
    } catch { /* an old browser, or not allowed: the id can still be marked by hand */ }
    button.textContent = done ? words.copied : words.copy_by_hand;
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
    const options = client?.options() ?? { return_scopes: true, auth_type: "rerequest" };
    if (client) client.begin();
    else if (config.login_config_id) options.config_id = config.login_config_id;
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
    if (client && auth) return answeredClient(auth);
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
    const left = client?.left();
    reason ||= left?.error ?? "";
    if (performance.now() - began < SEVERED && !reason && !left?.step) {
      show("severed");
      tell("severed");
      return;
    }
    show("closed", reason ? { remedy: say(words.facebook_said, { reason }) } : {});
    tell("closed", reason || left?.step);
  }

  // A client's account comes as a code; a token means that the configuration is one for the button.
  function answeredClient(auth) {
    if (auth.code) return bring(client.client(auth.code));
    show("token");
    tell("token");
  }

  // ---- the forms ----------------------------------------------------------------------------------

  const tellable = !onOperatorsSite || Boolean(window.mpsHeard);
  if (!tellable) by("trouble-tell").textContent = words.trouble_help;
  for (const { id, text } of config.troubles) by("trouble-known").append(make("option", { value: id, textContent: text }));
  by("trouble-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = by("trouble-known").value || by("trouble-text").value.trim();
    if (!text) return write("trouble-answer", words.trouble_choose);
    const answer = await tell("error", text);
    const known = config.troubles.find((trouble) => trouble.id === text || trouble.id === answer?.known);
    write("trouble-answer", known?.for_them ?? [
      known ? words.trouble_ours : words.trouble_thanks,
      say(answer ? words.trouble_told : words.trouble_tell),
    ].join(" "));
  });
  // What was said of an earlier window has nothing to do with the next one.
  function forget() {
    by("trouble").open = false;
    by("trouble-form").reset();
    write("trouble-answer");
  }
  by("paste-form")?.addEventListener("submit", (event) => {
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
      STATES.ready.hint = say(words.in_app_hint);
    }
    addEventListener("pagehide", () => tell("left"));
    follow();
  }
  by("login").addEventListener("click", login);
  by("reload").addEventListener("click", () => location.reload());
  show("loading");
  load();
})();

"use strict";
// Embedded Signup: what the button's page does otherwise where a client's account is asked for in place of a permission.
// Its one decision: what the window tells beside the code is heard from Facebook alone and is never needed; the page waits
// a moment for it, since the code comes by another way, and goes on without.
const signup = (config) => {
  const LATE = 2000; // the code holds for some seconds only
  let told = null;
  let tell = () => {};

  // The end of a name is not enough: evilfacebook.com has it too.
  function fromFacebook(origin) {
    if (config.signup.origin) return origin === config.signup.origin;
    try {
      const { protocol, hostname, port } = new URL(origin);
      return protocol === "https:" && port === "" && (hostname === "facebook.com" || hostname.endsWith(".facebook.com"));
    } catch {
      return false;
    }
  }

  // Others write to this window too, Facebook's own parts among them: what is no such message is passed over.
  addEventListener("message", ({ origin, data }) => {
    if (!fromFacebook(origin)) return;
    try {
      const message = typeof data === "string" ? JSON.parse(data) : data;
      if (message?.type !== "WA_EMBEDDED_SIGNUP") return;
      told = message;
      tell();
    } catch { /* not for us */ }
  });

  const id = (value) => (/^\d{1,20}$/.test(value ?? "") ? String(value) : null);
  const text = (value) => (value ? String(value).slice(0, 300) : "");

  return {
    options: () => ({
      config_id: config.signup.config_id,
      response_type: "code",
      override_default_response_type: true,
      extras: { setup: { solutionID: config.signup.solution_id }, featureType: "", sessionInfoVersion: "3" },
    }),
    begin() { told = null; },
    // The step at which the client left, or what was wrong, in the window's words.
    left: () => ({ step: text(told?.data?.current_step), error: text(told?.data?.error_message) }),
    async client(code) {
      if (!told) await new Promise((done) => { tell = done; setTimeout(done, LATE); });
      const { waba_id, phone_number_id, business_id } = told?.data ?? {};
      return {
        code, event: told?.event ? text(told.event) : null,
        waba_id: id(waba_id), phone_number_id: id(phone_number_id), business_id: id(business_id),
        solution_id: config.signup.solution_id,
      };
    },
  };
};

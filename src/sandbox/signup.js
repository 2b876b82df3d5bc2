// Embedded Signup's window: one step, then a message with the ids and a code for the SDK.
//
// The one decision: the message goes out before the code, to the page's origin alone, as text in JSON, as Meta's does.
(function () {
  'use strict';

  var CLOSE_MS = 60;
  var facts = JSON.parse(byId('facts').textContent);

  function show(step) {
    ['account', 'done', 'refusal'].forEach(function (id) { byId(id).hidden = id !== step; });
    byId('footer').hidden = step === 'done';
    byId('finish').hidden = step !== 'account';
    byId('cancel').textContent = step === 'refusal' ? 'Close' : 'Cancel';
    byId(step).querySelector('h1').focus({ preventScroll: true });
  }

  function post(message) {
    if (window.opener && facts.origin) window.opener.postMessage(message, facts.origin);
  }

  function tell(event, data) {
    if (!facts.tells) return;
    post(JSON.stringify({ type: 'WA_EMBEDDED_SIGNUP', event: event, version: 3, data: data }));
  }

  function end(title, text, params) {
    byId('done-title').textContent = title;
    byId('done-text').textContent = window.opener ? text : 'No page opened this window, so nobody was told.';
    show('done');
    post({ cb: facts.cb, params: params });
    if (window.opener) setTimeout(function () { window.close(); }, CLOSE_MS);
  }

  function cancel() {
    if (facts.refusal) tell('CANCEL', { error_message: facts.refusal, error_code: '524126', session_id: 'sandbox' });
    else tell('CANCEL', { current_step: 'BUSINESS_ACCOUNT_SELECTION' });
    end('Cancelled', 'Nothing was shared.', 'error=access_denied&error_code=200');
  }

  function finish(event) {
    event.preventDefault();
    var business = byId('business').value.trim();
    if (!business) {
      byId('error').textContent = 'Name your business.';
      return;
    }
    byId('finish').disabled = true;
    fetch('/sandbox/signup', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ solution_id: facts.solution_id, business: business }),
    })
      .then(function (answer) {
        if (!answer.ok) throw new Error('the sandbox refused');
        return answer.json();
      })
      .then(function (made) {
        tell('FINISH', { phone_number_id: made.phone_number_id, waba_id: made.waba_id, business_id: made.business_id });
        end('You are connected', 'This window closes by itself.', 'code=' + encodeURIComponent(made.code));
      })
      .catch(function () {
        byId('finish').disabled = false;
        byId('error').textContent = 'The sandbox does not answer, or the solution is not active any more.';
      });
  }

  document.querySelectorAll('[data-partner]').forEach(function (place) { place.textContent = facts.partner; });
  byId('solution').textContent = facts.solution_name || facts.solution_id;
  byId('account').addEventListener('submit', finish);
  byId('cancel').addEventListener('click', cancel);
  byId('main').hidden = false;
  if (facts.refusal) byId('refusal-text').textContent = facts.refusal;
  show(facts.refusal ? 'refusal' : 'account');
})();

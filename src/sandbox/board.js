// The other side's page: what there is, and what one can do with it.
//
// The one decision: the page knows no rule. Which moves there are comes with each solution, and what a move did is read again;
// so the page cannot differ from the Graph API of the same sandbox.
(function () {
  'use strict';

  var POLL_MS = 1500;
  var WORDS = {
    send: 'Send it', accept: 'Accept', reject: 'Reject', ask_end: 'Ask to deactivate',
    accept_end: 'Agree to deactivate', reject_end: 'Keep it',
  };
  var last = '';

  function ask(path, body) {
    var options = body && { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
    return fetch('/sandbox/' + path, options || { cache: 'no-store' }).then(function (answer) {
      return answer.json().then(function (value) {
        if (!answer.ok) throw new Error(value.error ? value.error.message : 'refused');
        return value;
      });
    });
  }

  function say(text, bad) {
    byId('said').textContent = text;
    byId('said').className = bad ? 'said bad' : 'said';
  }

  function act(path, body, done) {
    return ask(path, body)
      .then(function (value) { say(done(value)); return look(); })
      .catch(function (error) { say(error.message, true); });
  }

  function button(key, text, main, press) {
    var made = make('button', main ? 'main' : 'plain', text);
    made.type = 'button';
    made.dataset.key = key;
    made.addEventListener('click', press);
    return made;
  }

  // ---- solutions ----

  // The dashboard's words (graph-api.md, 7.4), and how they look.
  function standing(solution) {
    if (solution.pending === 'PENDING_DEACTIVATION') return ['Pending deactivation', 'wait'];
    switch (solution.status) {
      case 'DRAFT': return ['Draft', ''];
      case 'INITIATED': return ['Pending', 'wait'];
      case 'ACTIVE': return ['Active', 'good'];
      case 'REJECTED': return ['Inactive', 'bad'];
      case 'DEACTIVATED': return ['Deactivated', 'bad'];
      default: return [solution.status, ''];
    }
  }

  function waits(solution) {
    if (solution.moves.length) return '';
    if (solution.status === 'INITIATED' || solution.pending === 'PENDING_DEACTIVATION') return 'The Solution Partner answers, with mps.';
    return '';
  }

  function solutionItem(solution) {
    var item = make('li', 'item');
    item.dataset.solution = solution.solution_id;
    var top = make('div', 'top');
    var word = standing(solution);
    top.append(make('span', 'name', solution.solution_name), make('span', 'pill ' + word[1], word[0]));
    item.append(top, make('p', 'who', solution.solution_id + ' · from ' + solution.owner + ' to ' + solution.partner));
    var wait = waits(solution);
    if (wait) item.append(make('p', 'who', wait));
    if (solution.moves.length) {
      var moves = make('div', 'moves');
      solution.moves.forEach(function (move, index) {
        var key = solution.solution_id + move;
        moves.append(button(key, WORDS[move], index === 0 && move !== 'ask_end', function () {
          act('play', { move: move, solution_id: solution.solution_id }, function () { return WORDS[move] + ': ' + solution.solution_name; });
        }));
      });
      item.append(moves);
    }
    return item;
  }

  function request(draft) {
    var body = { move: 'request', owner_app_id: byId('app').value, name: byId('name').value, draft: draft, messaging: byId('messaging').value };
    act('play', body, function (made) {
      return (draft ? 'Saved as draft: ' : 'Sent: ') + made.solution_id;
    });
  }

  // ---- clients ----

  function accountItem(account) {
    var item = make('li', 'item');
    var top = make('div', 'top');
    top.append(make('span', 'name', account.account_name), make('span', 'pill', account.solution_id ? 'in ' + account.solution_id : 'in no solution'));
    item.append(top, make('p', 'who', 'Account ' + account.account_id + ' · business ' + account.business_id));
    return item;
  }

  function intentItem(intent) {
    var item = make('li', 'item');
    var to = intent.solution ? 'into solution ' + intent.solution : 'out of all solutions';
    item.append(make('p', 'name', 'A client is asked to move ' + to));
    item.append(make('p', 'who', 'Account ' + intent.account + ' · asked by app ' + intent.asked_by + ' · intent ' + intent.id));
    var moves = make('div', 'moves');
    moves.append(button(intent.id + 'yes', 'Agree', true, function () {
      act('play', { move: 'agree', intent_id: intent.id }, function () { return 'The client agreed.'; });
    }), button(intent.id + 'no', 'Decline', false, function () {
      act('play', { move: 'decline', intent_id: intent.id }, function () { return 'The client declined.'; });
    }));
    item.append(moves);
    return item;
  }

  // ---- what goes wrong ----

  function switchItem(fault) {
    var item = make('li');
    var label = make('label');
    var box = make('input');
    box.type = 'checkbox';
    box.checked = fault.on;
    box.dataset.key = fault.name;
    box.addEventListener('change', function () {
      act('switches', { name: fault.name, on: box.checked }, function () {
        return fault.name + (box.checked ? ' is on.' : ' is off.');
      });
    });
    label.append(box, make('b', '', fault.name), make('span', '', fault.text));
    item.append(label);
    return item;
  }

  // ---- the whole ----

  function fill(id, items, of) {
    byId(id).replaceChildren.apply(byId(id), items.map(of));
  }

  function more(id, count, noun) {
    byId(id).hidden = count === 0;
    byId(id).textContent = count ? 'And ' + count + ' older ' + noun + '.' : '';
  }

  function draw(board) {
    var focused = document.activeElement && document.activeElement.dataset.key;
    byId('partner').textContent = board.partner;
    if (byId('app').children.length !== board.apps.length) {
      fill('app', board.apps, function (app) {
        var option = make('option', '', app.name + ' (' + app.id + ')');
        option.value = app.id;
        return option;
      });
      if (!byId('name').value && board.apps.length) byId('name').value = board.apps[0].name + ' + ' + board.partner;
    }
    fill('solutions', board.solutions, solutionItem);
    byId('no-solution').hidden = board.solutions.length > 0;
    more('more-solutions', board.more_solutions, 'solutions');
    fill('intents', board.intents, intentItem);
    fill('accounts', board.accounts, accountItem);
    more('more-accounts', board.more_accounts, 'accounts');
    fill('switches', board.switches, switchItem);
    byId('rules').hidden = board.rules === 0;
    byId('rules').textContent = board.rules + ' rules are in force (GET /sandbox/faults shows them).';
    byId('counts').textContent = board.requests + ' calls so far, ' + board.over_the_limit + ' of them too many.';
    var again = focused && document.querySelector('[data-key="' + CSS.escape(focused) + '"]');
    if (again) again.focus({ preventScroll: true });
  }

  function look() {
    return ask('board').then(function (board) {
      var text = JSON.stringify(board);
      if (text !== last) draw(board);
      last = text;
    });
  }

  function follow() {
    look().catch(function () {
      say('The sandbox does not answer. Has it been stopped?', true);
    }).then(function () { setTimeout(follow, POLL_MS); });
  }

  byId('request').addEventListener('submit', function (event) { event.preventDefault(); request(false); });
  byId('save-draft').addEventListener('click', function () { if (byId('request').reportValidity()) request(true); });
  byId('app').addEventListener('change', function () {
    var name = byId('app').selectedOptions[0].textContent.replace(/ \(\d+\)$/, '');
    byId('name').value = name + ' + ' + byId('partner').textContent;
  });
  byId('mend').addEventListener('click', function () {
    act('faults', {}, function () { return 'All goes well.'; });
  });
  byId('main').hidden = false;
  follow();
})();

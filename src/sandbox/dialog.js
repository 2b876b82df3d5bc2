// The consent dialog's behaviour: two steps, then one message to the page that opened it.
//
// The one decision: all texts from outside go in as text, never as markup, and the message goes to the
// origin that the SDK named and to no other.
(function () {
  'use strict';

  var SEARCH_FROM = 8;
  var CLOSE_MS = 60;
  var facts = JSON.parse(byId('facts').textContent);
  var rows = [];

  function initials(name) {
    var words = name.split(/\s+/).filter(function (word) { return /^[\p{L}\p{N}]/u.test(word); });
    return words.slice(0, 2).map(function (word) { return Array.from(word)[0]; }).join('').toUpperCase() || '·';
  }

  function tile(app, index) {
    var mark = make('span', 'tile t' + (index % 6), initials(app.name));
    mark.setAttribute('aria-hidden', 'true');
    return mark;
  }

  function chosen() {
    return rows.filter(function (row) { return row.box.checked; });
  }

  function plural(count) {
    return count === 1 ? '1 app' : count + ' apps';
  }

  // ---- the list ----

  function buildList() {
    var list = byId('list');
    facts.apps.forEach(function (app, index) {
      var item = make('li');
      var label = make('label', 'app');
      var box = make('input');
      box.type = 'checkbox';
      box.value = app.id;
      var text = make('span', 'label');
      text.append(make('span', 'name', app.name), make('span', 'id', 'App ID ' + app.id));
      label.append(tile(app, index), text, box);
      item.append(label);
      list.append(item);
      rows.push({ app: app, index: index, item: item, box: box });
      box.addEventListener('change', refresh);
    });
    byId('search-box').hidden = facts.apps.length < SEARCH_FROM;
    byId('search').addEventListener('input', filter);
    byId('all').addEventListener('click', toggleAll);
    refresh();
  }

  function shownRows() {
    return rows.filter(function (row) { return !row.item.hidden; });
  }

  function filter() {
    var wanted = byId('search').value.trim().toLowerCase();
    rows.forEach(function (row) {
      row.item.hidden = !(row.app.name + ' ' + row.app.id).toLowerCase().includes(wanted);
    });
    byId('none').hidden = shownRows().length > 0;
    refresh();
  }

  function toggleAll() {
    var shown = shownRows();
    var every = shown.every(function (row) { return row.box.checked; });
    shown.forEach(function (row) { row.box.checked = !every; });
    refresh();
  }

  function refresh() {
    var count = chosen().length;
    var shown = shownRows();
    var every = shown.length > 0 && shown.every(function (row) { return row.box.checked; });
    byId('count').textContent = count ? plural(count) + ' chosen' : 'None of ' + plural(rows.length) + ' chosen';
    byId('all').textContent = every ? 'Select none' : 'Select all';
    byId('all').hidden = shown.length === 0;
    if (count) byId('error').textContent = '';
  }

  // ---- the steps ----

  function show(step) {
    ['apps', 'review', 'done', 'refusal'].forEach(function (id) { byId(id).hidden = id !== step; });
    document.querySelectorAll('.steps li').forEach(function (item) {
      var current = item.dataset.step === step;
      item.classList.toggle('past', step === 'review' && item.dataset.step === 'apps');
      if (current) item.setAttribute('aria-current', 'step');
      else item.removeAttribute('aria-current');
    });
    var asking = step === 'apps' || step === 'review';
    document.querySelector('.head').hidden = !asking;
    byId('footer').hidden = !asking;
    byId('back').hidden = step !== 'review';
    byId('next').hidden = step !== 'apps';
    byId('confirm').hidden = step !== 'review';
    var title = byId(step).querySelector('h1');
    document.title = title.textContent + ' · sandbox dialog';
    window.scrollTo(0, 0);
    title.focus({ preventScroll: true });
  }

  function review(event) {
    event.preventDefault();
    if (!chosen().length) {
      byId('error').textContent = 'Choose at least one app.';
      var first = shownRows()[0];
      if (first) first.box.focus();
      return;
    }
    byId('chosen').replaceChildren.apply(byId('chosen'), chosen().map(function (row) {
      var item = make('li');
      item.append(tile(row.app, row.index), make('span', 'name', row.app.name), make('span', 'id', row.app.id));
      return item;
    }));
    show('review');
  }

  // ---- the end ----

  function finish(title, text, params) {
    byId('done-title').textContent = title;
    byId('done-text').textContent = text;
    show('done');
    if (window.opener && facts.origin && params) {
      window.opener.postMessage({ cb: facts.cb, params: params }, facts.origin);
    } else if (!window.opener) {
      byId('done-text').textContent = 'No page opened this window, so nobody was told.';
    }
    if (window.opener) setTimeout(function () { window.close(); }, CLOSE_MS);
  }

  function cancel() {
    byId('done').querySelector('.badge').hidden = true;
    finish('Cancelled', 'Nothing was granted.',
      'error=access_denied&error_code=200&error_description=Permissions+error&error_reason=user_denied');
  }

  function grant(granted) {
    var params = new URLSearchParams();
    Object.keys(granted).forEach(function (key) { params.set(key, granted[key]); });
    finish('You are connected', 'This window closes by itself.', params.toString());
  }

  function confirm() {
    if (facts.dialog === 'closes') {
      window.close();
      return;
    }
    if (facts.dialog === 'error') {
      byId('done').querySelector('.badge').hidden = true;
      finish('Something went wrong', 'Nothing was granted.',
        "error=server_error&error_code=1&error_message=Can't+load+URL");
      return;
    }
    byId('confirm').disabled = true;
    var wish = { apps: chosen().map(function (row) { return row.app.id; }), dialog: facts.dialog };
    fetch('/sandbox/grant', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(wish),
    })
      .then(function (answer) {
        if (!answer.ok) throw new Error('the sandbox refused');
        return answer.json();
      })
      .then(grant)
      .catch(function () {
        refuse('The sandbox does not answer', 'Has it been stopped? Start it again and retry.');
      });
  }

  function refuse(title, text) {
    byId('refusal-title').textContent = title;
    byId('refusal-text').textContent = text;
    show('refusal');
  }

  document.querySelectorAll('[data-partner]').forEach(function (place) {
    place.textContent = facts.partner.name;
  });
  byId('person').textContent = facts.person;
  byId('mark-person').textContent = initials(facts.person);
  byId('mark-partner').textContent = initials(facts.partner.name);
  byId('apps').addEventListener('submit', review);
  byId('back').addEventListener('click', function () { show('apps'); });
  byId('cancel').addEventListener('click', cancel);
  byId('confirm').addEventListener('click', confirm);
  byId('main').hidden = false;
  buildList();
  if (facts.refusal) refuse(facts.refusal.title, facts.refusal.text);
  else show('apps');
})();

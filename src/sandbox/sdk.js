// A stand-in for Meta's JavaScript SDK, as far as a button's page uses it.
//
// The one decision: it has the SDK's rough edges too, because they are what a page must survive: the
// checks that throw, the callback that learns no reason, the silence when a pop-up is blocked, the ten
// dialogs per load. What is written here was seen in the SDK's own source and behaviour; where the SDK
// asks Meta's server (the look after a pop-up has closed), this says "unknown".
(function () {
  'use strict';

  var DIALOG_ORIGIN = '__DIALOG_ORIGIN__';
  var MAX_DIALOGS = 10;
  var POLL_MS = 100;
  var WIDTH = 600;
  var HEIGHT = 700;

  var settings = null;
  var session = null;
  var dialogs = 0;
  var listeners = {};

  function unknown() {
    return { authResponse: null, status: 'unknown' };
  }

  function fire(name, value) {
    (listeners[name] || []).slice().forEach(function (listener) {
      listener(value);
    });
  }

  // The real one warns on every page that is not https, localhost too, and goes on.
  function warnInsecure(method) {
    if (window.location.protocol !== 'https:') {
      console.error(
        'The method FB.' + method + ' can no longer be called from http pages. ' +
          'https://developers.facebook.com/blog/post/2018/06/08/enforce-https-facebook-login/'
      );
    }
  }

  function typeOf(value) {
    return Object.prototype.toString.call(value).slice(8, -1).toLowerCase();
  }

  // The reason of a failure stays as it came, with its plus signs.
  function parse(text) {
    var raw = {};
    text.split('&').forEach(function (pair) {
      var at = pair.indexOf('=');
      if (at > 0) raw[pair.slice(0, at)] = pair.slice(at + 1);
    });
    return {
      raw: raw,
      get: function (name) {
        return name in raw ? decodeURIComponent(raw[name].replace(/\+/g, ' ')) : undefined;
      },
    };
  }

  // In code mode there is no token, and of the person nothing is said.
  function codeResponse(params) {
    return { userID: null, expiresIn: null, code: params.get('code') };
  }

  function authResponse(params, options) {
    var response = {
      userID: params.get('user_id'),
      expiresIn: Number(params.get('expires_in')),
      accessToken: params.get('access_token'),
      signedRequest: params.get('signed_request'),
      graphDomain: params.get('graph_domain'),
      data_access_expiration_time: Number(params.get('data_access_expiration_time')),
    };
    if (options.return_scopes) response.grantedScopes = params.get('granted_scopes');
    return response;
  }

  function markFailed(failed) {
    document.cookie = 'fblo_' + settings.appId +
      (failed ? '=y; path=/; max-age=31536000' : '=; path=/; max-age=0');
  }

  function succeed(params, options, callback) {
    var code = params.get('code');
    session = { authResponse: code ? codeResponse(params) : authResponse(params, options), status: 'connected' };
    markFailed(false);
    fire('auth.authResponseChange', session);
    fire('auth.statusChange', session);
    fire('auth.login', session);
    if (callback) callback(session);
  }

  // Every failure looks the same to the callback; only the events know more.
  function fail(event, message, callback) {
    var told = unknown();
    if (message) told.message = message;
    markFailed(true);
    fire(event, told);
    if (callback) callback(unknown());
  }

  function settle(params, options, callback) {
    var error = params.get('error');
    if (params.get('access_token') || params.get('code')) {
      succeed(params, options, callback);
    } else if (!error || error === 'access_denied') {
      fail('auth.denied', params.raw.error_description, callback);
    } else {
      fail('auth.error', params.raw.error_message || params.raw.error_description, callback);
    }
  }

  function watch(popup, cb, options, callback) {
    var closedFor = 0;
    var timer = setInterval(function () {
      // A message may still be on its way when the window has just closed.
      closedFor = popup.closed ? closedFor + 1 : 0;
      if (closedFor > 1) end(parse(''));
    }, POLL_MS);

    function end(params) {
      clearInterval(timer);
      window.removeEventListener('message', receive);
      settle(params, options, callback);
    }

    function receive(event) {
      if (event.origin !== DIALOG_ORIGIN || !event.data || event.data.cb !== cb) return;
      end(parse(String(event.data.params)));
    }

    window.addEventListener('message', receive);
  }

  function dialogUrl(cb, options) {
    var query = new URLSearchParams();
    query.set('client_id', settings.appId);
    query.set('display', 'popup');
    // Its own default wins over what a page asks for, unless the page says so.
    var asked = options.override_default_response_type && options.response_type;
    query.set('response_type', asked || 'token,signed_request,graph_domain');
    if (options.extras) query.set('extras', JSON.stringify(options.extras));
    ['scope', 'config_id', 'auth_type', 'return_scopes'].forEach(function (name) {
      if (options[name] !== undefined) query.set(name, String(options[name]));
    });
    query.set('cb', cb);
    query.set('origin', window.location.origin);
    query.set('domain', window.location.hostname);
    query.set('fallback_redirect_uri', document.location.href);
    return DIALOG_ORIGIN + '/' + settings.version + '/dialog/oauth?' + query.toString();
  }

  function login(callback, options) {
    if (!settings) throw new Error('init not called with valid version');
    if (callback && typeOf(callback) !== 'function') {
      throw new Error('Expression is of type ' + typeOf(callback) + ', not function');
    }
    options = options || {};
    warnInsecure('login');
    var asks = options.scope || options.config_id || options.asset_scope || options.auth_type;
    if (session && !asks) {
      if (callback) callback(session);
      return;
    }
    if (dialogs >= MAX_DIALOGS) {
      console.error('Your request to oauth has exceeded the rate limit, please try again later');
      return;
    }
    dialogs += 1;
    var cb = 'f' + Math.random().toString(16).slice(2);
    var left = Math.max(0, (window.screenX || 0) + (window.outerWidth - WIDTH) / 2);
    var top = Math.max(0, (window.screenY || 0) + (window.outerHeight - HEIGHT) / 2);
    var popup = window.open(
      dialogUrl(cb, options), cb,
      'width=' + WIDTH + ',height=' + HEIGHT + ',left=' + left + ',top=' + top + ',scrollbars=1'
    );
    // Blocked: nothing is watched, and the callback never hears of it.
    if (popup) watch(popup, cb, options, callback);
  }

  function init(options) {
    options = options || {};
    var version = options.version;
    if (version === undefined) {
      version = new URLSearchParams(window.location.search).get('sdk_version');
    }
    if (!/^v\d+\.\d\d?$/.test(String(version))) throw new Error('invalid version specified');
    if (settings) {
      console.warn('FB.init has already been called - this could indicate a problem');
    }
    settings = { appId: String(options.appId), version: version };
  }

  function known(method, value) {
    return function () {
      warnInsecure(method);
      return session ? value(session.authResponse) : null;
    };
  }

  window.FB = {
    init: init,
    login: login,
    getLoginStatus: function (callback) {
      warnInsecure('getLoginStatus');
      var answer = session && window.location.protocol === 'https:' ? session : unknown();
      if (callback) setTimeout(callback, 0, answer);
    },
    logout: function (callback) {
      session = null;
      if (callback) setTimeout(callback, 0, unknown());
    },
    getAuthResponse: known('getAuthResponse', function (response) { return response; }),
    getAccessToken: known('getAccessToken', function (response) { return response.accessToken; }),
    getUserID: known('getUserID', function (response) { return response.userID; }),
    Event: {
      subscribe: function (name, listener) {
        (listeners[name] = listeners[name] || []).push(listener);
      },
      unsubscribe: function (name, listener) {
        listeners[name] = (listeners[name] || []).filter(function (other) {
          return other !== listener;
        });
      },
    },
    XFBML: { parse: function () {} },
  };

  // Like the SDK: once, and not before the page's own scripts that follow this one's tag.
  setTimeout(function () {
    if (window.fbAsyncInit && !window.fbAsyncInit.hasRun) {
      window.fbAsyncInit.hasRun = true;
      window.fbAsyncInit();
    }
  }, 0);
})();

//! Who asks, what their token may do, and the tokens that the consent dialog mints.
//!
//! The one decision: a token acts for a list of apps and for nothing else. The Tech Provider's list is
//! what they ticked, ours is our own app; every call asks only that list, so no role is hard-coded.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{
    error::{Error, Result},
    faults::{Dialog, TokenKind},
    fields, page,
    records::{
        self, APP_SECRET, MANAGE, OTHER_APP_ID, PARTNER_APP_ID, StoredToken, TokenRequest, USER_ID,
    },
    store::SandboxState,
    wire::{Request, hex, hmac_sha256},
};

/// How long a granted token lives, in seconds.
const EXPIRES_IN: u64 = 6_543;
/// The same where tokens end soon, and how long our own lives then.
const ENDS_SOON: u64 = 120;
const SYSTEM_ENDS_SOON: u64 = 5 * 24 * 3600;
/// The permission's other name, where it is reported under one.
const OTHER_SCOPE: &str = "whatsapp_business_manage_solutions";
/// How long data may be read with it, in seconds.
const DATA_ACCESS: u64 = 90 * 24 * 3600;
/// How long ago tokens were issued, in seconds.
const ISSUED: u64 = 60;

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Caller {
    /// The holder of a token.
    Holder(StoredToken),
    /// Our app itself, by `id|secret`.
    App,
}

impl SandboxState {
    /// Who asks, with a token that is good and, where sent or required, a good appsecret_proof.
    pub(super) fn who(&self, request: &Request) -> Result<Caller> {
        let about_me = request.parts().contains(&"me");
        let refuse = |error: Error| if about_me { error.status(400) } else { error };
        let Some(text) = request.token() else {
            return Err(if about_me {
                Error::new(
                    2500,
                    "An active access token must be used to query information about the current user.",
                )
            } else {
                Error::new(104, "An access token is required to request this resource.")
            });
        };
        let who = self.look_up(&text, request.now).map_err(refuse)?;
        let app = match &who {
            Caller::Holder(token) => token.app_id.as_str(),
            Caller::App => PARTNER_APP_ID,
        };
        self.check_proof(request, &text, &Self::secret_of(app))?;
        Ok(who)
    }

    /// The holder of a token's text, if the token is good.
    fn look_up(&self, text: &str, now: u64) -> Result<Caller> {
        if text == format!("{PARTNER_APP_ID}|{APP_SECRET}") {
            return Ok(Caller::App);
        }
        if text.contains('|') {
            return Err(Error::new(190, "Invalid OAuth access token signature."));
        }
        match self.tokens.iter().find(|token| token.text == text) {
            Some(token) if token.is_over(now) => Err(Error::expired()),
            Some(token) => Ok(Caller::Holder(token.clone())),
            // Graph really says the token again here; a client must take it out.
            None if !text.starts_with("EAA") => {
                Err(Error::new(190, format!("Malformed access token {text}")))
            }
            None => Err(Error::new(
                190,
                "Invalid OAuth access token - Cannot parse access token",
            )),
        }
    }

    /// The holder of a token; an app token does not do here.
    pub(super) fn holder(&self, request: &Request) -> Result<StoredToken> {
        match self.who(request)? {
            Caller::Holder(token) => Ok(token),
            Caller::App => Err(Error::new(
                190,
                "This method must be called with a user access token or a system user access token.",
            )),
        }
    }

    /// The holder of a token with `manage_app_solution`.
    pub(super) fn manager(&self, request: &Request) -> Result<StoredToken> {
        let token = self.holder(request)?;
        if token.manages() {
            Ok(token)
        } else {
            Err(Error::new(
                200,
                format!("(#200) Requires {MANAGE} permission to manage the object"),
            ))
        }
    }

    fn check_proof(&self, request: &Request, token: &str, secret: &str) -> Result<()> {
        let Some(proof) = request.param("appsecret_proof") else {
            return if self.faults.require_proof {
                Err(Error::parameter(
                    "API calls from the server require an appsecret_proof argument",
                ))
            } else {
                Ok(())
            };
        };
        let (message, fresh) = match request.param("appsecret_time") {
            None => (token.to_owned(), true),
            Some(time) => (
                format!("{token}|{time}"),
                time.parse::<u64>()
                    .is_ok_and(|time| time.abs_diff(request.now) <= 300),
            ),
        };
        if fresh && hex(&hmac_sha256(secret, &message)) == proof {
            Ok(())
        } else {
            Err(Error::parameter(
                "Invalid appsecret_proof provided in the API argument",
            ))
        }
    }

    /// `GET /me`
    pub(super) fn me(&self, request: &Request) -> Result<Value> {
        let token = self.holder(request)?;
        let name = match token.kind {
            TokenKind::User => "Alex Rivera",
            TokenKind::System => "mps automation",
            TokenKind::Business => "A client",
        };
        Ok(json!({"name": name, "id": token.user_id}))
    }

    /// `GET /me/permissions`
    pub(super) fn permissions(&self, request: &Request) -> Result<Value> {
        let token = self.holder(request)?;
        let mut rows: Vec<Value> = token
            .scopes
            .iter()
            .map(|scope| json!({"permission": self.reported(scope), "status": "granted"}))
            .collect();
        if !token.manages() {
            rows.push(json!({"permission": MANAGE, "status": "declined"}));
        }
        Ok(json!({ "data": rows }))
    }

    /// `GET /me/application_details` and `/me/assigned_applications`
    pub(super) fn my_apps(&self, request: &Request) -> Result<Value> {
        let token = self.manager(request)?;
        let asked = fields::parse(request.query("fields").unwrap_or_default())?;
        let granted = |place: usize| {
            let app = &self.apps[place];
            token.acts_for(&app.id).then_some(app)
        };
        let apps = page::around(self.apps.len(), |id| self.place_of(id), granted, request);
        let (apps, paging) = page::cut(&apps, |app| &app.id, request)?;
        let data = apps
            .iter()
            .map(|app| fields::select(&fields::APP, &app.json(), &asked))
            .collect::<Result<Vec<_>>>()?;
        Ok(match paging {
            Some(paging) => json!({"data": data, "paging": paging}),
            None => json!({ "data": data }),
        })
    }

    /// `GET /<APP_ID>`, and `GET /app` for the token's own.
    pub(super) fn read_app(&self, request: &Request, id: &str) -> Result<Value> {
        let own = match self.who(request)? {
            Caller::Holder(token) => {
                let known = id == "app" || id == token.app_id || token.acts_for(id);
                known.then_some(token.app_id)
            }
            Caller::App => Some(PARTNER_APP_ID.to_owned()),
        };
        let own = own.ok_or_else(|| Error::not_found("GET", id))?;
        let id = if id == "app" { &own } else { id };
        let app = self.app(id).ok_or_else(|| Error::not_found("GET", id))?;
        let asked = fields::parse(request.query("fields").unwrap_or_default())?;
        fields::select(&fields::APP, &app.json(), &asked)
    }

    /// `GET /debug_token`
    pub(super) fn debug_token(&self, request: &Request) -> Result<Value> {
        let Some(input) = request.param("input_token") else {
            return Err(Error::parameter(
                "(#100) The parameter input_token is required",
            ));
        };
        // A system user's token can look at its app's users, but not at itself.
        let may_ask = match self.who(request)? {
            Caller::App => true,
            Caller::Holder(token) => token.kind == TokenKind::System && token.text != input,
        };
        if !may_ask {
            return Err(Error::parameter(
                "(#100) You must provide an app access token, or a user access token that is an owner or \
                 developer of the app",
            ));
        }
        let error = match self.look_up(&input, request.now) {
            Ok(Caller::Holder(token)) => return self.described(&token, None, request.now),
            Ok(Caller::App) => {
                return Ok(json!({"data": {"app_id": PARTNER_APP_ID, "type": "APP",
                    "application": self.partner_name(), "is_valid": true, "scopes": []}}));
            }
            Err(error) => error,
        };
        match self.tokens.iter().find(|token| token.text == input) {
            Some(token) => self.described(token, Some(&error), request.now),
            None => Ok(json!({"data": {"error": error.inner(), "is_valid": false, "scopes": []}})),
        }
    }

    fn described(&self, token: &StoredToken, error: Option<&Error>, now: u64) -> Result<Value> {
        if token.app_id != PARTNER_APP_ID {
            return Err(Error::parameter(
                "(#100) The App_id in the input_token did not match the Viewing App",
            ));
        }
        let (kind, expires_at, data_access) = match token.kind {
            TokenKind::User if token.is_over(now) => (
                "USER",
                token.ends_at.unwrap_or(now - 3600),
                now + DATA_ACCESS,
            ),
            TokenKind::User if self.faults.expiring_tokens => (
                "USER",
                token.ends_at.unwrap_or(now + ENDS_SOON),
                now + DATA_ACCESS,
            ),
            TokenKind::User => ("USER", now + EXPIRES_IN, now + DATA_ACCESS),
            TokenKind::System if self.faults.expiring_tokens => {
                ("SYSTEM_USER", now + SYSTEM_ENDS_SOON, 0)
            }
            TokenKind::System | TokenKind::Business => ("SYSTEM_USER", 0, 0),
        };
        let granular: Vec<Value> = token
            .scopes
            .iter()
            .filter(|scope| *scope != "public_profile")
            .map(|scope| match (token.kind, scope.as_str()) {
                (TokenKind::User, MANAGE) => {
                    json!({"scope": self.reported(scope), "target_ids": *token.apps})
                }
                _ => json!({"scope": self.reported(scope)}),
            })
            .collect();
        let scopes: Vec<&str> = token
            .scopes
            .iter()
            .map(|scope| self.reported(scope))
            .collect();
        let mut data = json!({
            "app_id": token.app_id, "type": kind, "application": self.partner_name(),
            "data_access_expires_at": data_access, "expires_at": expires_at,
            "is_valid": error.is_none(), "issued_at": now.saturating_sub(ISSUED),
            "scopes": scopes, "granular_scopes": granular, "user_id": token.user_id,
        });
        if let Some(error) = error {
            data["error"] = error.inner();
        }
        Ok(json!({ "data": data }))
    }

    /// The name under which a permission is reported.
    fn reported<'a>(&self, scope: &'a str) -> &'a str {
        if scope == MANAGE && self.faults.other_scopes {
            OTHER_SCOPE
        } else {
            scope
        }
    }

    /// The token of a client for an app of ours or of the Tech Provider's; the same one each time.
    pub(super) fn business_token_of(
        &mut self,
        business: &str,
        solution: &str,
        app: &str,
    ) -> String {
        let side = if app == PARTNER_APP_ID { "" } else { "owner" };
        let text = format!("EAASANDBOX{side}business{business:0>20}{solution}ZD");
        if !self.tokens.iter().any(|token| token.text == text) {
            self.tokens.push(StoredToken {
                text: text.clone(),
                kind: TokenKind::Business,
                app_id: app.to_owned(),
                apps: Arc::default(),
                scopes: vec!["whatsapp_business_management".to_owned()],
                user_id: business.to_owned(),
                expired: false,
                ends_at: None,
                killed: false,
            });
        }
        text
    }

    /// Mints a user token for the apps that were ticked, and says what the dialog sends back.
    pub(super) fn grant(&mut self, wish: &TokenRequest, now: u64) -> Result<Value> {
        let dialog = wish.dialog.unwrap_or(self.faults.dialog);
        let unknown = wish
            .apps
            .iter()
            .find(|id| records::place_of_app(id).is_none() || self.app(id).is_none());
        if let Some(id) = unknown {
            return Err(Error::not_found("POST", id));
        }
        let text = format!("EAASANDBOXgrant{:0>30}ZD", self.tokens.len());
        let app_id = match dialog {
            Dialog::WrongApp => OTHER_APP_ID,
            _ => PARTNER_APP_ID,
        };
        let mut scopes = vec!["public_profile".to_owned()];
        if dialog != Dialog::NoPermission {
            scopes.insert(0, MANAGE.to_owned());
        }
        let secret = match dialog {
            Dialog::BadSignature => "another secret".to_owned(),
            _ => Self::secret_of(app_id),
        };
        let granted = json!({
            "access_token": text,
            "expires_in": if self.faults.expiring_tokens { ENDS_SOON } else { EXPIRES_IN },
            "data_access_expiration_time": now + DATA_ACCESS,
            "signed_request": signed_request(&secret, now),
            "graph_domain": "facebook",
            "granted_scopes": scopes.iter().map(|scope| self.reported(scope)).collect::<Vec<_>>().join(","),
            "user_id": USER_ID,
        });
        self.tokens.push(StoredToken {
            text,
            kind: TokenKind::User,
            app_id: app_id.to_owned(),
            apps: match dialog {
                Dialog::NoApps => Arc::default(),
                _ => Arc::new(wish.apps.iter().cloned().collect()),
            },
            scopes,
            user_id: USER_ID.to_owned(),
            expired: dialog == Dialog::Expired,
            ends_at: self.faults.expiring_tokens.then_some(now + ENDS_SOON),
            killed: false,
        });
        Ok(granted)
    }
}

/// Signs who clicked, as Meta does (facebook-login.md, 2.9).
fn signed_request(secret: &str, now: u64) -> String {
    let payload = json!({"user_id": USER_ID, "algorithm": "HMAC-SHA256", "issued_at": now});
    let payload = URL_SAFE_NO_PAD.encode(payload.to_string());
    let signature = URL_SAFE_NO_PAD.encode(hmac_sha256(secret, &payload));
    format!("{signature}.{payload}")
}

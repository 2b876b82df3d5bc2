//! What shall go wrong: the switches for tests and demos, set at the start or by `POST /sandbox/faults`.
//!
//! The one decision: faults are data and know no clock. A [`Rule`] fires on the n-th matching call, so a
//! test that asserts "one POST, one solution" gives the same result on every machine.
//!
//! ```json
//! {"rules":[{"call":"create","nth":2,"fault":"drop"},
//!           {"call":"list","role":"OWNER","times":0,"fault":{"denied":{"code":200}}}],
//!  "listing_lag":2}
//! ```

use serde::{Deserialize, Serialize};

/// Everything that shall go wrong. Unknown fields are refused, so a slip of the pen is seen.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// Faults of single calls; the first rule whose turn it is fires.
    pub rules: Vec<Rule>,
    /// A new solution shows in a listing only after this many listings without it.
    pub listing_lag: u32,
    /// The same for the listing of its owner alone.
    pub owner_lag: u32,
    /// The same for the listing of its partner alone.
    pub partner_lag: u32,
    /// A new solution or a new status shows in `GET /<SOLUTION_ID>` only after this many reads.
    pub read_lag: u32,
    /// MESSAGING on both sides is refused: "Invalid Permissions for either of the partners".
    pub one_side_messaging: bool,
    /// Accept with a body is refused with code 100.
    pub bare_accept: bool,
    /// The field and the edge `partners` are unknown.
    pub hide_partners: bool,
    /// Calls without `appsecret_proof` are refused.
    pub require_proof: bool,
    /// Percent of the quota used, as `x-app-usage` says it. 0 is shown as 1.
    pub usage: u8,
    /// The same, as `x-business-use-case-usage` says it. 0 shows no such header.
    pub business_usage: u8,
    /// Tokens end soon: one from the dialog after two minutes, ours in five days.
    pub expiring_tokens: bool,
    /// `manage_app_solution` is reported under another name.
    pub other_scopes: bool,
    /// The version that `facebook-api-version` names, instead of the one asked for.
    pub served_version: Option<String>,
    /// What the consent dialog does.
    pub dialog: Dialog,
    /// How webhooks are sent.
    pub webhooks: WebhookFaults,
}

/// What is wrong with the webhooks that are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebhookFaults {
    /// Each is sent twice.
    pub doubled: bool,
    /// Milliseconds that each is held back.
    pub late_ms: u64,
    /// Each waits for the next one, which goes before it.
    pub out_of_order: bool,
    /// They are signed with another secret.
    pub badly_signed: bool,
}

/// One fault of one kind of call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Which call.
    #[serde(default)]
    pub call: Operation,
    /// Only for this app: the one in the path, or the owner of the solution in the path.
    #[serde(default)]
    pub app_id: Option<String>,
    /// Only for listings with this `role`.
    #[serde(default)]
    pub role: Option<String>,
    /// Only for calls with this kind of token.
    #[serde(default)]
    pub token: Option<TokenKind>,
    /// The first matching call that goes wrong, counted from 1.
    #[serde(default = "one")]
    pub nth: u64,
    /// How many go wrong from there; 0 is all of them.
    #[serde(default = "one")]
    pub times: u64,
    /// Whether the call is carried out although its answer goes wrong. Each fault has its own default.
    #[serde(default)]
    pub commit: Option<bool>,
    /// What goes wrong.
    pub fault: Fault,
}

fn one() -> u64 {
    1
}

impl Rule {
    /// The rule that the first matching call meets this fault.
    pub fn new(call: Operation, fault: Fault) -> Self {
        Self {
            call,
            app_id: None,
            role: None,
            token: None,
            nth: 1,
            times: 1,
            commit: None,
            fault,
        }
    }

    /// Whether the rule fires on the `seen`-th matching call, counted from 1.
    pub(super) fn fires(&self, seen: u64) -> bool {
        seen >= self.nth && (self.times == 0 || seen - self.nth < self.times)
    }

    /// Whether the call is carried out.
    pub(super) fn commits(&self) -> bool {
        self.commit.unwrap_or_else(|| self.fault.commits())
    }
}

/// What goes wrong. "after" means: the call was carried out; `commit` in the rule turns that round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// After: the connection ends without a byte of an answer.
    Drop,
    /// After: headers and half of the body, then the connection ends.
    Cut,
    /// After: the answer is held back; give more than the caller's time-out.
    Delay {
        /// Milliseconds.
        ms: u64,
    },
    /// After: HTTP 500, code 2, `is_transient`.
    Unavailable,
    /// After: HTTP 500 with Meta's HTML page.
    Html,
    /// After: this HTTP status with the page of a gateway in front of Meta.
    Gateway {
        /// 502, 504 or another.
        status: u16,
    },
    /// After: HTTP 200 without a body.
    Empty,
    /// After: HTTP 200 with a text that is no JSON.
    NotJson,
    /// After: HTTP 200 with the text "Service Unavailable".
    ServiceUnavailableText,
    /// After: `{}` instead of the id.
    NoId,
    /// After: ids in the answer are null.
    NullId,
    /// After: ids in the answer are fractions.
    FractionalId,
    /// After: ids in the answer are whole numbers (which is still an id).
    IntegerId,
    /// After: the id in the answer is this one.
    OtherId {
        /// Another solution's.
        id: String,
    },
    /// Not carried out: HTTP 200 with an error body, code 1.
    #[serde(rename = "error_in_200")]
    ErrorIn200,
    /// Not carried out: HTTP 200 `{"success":false}`.
    SuccessFalse,
    /// Not carried out: permission denied, code 10 or 200.
    Denied {
        /// 10 or 200.
        code: u32,
    },
    /// Not carried out: quota, code 4 (no usage header) or 80008 (with both).
    Quota {
        /// 4 or 80008.
        code: u32,
        /// Minutes until calls are taken again, in the header of 80008.
        #[serde(default)]
        minutes: u32,
        /// Seconds until then, as `Retry-After`.
        #[serde(default)]
        seconds: Option<u32>,
    },
    /// Not carried out: 190/463, and the token stays dead until the faults are set anew.
    Expired,
    /// Not carried out: 100/33.
    NotFound,
    /// Not carried out: "Invalid Permissions for either of the partners".
    MessagingRefused,
    /// Not carried out: any error body.
    Error {
        /// The HTTP status.
        status: u16,
        /// `error.code`.
        code: u32,
        /// `error.error_subcode`.
        #[serde(default)]
        subcode: Option<u32>,
        /// `error.message`.
        message: String,
    },
    /// A listing's page is empty but has `next`.
    EmptyPage,
    /// A listing's page has `next`, but no cursors beside it.
    NextWithoutCursors,
    /// A listing is empty although there are solutions, and has no `next`.
    EmptyListing,
    /// A listing's items do not say whose they are.
    NoOwnerApp,
    /// A listing's items have `partners` without anybody in it.
    EmptyPartners,
    /// Fields that may be empty come as `[]`, `{}`, `false` or `0`.
    OddFields,
    /// Just before the call somebody else sets the status of the solution (or of all with that owner).
    Meanwhile {
        /// `ACTIVE`, `REJECTED` or `DEACTIVATED`.
        status: String,
    },
}

impl Fault {
    /// Whether the call is carried out where the rule does not say.
    fn commits(&self) -> bool {
        !matches!(
            self,
            Self::ErrorIn200
                | Self::SuccessFalse
                | Self::Denied { .. }
                | Self::Quota { .. }
                | Self::Expired
                | Self::NotFound
                | Self::MessagingRefused
                | Self::Error { .. }
        )
    }
}

/// What the consent dialog does, for the states that a button's page must survive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dialog {
    /// Asks, and grants.
    #[default]
    Normal,
    /// Shows Meta's "this app isn't available" and stays open; the opener learns nothing.
    ErrorPage,
    /// Ends with `error=server_error`: the SDK's event auth.error.
    Error,
    /// Closes without a word.
    Closes,
    /// Grants a token without `manage_app_solution`.
    NoPermission,
    /// Grants a token that belongs to another app.
    WrongApp,
    /// Grants a token that has already expired.
    Expired,
    /// Grants no app.
    NoApps,
    /// Grants with a signed_request that another secret signed.
    BadSignature,
}

/// The calls that a rule can name and that `GET /sandbox/state` counts.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Every call (in rules only).
    #[default]
    Any,
    /// `GET /me`
    Me,
    /// `GET /me/application_details`
    ApplicationDetails,
    /// `GET /me/assigned_applications`
    AssignedApplications,
    /// `GET /me/permissions`
    Permissions,
    /// `GET /debug_token`
    DebugToken,
    /// `GET /<APP_ID>`
    App,
    /// `GET /<APP_ID>/whatsapp_business_solutions`
    List,
    /// `POST /<APP_ID>/whatsapp_business_solution`
    Create,
    /// `GET /<SOLUTION_ID>`
    Solution,
    /// `GET /<SOLUTION_ID>/partners`
    Partners,
    /// `POST /<SOLUTION_ID>/accept`
    Accept,
    /// `POST /<SOLUTION_ID>/reject`
    Reject,
    /// `POST /<SOLUTION_ID>/send_deactivation_request`
    SendDeactivationRequest,
    /// `POST /<SOLUTION_ID>/accept_deactivation_request`
    AcceptDeactivationRequest,
    /// `POST /<SOLUTION_ID>/reject_deactivation_request`
    RejectDeactivationRequest,
    /// `GET /<SOLUTION_ID>/access_token`
    AccessToken,
    /// `GET`, `POST` or `DELETE /<APP_ID>/subscriptions`
    Subscriptions,
    /// `GET /<BUSINESS_ID>/client_whatsapp_business_accounts`
    ClientAccounts,
    /// `GET /<WABA_ID>/solutions`
    AccountSolutions,
    /// `POST /<WABA_ID>/set_solution_migration_intent`
    SetMigrationIntent,
    /// `GET /<INTENT_ID>`
    MigrationIntent,
    /// `GET /oauth/access_token`
    CodeExchange,
    /// Anything else.
    Unknown,
}

/// Whose token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// The Tech Provider's.
    User,
    /// Our system user's.
    System,
    /// A client's, for the accounts that the client shared.
    Business,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_fire_by_number() {
        for (nth, times, fired) in [
            (1, 1, "1000"),
            (2, 1, "0100"),
            (2, 2, "0110"),
            (3, 0, "0011"),
            (1, 0, "1111"),
        ] {
            let rule = Rule {
                nth,
                times,
                ..Rule::new(Operation::Create, Fault::Drop)
            };
            let seen: String = (1..=4)
                .map(|n| if rule.fires(n) { '1' } else { '0' })
                .collect();
            assert_eq!(seen, fired, "nth {nth}, times {times}");
        }
    }

    #[test]
    fn the_json_of_the_head_of_this_file() {
        let faults: Faults = serde_json::from_str(
            r#"{"rules":[{"call":"create","nth":2,"fault":"drop"},
                         {"call":"list","role":"OWNER","times":0,"fault":{"denied":{"code":200}}}],
                "listing_lag":2}"#,
        )
        .unwrap();
        assert_eq!(faults.rules[0].nth, 2);
        assert!(faults.rules[0].commits() && !faults.rules[1].commits());
        for wrong in [
            r#"{"rulez":[]}"#,
            r#"{"rules":[{"call":"create","fault":"explode"}]}"#,
            r#"{"rules":[{"call":"create","fault":"drop","nht":2}]}"#,
        ] {
            assert!(serde_json::from_str::<Faults>(wrong).is_err(), "{wrong}");
        }
    }
}

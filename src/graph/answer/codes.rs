//! Meta's error codes, as data.
//!
//! The one decision: what an error means for us hangs on `code` (and a few subcodes of 190 and 100),
//! never on `type`, title or HTTP status, which Meta uses at will (graph-api.md, 2). The only texts that
//! are matched are those whose code means something else too: two of 100, the unknown path of 2500, and
//! the token of 190 that Meta could not read, which no subcode tells from an expired one.

use crate::graph::error::advice::Advice;

/// What an error asks of the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorClass {
    /// Passing trouble: a read may be repeated after a pause.
    Transient,
    /// A quota is used up: wait for minutes, and do not hammer.
    Quota,
    /// The token or the secret is not good: nothing will work with it.
    Auth,
    /// The token is good but may not do this.
    Permission,
    /// The request is wrong and stays wrong.
    Input,
    /// The object may have changed under us: read it again, then decide.
    State,
}

/// One row of the table.
pub(crate) struct CodeRow {
    /// The first and the last code it covers.
    pub(crate) codes: (i64, i64),
    /// The subcode, where the row is about one.
    pub(crate) subcode: Option<i64>,
    /// A part of Meta's message, where nothing else tells the case apart.
    pub(crate) text: Option<&'static str>,
    /// Whether the message has to begin with it.
    pub(crate) at_start: bool,
    /// The class when we only read.
    pub(crate) read: ErrorClass,
    /// The class when we wrote.
    pub(crate) write: ErrorClass,
    /// What Meta means, in our words.
    pub(crate) meaning: &'static str,
    /// What to tell the operator.
    pub(crate) advice: Advice,
}

const fn row(code: i64, class: ErrorClass, advice: Advice, meaning: &'static str) -> CodeRow {
    CodeRow {
        codes: (code, code),
        subcode: None,
        text: None,
        at_start: false,
        read: class,
        write: class,
        meaning,
        advice,
    }
}

impl CodeRow {
    const fn to(mut self, last: i64) -> Self {
        self.codes.1 = last;
        self
    }

    const fn sub(mut self, subcode: i64) -> Self {
        self.subcode = Some(subcode);
        self
    }

    const fn text(mut self, text: &'static str) -> Self {
        self.text = Some(text);
        self
    }

    const fn begins(mut self, text: &'static str) -> Self {
        self.at_start = true;
        self.text(text)
    }

    const fn write(mut self, class: ErrorClass) -> Self {
        self.write = class;
        self
    }
}

/// The text of the MESSAGING rule (graph-api.md, 7.3).
pub(crate) const MESSAGING_RULE: &str = "Invalid Permissions for either of the partners";

use Advice as A;
use ErrorClass::{Auth, Input, Permission, Quota, State, Transient};

/// The whole table of graph-api.md, 2.3. The first row that fits counts, so the narrow ones stand first.
#[rustfmt::skip]
pub(crate) const TABLE: &[CodeRow] = &[
    row(0, Auth, A::NewToken, "the token's user could not be authenticated"),
    row(1, Transient, A::AskForLess, "an unknown error, passing or a bad request").write(State),
    row(2, Transient, A::MetaIsDown, "the service is temporarily unavailable").write(State),
    row(3, Permission, A::Capability, "the app lacks a capability for this call"),
    row(4, Quota, A::Wait, "the app's request limit is reached"),
    row(10, Permission, A::Grant, "the permission was not granted, was taken away, or does not reach this object"),
    row(17, Quota, A::Wait, "the user's request limit is reached"),
    row(32, Quota, A::Wait, "the Pages request limit is reached"),
    row(33, Input, A::Look, "a parameter is not valid"),
    row(100, Auth, A::Secret, "the appsecret_proof is missing or wrong").text("appsecret_proof"),
    row(100, Input, A::Messaging, "only one side may have MESSAGING").text(MESSAGING_RULE),
    row(100, Input, A::NotVisible, "the object does not exist, or this token may not see it").sub(33),
    row(100, Input, A::Look, "a parameter is not valid"),
    row(102, Auth, A::NewToken, "the API session is over"),
    row(104, Auth, A::Secret, "the signature (appsecret_proof) is wrong, or no token came along"),
    row(190, Auth, A::NewToken, "the user has not authorised the app, or no longer does").sub(458),
    row(190, Auth, A::Checkpoint, "the user must pass a checkpoint").sub(459),
    row(190, Auth, A::NewToken, "the user's password was changed").sub(460),
    row(190, Auth, A::NewToken, "the session is over").sub(463),
    row(190, Auth, A::Checkpoint, "the user is not confirmed").sub(464),
    row(190, Auth, A::NewToken, "the token is expired or was revoked").sub(467),
    row(190, Auth, A::NewToken, "the user has no fitting role on the Page").sub(492),
    row(190, Auth, A::NotAToken, "what was sent is no token, or not a whole one").begins("Malformed access token"),
    row(190, Auth, A::NotAToken, "what was sent is no token, or not a whole one").begins("Invalid OAuth access token"),
    row(190, Auth, A::NewToken, "the token is expired or invalid"),
    row(200, Permission, A::Asset, "the token lacks a permission, or its user access to this business asset"),
    row(201, Permission, A::Asset, "the token lacks a permission").to(299),
    row(341, Quota, A::Wait, "an application limit is reached"),
    row(368, Permission, A::Blocked, "blocked for a violation of Meta's policies"),
    row(450, Auth, A::NewToken, "the session key has expired"),
    row(452, Auth, A::NewToken, "the session key is invalid"),
    row(506, State, A::Look, "a duplicate post"),
    row(613, Quota, A::WaitLong, "the volume of requests is inconsistent").sub(1996),
    row(613, Quota, A::WaitLong, "a rate limit of this call is reached"),
    row(803, Input, A::NotAnId, "the id was taken for a name, and there is none such"),
    row(2200, Input, A::Callback, "the callback did not echo the challenge"),
    row(2500, Input, A::Path, "Meta does not know this version, path or edge").begins("Unknown path components"),
    row(2500, Auth, A::NewToken, "the query is malformed or came without a token"),
    row(2635, Input, A::Version, "the version of the API is no longer served"),
    row(80000, Quota, A::Wait, "a Business Use Case limit is reached").to(80006),
    row(80007, Quota, A::Wait, "the limit of calls to this WhatsApp Business account is reached").to(80008),
    row(80009, Quota, A::Wait, "a Business Use Case limit is reached"),
    row(80014, Quota, A::Wait, "a Business Use Case limit is reached"),
    row(130_429, Quota, A::Wait, "the message throughput is reached"),
    row(131_000, Transient, A::MetaIsDown, "something went wrong at Meta's").write(State),
    row(131_005, Permission, A::Grant, "access is denied"),
    row(131_008, Input, A::Look, "a required parameter is missing"),
    row(131_009, Input, A::Look, "a parameter's value is not valid"),
    row(131_016, Transient, A::MetaIsDown, "the service is unavailable").write(State),
    row(131_031, Permission, A::Blocked, "the account is locked"),
    row(131_048, Quota, A::Wait, "the spam limit is reached"),
    row(131_056, Quota, A::Wait, "the limit for this pair of numbers is reached"),
    row(133_004, Transient, A::MetaIsDown, "the server is temporarily unavailable").write(State),
    row(133_016, Quota, A::Wait, "the limit of registrations is reached"),
    row(2_593_079, State, A::Look, "the account is already marked for migration to another solution"),
    row(2_593_085, State, A::Look, "the account cannot be migrated this way"),
];

/// The row for an error, if the table has one.
pub(crate) fn find(code: i64, subcode: Option<i64>, message: &str) -> Option<&'static CodeRow> {
    TABLE.iter().find(|row| {
        (row.codes.0..=row.codes.1).contains(&code)
            && row.subcode.is_none_or(|wanted| subcode == Some(wanted))
            && row.text.is_none_or(|wanted| {
                let (message, wanted) = (message.to_ascii_lowercase(), wanted.to_ascii_lowercase());
                let at = message.find(&wanted);
                at.is_some_and(|at| at == 0 || !row.at_start)
            })
    })
}

/// The class of an error by its code; a code that the table does not know is passing trouble when Meta
/// or the HTTP status says so, and a wrong request otherwise.
pub(crate) fn class(
    code: Option<i64>,
    subcode: Option<i64>,
    message: &str,
    status: u16,
    is_transient: bool,
    write: bool,
) -> ErrorClass {
    match code.and_then(|code| find(code, subcode, message)) {
        Some(row) if write => row.write,
        Some(row) => row.read,
        None if (status >= 500 || is_transient) && write => State,
        None if status >= 500 || is_transient => Transient,
        None => Input,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: i64, subcode: Option<i64>, message: &str) -> ErrorClass {
        class(Some(code), subcode, message, 400, false, false)
    }

    #[test]
    fn the_table_of_graph_api_md() {
        for (code, subcode, expected) in [
            (0, None, Auth),
            (1, None, Transient),
            (1, Some(99), Transient),
            (2, None, Transient),
            (3, None, Permission),
            (4, None, Quota),
            (10, None, Permission),
            (10, Some(2_018_218), Permission),
            (17, None, Quota),
            (32, None, Quota),
            (33, None, Input),
            (100, None, Input),
            (100, Some(33), Input),
            (100, Some(2_207_013), Input),
            (102, None, Auth),
            (104, None, Auth),
            (190, None, Auth),
            (190, Some(458), Auth),
            (190, Some(459), Auth),
            (190, Some(460), Auth),
            (190, Some(463), Auth),
            (190, Some(464), Auth),
            (190, Some(467), Auth),
            (190, Some(492), Auth),
            (190, Some(1_234_567), Auth),
            (200, None, Permission),
            (200, Some(1_349_174), Permission),
            (201, None, Permission),
            (299, None, Permission),
            (300, None, Input),
            (341, None, Quota),
            (368, None, Permission),
            (450, None, Auth),
            (452, None, Auth),
            (506, None, State),
            (613, None, Quota),
            (613, Some(1996), Quota),
            (803, None, Input),
            (2200, None, Input),
            (2500, None, Auth),
            (2635, None, Input),
            (79999, None, Input),
            (80000, None, Quota),
            (80001, None, Quota),
            (80002, None, Quota),
            (80003, None, Quota),
            (80004, Some(2_446_079), Quota),
            (80005, None, Quota),
            (80006, None, Quota),
            (80007, None, Quota),
            (80008, None, Quota),
            (80009, None, Quota),
            (80010, None, Input),
            (80014, None, Quota),
            (130_429, None, Quota),
            (131_000, None, Transient),
            (131_005, None, Permission),
            (131_008, None, Input),
            (131_009, None, Input),
            (131_016, None, Transient),
            (131_031, None, Permission),
            (131_048, None, Quota),
            (131_056, None, Quota),
            (133_004, None, Transient),
            (133_016, None, Quota),
            (2_593_079, None, State),
            (2_593_085, None, State),
            (1_752_041, None, Input),
            (-1, None, Input),
        ] {
            assert_eq!(of(code, subcode, ""), expected, "{code}/{subcode:?}");
        }
    }

    #[test]
    fn a_write_that_met_trouble_is_a_question_of_state() {
        for (code, status, transient, expected) in [
            (Some(1), 400, false, State),
            (Some(2), 500, true, State),
            (Some(131_000), 500, false, State),
            (Some(4), 403, true, Quota),
            (Some(190), 500, false, Auth),
            (Some(987_654), 400, false, Input),
            (Some(987_654), 503, false, State),
            (Some(987_654), 400, true, State),
            (None, 500, false, State),
            (None, 400, false, Input),
        ] {
            assert_eq!(
                class(code, None, "", status, transient, true),
                expected,
                "{code:?}"
            );
        }
    }

    #[test]
    fn an_unknown_code_goes_by_the_rule() {
        for (code, status, transient, expected) in [
            (250, 400, true, Permission),
            (987_654, 400, false, Input),
            (987_654, 403, false, Input),
            (987_654, 400, true, Transient),
            (987_654, 500, false, Transient),
        ] {
            assert_eq!(
                class(Some(code), None, "", status, transient, false),
                expected,
                "{code}"
            );
        }
    }

    #[test]
    fn the_texts() {
        for (code, message, advice) in [
            (190, "Malformed access token (redacted)", A::NotAToken),
            (
                190,
                "Invalid OAuth access token - Cannot parse access token",
                A::NotAToken,
            ),
            (190, "Error validating access token", A::NewToken),
            (
                2500,
                "Unknown path components: /application_details",
                A::Path,
            ),
            (2500, "An active access token must be used", A::NewToken),
            (2500, "No token. Unknown path components", A::NewToken),
        ] {
            assert_eq!(find(code, None, message).unwrap().advice, advice);
        }
        for (message, advice) in [
            (
                "API calls from the server require an appsecret_proof argument",
                A::Secret,
            ),
            (
                "Invalid appsecret_proof provided in the API argument",
                A::Secret,
            ),
            (
                "Invalid Permissions for either of the partners",
                A::Messaging,
            ),
            (
                "(#100) invalid permissions for either of the partners.",
                A::Messaging,
            ),
            ("(#100) Invalid parameter", A::Look),
        ] {
            assert_eq!(
                find(100, None, message).unwrap().advice,
                advice,
                "{message}"
            );
        }
        assert_eq!(
            find(100, Some(33), "Unsupported get request")
                .unwrap()
                .advice,
            A::NotVisible
        );
    }

    #[test]
    fn no_row_is_out_of_reach() {
        for row in TABLE {
            let found = find(row.codes.0, row.subcode, row.text.unwrap_or_default()).unwrap();
            assert_eq!(found.meaning, row.meaning);
            assert!(!row.meaning.ends_with('.') && row.codes.0 <= row.codes.1);
        }
    }
}

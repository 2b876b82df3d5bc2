//! What a request may do.
//!
//! The one decision: this is a pure function from the facts of a request to an [`Action`] or a
//! [`Refusal`], with a truth table. On the loopback a browser is the enemy's tool (DNS rebinding, forged
//! forms), so exactly one Host from our list, our Origin and the nonce of a visitor are asked for; each
//! refusal has a status of its own, and none of them ends the wait.

use super::{book::LinkStanding, ticket};

/// Longest body, in bytes. A token with all that Meta sends beside it stays under 4 KiB.
const MAX_BODY: usize = 16 * 1024;

/// The header that carries the visitor's nonce. A header of our own also makes every request from
/// another origin ask first (CORS preflight), and nobody answers that.
pub(super) const NONCE_HEADER: &str = "X-Mps-Nonce";

/// What a request says about itself. Every value that a header was sent with, in order.
#[derive(Debug, Clone, Default)]
pub(super) struct RequestHead<'a> {
    pub(super) method: &'a str,
    pub(super) target: &'a str,
    pub(super) hosts: Vec<&'a str>,
    pub(super) origins: Vec<&'a str>,
    pub(super) content_types: Vec<&'a str>,
    /// How many nonces it has, and whether the first is a visitor's.
    pub(super) nonces: (usize, bool),
    /// Bytes of the body.
    pub(super) body: usize,
    /// What the book says of its path.
    pub(super) link: Option<LinkStanding>,
    /// Its path begins with that of a link.
    pub(super) glued: bool,
}

/// What this run expects.
#[derive(Clone)]
pub(super) struct Expected {
    /// Values of `Host` that are ours, lower case, with the port where it is not the scheme's own.
    pub(super) hosts: Vec<String>,
    /// Values of `Origin` that are ours.
    pub(super) origins: Vec<String>,
    /// Whether the stand-in of the SDK is served from here.
    pub(super) stand_in: bool,
}

/// What a request may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    /// Read the page.
    Page,
    /// Be led to the link without what a message glued to it.
    Straighten,
    /// Show the ticket of the browser that was started.
    Ticket,
    /// Read the signpost: the page forgets its own path (see page.js), so a reload comes here.
    Signpost,
    /// Read the page's script.
    Script,
    /// Read the page's style.
    Style,
    /// Read the stand-in of the SDK.
    StandIn,
    /// See that a public address leads here.
    Probe,
    /// Read how far we are.
    State,
    /// Tell what happened.
    Event,
    /// Bring a token.
    Token,
}

/// Why a request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    Target,
    HostCount,
    Host,
    Path,
    Expired,
    Revoked,
    Unattended,
    Method(&'static str),
    Origin,
    Type,
    Size,
    Nonce,
}

impl Refusal {
    /// The status it gets.
    pub(super) fn status(self) -> u16 {
        match self {
            Self::Target | Self::HostCount => 400,
            Self::Origin => 403,
            Self::Path => 404,
            Self::Method(_) => 405,
            Self::Expired | Self::Revoked => 410,
            Self::Unattended => 503,
            Self::Nonce => 412,
            Self::Size => 413,
            Self::Type => 415,
            Self::Host => 421,
        }
    }

    /// Why, for `-v` and for the body of the answer. It never repeats what was sent.
    pub(super) fn why(self) -> &'static str {
        match self {
            Self::Target => "its target was no plain path",
            Self::HostCount => "it had no Host, or several",
            Self::Host => "its Host is not this page's",
            Self::Path => "there is nothing at its path",
            Self::Expired => "the days of its link are over",
            Self::Revoked => "its link was taken back",
            Self::Unattended => "nobody waits at its link",
            Self::Method(_) => "its method does not fit its path",
            Self::Origin => "its Origin is not this page's",
            Self::Type => "its body was not JSON",
            Self::Size => "its body was too long",
            Self::Nonce => "its nonce is no visitor's",
        }
    }
}

/// What this request may do.
pub(super) fn judge(facts: &RequestHead<'_>, expected: &Expected) -> Result<Action, Refusal> {
    // A proxy's absolute form would bring a second host name; `*` and CONNECT's form are no paths.
    if !facts.target.starts_with('/') {
        return Err(Refusal::Target);
    }
    let [host] = facts.hosts[..] else {
        return Err(Refusal::HostCount);
    };
    if !expected
        .hosts
        .iter()
        .any(|ours| ours.eq_ignore_ascii_case(host))
    {
        return Err(Refusal::Host);
    }
    let action = by_path(facts, expected).ok_or(Refusal::Path)?;
    let allowed = allowed_methods(action);
    if !allowed.split(", ").any(|method| method == facts.method) {
        return Err(Refusal::Method(allowed));
    }
    match facts.link {
        // A page that is open already may still bring its token.
        Some(LinkStanding::Expired) => return Err(Refusal::Expired),
        Some(LinkStanding::Revoked) => return Err(Refusal::Revoked),
        Some(LinkStanding::Unattended) => return Err(Refusal::Unattended),
        Some(LinkStanding::Awaited) | None => {}
    }
    check(action, facts, expected)?;
    Ok(action)
}

/// The path of a target. A query is passed over: messengers add `?fbclid=…` to links.
pub(super) fn path_of(target: &str) -> &str {
    target.split('?').next().unwrap_or_default()
}

/// Which action a target asks for.
fn by_path(facts: &RequestHead<'_>, expected: &Expected) -> Option<Action> {
    if facts.link.is_some() {
        return Some(Action::Page);
    }
    if facts.glued {
        return Some(Action::Straighten);
    }
    let path = path_of(facts.target);
    if path.starts_with(ticket::PREFIX) {
        return Some(Action::Ticket);
    }
    match path {
        "/" => Some(Action::Signpost),
        "/page.js" => Some(Action::Script),
        "/page.css" => Some(Action::Style),
        "/sdk.js" if expected.stand_in => Some(Action::StandIn),
        "/probe" => Some(Action::Probe),
        "/state" => Some(Action::State),
        "/event" => Some(Action::Event),
        "/token" => Some(Action::Token),
        _ => None,
    }
}

/// The methods that fit, as the `Allow` header says them.
fn allowed_methods(action: Action) -> &'static str {
    match action {
        Action::Event | Action::Token => "POST",
        // Some look with HEAD before they fetch; that uses no ticket up.
        Action::Ticket => "GET",
        _ => "GET, HEAD",
    }
}

/// The checks beyond path and method.
fn check(action: Action, facts: &RequestHead<'_>, expected: &Expected) -> Result<(), Refusal> {
    let posts = matches!(action, Action::Event | Action::Token);
    if !posts && action != Action::State {
        return Ok(());
    }
    let origin_fits = match facts.origins[..] {
        [origin] => expected.origins.iter().any(|ours| ours == origin),
        // A browser sends none with a GET to the page's own origin.
        [] => !posts,
        _ => false,
    };
    if !origin_fits {
        return Err(Refusal::Origin);
    }
    if posts && !matches!(facts.content_types[..], [content_type] if is_json(content_type)) {
        return Err(Refusal::Type);
    }
    if facts.body > MAX_BODY {
        return Err(Refusal::Size);
    }
    match facts.nonces {
        (1, true) => Ok(()),
        _ => Err(Refusal::Nonce),
    }
}

/// Whether a content type is JSON, whatever its parameters.
fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expected() -> Expected {
        Expected {
            hosts: vec!["localhost:8443".into(), "[::1]:8443".into()],
            origins: vec!["https://localhost:8443".into()],
            stand_in: false,
        }
    }

    /// A request that may bring a token.
    fn token() -> RequestHead<'static> {
        RequestHead {
            method: "POST",
            target: "/token",
            hosts: vec!["localhost:8443"],
            origins: vec!["https://localhost:8443"],
            content_types: vec!["application/json"],
            nonces: (1, true),
            body: 300,
            ..RequestHead::default()
        }
    }

    fn get(target: &'static str) -> RequestHead<'static> {
        RequestHead {
            method: "GET",
            target,
            hosts: vec!["localhost:8443"],
            ..RequestHead::default()
        }
    }

    /// A look at a link.
    fn link(standing: LinkStanding) -> RequestHead<'static> {
        RequestHead {
            link: Some(standing),
            ..get("/secret")
        }
    }

    /// A row of the table: what is changed, and what is said then.
    type Row<T> = (fn(&mut RequestHead<'static>), T);

    fn judged(
        facts: RequestHead<'static>,
        change: fn(&mut RequestHead<'static>),
    ) -> Result<Action, Refusal> {
        let mut facts = facts;
        change(&mut facts);
        judge(&facts, &expected())
    }

    #[test]
    fn the_right_ones_go_through() {
        let gets: &[Row<Action>] = &[
            (|_| {}, Action::Page),
            (|f| f.target = "/secret?fbclid=x", Action::Page),
            (|f| f.hosts = vec!["LocalHost:8443"], Action::Page),
            (|f| f.hosts = vec!["[::1]:8443"], Action::Page),
            (|f| f.method = "HEAD", Action::Page),
        ];
        for (change, action) in gets {
            assert_eq!(judged(link(LinkStanding::Awaited), *change), Ok(*action));
        }
        for (target, action) in [
            ("/", Action::Signpost),
            ("/page.js", Action::Script),
            ("/page.css", Action::Style),
            ("/probe", Action::Probe),
            ("/open/ticket", Action::Ticket),
        ] {
            assert_eq!(judged(get(target), |_| {}), Ok(action));
        }
        let glued = judged(get("/secret)."), |f| f.glued = true);
        assert_eq!(glued, Ok(Action::Straighten));
        let state = judged(get("/state"), |f| f.nonces = (1, true));
        assert_eq!(state, Ok(Action::State));
        let posts: &[Row<Action>] = &[
            (|_| {}, Action::Token),
            (
                |f| f.content_types = vec!["Application/JSON; charset=utf-8"],
                Action::Token,
            ),
            (|f| f.body = 16_384, Action::Token),
            (|f| f.target = "/event", Action::Event),
        ];
        for (change, action) in posts {
            assert_eq!(judged(token(), *change), Ok(*action));
        }
        let stand_in = Expected {
            stand_in: true,
            ..expected()
        };
        assert_eq!(judge(&get("/sdk.js"), &stand_in), Ok(Action::StandIn));
    }

    #[test]
    fn strangers_at_the_page() {
        let rows: &[Row<Refusal>] = &[
            (
                |f| f.target = "http://localhost:8443/secret",
                Refusal::Target,
            ),
            (|f| f.target = "*", Refusal::Target),
            (|f| f.target = "", Refusal::Target),
            (|f| f.hosts = vec![], Refusal::HostCount),
            (|f| f.hosts = vec!["localhost:8443"; 2], Refusal::HostCount),
            (|f| f.hosts = vec!["rebound.example:8443"], Refusal::Host),
            (|f| f.hosts = vec!["localhost"], Refusal::Host),
            (|f| f.hosts = vec!["localhost:8443."], Refusal::Host),
            (|f| f.target = "/favicon.ico", Refusal::Path),
            (|f| f.target = "/secre", Refusal::Path),
            (|f| f.target = "/secret/", Refusal::Path),
            (|f| f.target = "/sdk.js", Refusal::Path),
            (|f| f.target = "/state", Refusal::Nonce),
        ];
        for (at, (change, refusal)) in rows.iter().enumerate() {
            assert_eq!(judged(get("/guessed"), *change), Err(*refusal), "row {at}");
        }
        for (standing, refusal) in [
            (LinkStanding::Expired, Refusal::Expired),
            (LinkStanding::Revoked, Refusal::Revoked),
            (LinkStanding::Unattended, Refusal::Unattended),
        ] {
            assert_eq!(judged(link(standing), |_| {}), Err(refusal));
        }
        let posted = judged(link(LinkStanding::Awaited), |f| f.method = "POST");
        assert_eq!(posted, Err(Refusal::Method("GET, HEAD")));
        let looked = judged(get("/open/ticket"), |f| f.method = "HEAD");
        assert_eq!(looked, Err(Refusal::Method("GET")));
        let foreign = judged(get("/state"), |f| f.origins = vec!["https://evil.example"]);
        assert_eq!(foreign, Err(Refusal::Origin));
    }

    #[test]
    fn strangers_with_a_token() {
        let rows: &[Row<Refusal>] = &[
            (|f| f.method = "GET", Refusal::Method("POST")),
            (|f| f.method = "OPTIONS", Refusal::Method("POST")),
            (|f| f.method = "post", Refusal::Method("POST")),
            (|f| f.origins = vec![], Refusal::Origin),
            (|f| f.origins = vec!["null"], Refusal::Origin),
            (|f| f.origins = vec!["https://localhost"], Refusal::Origin),
            (
                |f| f.origins = vec!["http://localhost:8443"],
                Refusal::Origin,
            ),
            (
                |f| f.origins = vec!["https://localhost:8443"; 2],
                Refusal::Origin,
            ),
            (|f| f.content_types = vec![], Refusal::Type),
            (|f| f.content_types = vec!["text/plain"], Refusal::Type),
            (
                |f| f.content_types = vec!["application/jsonp"],
                Refusal::Type,
            ),
            (
                |f| f.content_types = vec!["application/json"; 2],
                Refusal::Type,
            ),
            (|f| f.body = 16_385, Refusal::Size),
            (|f| f.nonces = (0, false), Refusal::Nonce),
            (|f| f.nonces = (1, false), Refusal::Nonce),
            (|f| f.nonces = (2, true), Refusal::Nonce),
        ];
        for (at, (change, refusal)) in rows.iter().enumerate() {
            assert_eq!(judged(token(), *change), Err(*refusal), "row {at}");
        }
    }

    #[test]
    fn each_refusal_has_its_status_and_a_reason_of_its_own() {
        let mut reasons = std::collections::HashSet::new();
        for (refusal, status) in [
            (Refusal::Target, 400),
            (Refusal::HostCount, 400),
            (Refusal::Origin, 403),
            (Refusal::Path, 404),
            (Refusal::Method("POST"), 405),
            (Refusal::Expired, 410),
            (Refusal::Revoked, 410),
            (Refusal::Unattended, 503),
            (Refusal::Nonce, 412),
            (Refusal::Size, 413),
            (Refusal::Type, 415),
            (Refusal::Host, 421),
        ] {
            assert_eq!(refusal.status(), status, "{refusal:?}");
            let why = refusal.why();
            assert!(!why.is_empty() && reasons.insert(why), "{refusal:?}: {why}");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_missing_a_token_needs_all(
            host in "[a-z:.0-9]{0,20}", origin in "\\PC{0,20}", nonces in 0_usize..3, known: bool,
        ) {
            let facts = RequestHead { hosts: vec![&host], origins: vec![&origin], nonces: (nonces, known), ..token() };
            let right = host == "localhost:8443" && origin == "https://localhost:8443" && nonces == 1 && known;
            proptest::prop_assert_eq!(judge(&facts, &expected()).is_ok(), right);
        }
    }
}

//! What is posted to an address of the operator's: webhooks sent on as they came, and what a watch tells.
//!
//! The one decision: each is tried over a day, also over restarts, and one that fails holds up no other. A redirect is no
//! delivery. Whoever gets a webhook verifies Meta's own signature, so not a byte of it is changed.

use std::{path::Path, str::FromStr, sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use url::{Host, Url};

use super::inbox::Inbox;
use crate::{
    context::{Context, settings},
    graph,
    journal::{DueForward, PostKind},
    webhooks::NoticeKey,
};

/// How long one try may take.
const LIMIT: Duration = Duration::from_secs(30);
/// Seconds after each try that failed: some two minutes for a restart over there, then hours.
const PAUSES: [i64; 7] = [5, 30, 120, 900, 3_600, 14_400, 64_800];
/// Most that are read from the store at once.
const AT_ONCE: u32 = 16;
/// How long nothing new is waited for.
const LOOK: Duration = Duration::from_secs(5);

/// What is posted.
pub enum Outgoing {
    /// Webhooks as they came.
    Webhooks,
    /// What a watch tells, signed with this.
    Notices(NoticeKey),
}

impl Outgoing {
    fn kind(&self) -> PostKind {
        match self {
            Self::Webhooks => PostKind::Webhook,
            Self::Notices(_) => PostKind::Notice,
        }
    }

    /// One of them, in words.
    fn one(&self) -> &'static str {
        match self {
            Self::Webhooks => "a webhook",
            Self::Notices(_) => "what became of an app",
        }
    }

    fn headers(&self, due: &DueForward) -> Vec<(&'static str, String)> {
        match self {
            Self::Webhooks => vec![("X-Hub-Signature-256", due.post.signature.clone())],
            Self::Notices(key) => {
                let now = Timestamp::now().as_second();
                key.headers(&due.post.identity, now, &due.post.body).into()
            }
        }
    }
}

/// An address that posts go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostUrl(Url);

impl FromStr for PostUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = "an address like https://name/path; http is for this machine only";
        let url: Url = text.parse().map_err(|_| wrong.to_owned())?;
        let loopback = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        let scheme = url.scheme() == "https" || (url.scheme() == "http" && loopback);
        if !scheme || !url.username().is_empty() || url.password().is_some() {
            return Err(wrong.to_owned());
        }
        Ok(Self(url))
    }
}

/// When it is tried again after so many tries that failed; `None`: it is given up.
fn next_try(tries: u32, now: Timestamp) -> Option<Timestamp> {
    let pause = PAUSES.get(usize::try_from(tries).ok()?)?;
    now.checked_add(SignedDuration::from_secs(*pause)).ok()
}

/// Posts whatever is due, until a stop.
pub async fn post_all(ctx: Arc<Context>, inbox: Inbox, url: PostUrl, outgoing: Outgoing) {
    let (store, kind, what) = (&inbox.store, outgoing.kind(), outgoing.one());
    let place = url.0.host_str().unwrap_or_default();
    let mut told = false;
    while !ctx.stop.is_set() {
        let due = match store.due(kind, store.now(), AT_ONCE).await {
            Ok(due) => due,
            // Whoever reads what came in says it.
            Err(error) if error.may_pass() => {
                ctx.stop.pause(LOOK).await;
                continue;
            }
            Err(error) => {
                let text = format!("what is to be posted to {place} could not be read: {error}");
                ctx.ui.warning(&text);
                return;
            }
        };
        let idle = due.is_empty();
        for one in due {
            if ctx.stop.is_set() {
                return;
            }
            let sent = post(&ctx, &url.0, &outgoing, &one).await;
            let next = sent
                .is_err()
                .then(|| next_try(one.tries, store.now()))
                .flatten();
            match (&sent, next) {
                (Err(why), Some(_)) if !told => {
                    told = true;
                    ctx.ui.warning(&format!(
                        "{what} could not be posted to {place}: {why}; it is tried again, eight times over a day"
                    ));
                }
                (Err(why), None) => ctx.ui.warning(&format!(
                    "{what} was not posted to {place}, after eight tries: {why}"
                )),
                (Err(_), Some(_)) => {}
                (Ok(()), _) => told = false,
            }
            // It would be posted once more otherwise.
            while let Err(error) = store.tried(&one, next).await {
                if error.may_pass() && !ctx.stop.is_set() {
                    ctx.stop.pause(LOOK).await;
                    continue;
                }
                let text = format!("what was posted to {place} could not be written down: {error}");
                ctx.ui.warning(&text);
                return;
            }
        }
        if idle {
            let until = match store.next_due(kind).await {
                Ok(Some(next)) => Duration::try_from(next.duration_since(store.now()))
                    .unwrap_or_default()
                    .clamp(Duration::from_millis(100), LOOK),
                _ => LOOK,
            };
            tokio::select! {
                () = ctx.stop.wait() => return,
                () = inbox.kept.notified() => {}
                () = tokio::time::sleep(until) => {}
            }
        }
    }
}

async fn post(
    ctx: &Context,
    url: &Url,
    outgoing: &Outgoing,
    due: &DueForward,
) -> Result<(), String> {
    let ca_file = ctx
        .settings
        .pick(settings::CA_FILE, ctx.globals.ca_file.as_deref())
        .map(|picked| picked.value);
    let proxies = ctx.settings.proxies(&ctx.redactor);
    let route = proxies.map_err(|failure| failure.message)?.route(url);
    let headers = outgoing.headers(due);
    let what = (due.post.body.clone(), headers.as_slice());
    let status = graph::post(url, what, ca_file.as_deref().map(Path::new), LIMIT, &route).await?;
    if (200..300).contains(&status) {
        Ok(())
    } else {
        Err(format!("it answered with HTTP {status}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_to() {
        for (text, expected) in [
            ("https://name.example/hooks?x=1", true),
            ("http://localhost:8080/", true),
            ("http://127.0.0.1:8080/x", true),
            ("http://[::1]/x", true),
            ("http://name.example/", false),
            ("http://localhost.example/", false),
            ("https://me:secret@name.example/", false),
            ("ftp://localhost/", false),
            ("name.example", false),
        ] {
            assert_eq!(text.parse::<PostUrl>().is_ok(), expected, "{text}");
        }
    }

    #[test]
    fn eight_tries_over_a_day() {
        let begun = Timestamp::UNIX_EPOCH;
        let mut now = begun;
        let mut tries = 1;
        while let Some(next) = next_try(tries - 1, now) {
            assert!(next > now);
            (now, tries) = (next, tries + 1);
        }
        assert_eq!(tries, 8);
        let hours = now.duration_since(begun).as_hours();
        assert!((20..=24).contains(&hours), "{hours}");
    }
}

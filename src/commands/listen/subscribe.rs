//! `--subscribe`: Meta is told to send our webhooks here.
//!
//! The one decision: Meta has one address per app for everything of WhatsApp, so what would move is shown first, and every
//! field that was there stays.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    context::{Context, failure::Failure},
    exit::Kind,
    graph::{Method, Sent, Token},
    journal::{Call, EventOutcome, HistoryEvent},
    secret::VerifyToken,
    session::{Consent, Session, consent, unless_stopped},
    sign_in::WebhookListener,
};

/// The object whose webhooks are ours.
const OBJECT: &str = "whatsapp_business_account";
/// The fields that mps reads.
const FIELDS: [&str; 2] = ["account_update", "partner_solutions"];

/// What Meta has of an app.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Subscription {
    callback: String,
    active: bool,
    fields: BTreeSet<String>,
}

/// The one of our object, in an answer of `GET /<APP>/subscriptions`.
fn present(answer: &Value) -> Option<Subscription> {
    let all = answer.get("data")?.as_array()?;
    let ours = all
        .iter()
        .find(|item| item.get("object").and_then(Value::as_str) == Some(OBJECT))?;
    let fields = ours.get("fields").and_then(Value::as_array);
    let name = |field: &Value| {
        let name = field.get("name").unwrap_or(field);
        name.as_str().map(str::to_owned)
    };
    Some(Subscription {
        callback: ours
            .get("callback_url")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        active: ours.get("active").and_then(Value::as_bool).unwrap_or(true),
        fields: fields.into_iter().flatten().filter_map(name).collect(),
    })
}

/// What it is to be: our address, and our fields beside those that are there.
fn wanted(present: Option<&Subscription>, callback: &str) -> Subscription {
    let kept = present.map(|present| present.fields.clone());
    let mut fields = kept.unwrap_or_default();
    fields.extend(FIELDS.map(str::to_owned));
    Subscription {
        callback: callback.to_owned(),
        active: true,
        fields,
    }
}

fn list<'a>(fields: impl IntoIterator<Item = &'a String>) -> String {
    let fields: Vec<&str> = fields.into_iter().map(String::as_str).collect();
    fields.join(", ")
}

/// What would change, in sentences; none where nothing does.
fn difference(present: Option<&Subscription>, wanted: &Subscription) -> Vec<String> {
    let Some(present) = present else {
        return vec![format!(
            "Meta sends our app's webhooks nowhere; from now on {} go to {}.",
            list(&wanted.fields),
            wanted.callback
        )];
    };
    let mut lines = Vec::new();
    if present.callback != wanted.callback {
        lines.push(format!(
            "Meta sends our app's webhooks to {}; all of them move to {}: {}.",
            present.callback,
            wanted.callback,
            list(&present.fields)
        ));
        let others: Vec<_> = present
            .fields
            .iter()
            .filter(|field| !FIELDS.contains(&field.as_str()))
            .collect();
        if !others.is_empty() {
            lines.push(format!(
                "Whoever gets {} there now gets them no more; mps listen --forward {} sends all webhooks on.",
                list(others),
                present.callback
            ));
        }
    }
    let new: Vec<_> = wanted.fields.difference(&present.fields).collect();
    if !new.is_empty() {
        lines.push(format!("These fields are new: {}.", list(new)));
    }
    if !present.active {
        lines.push("The subscription is not active; it becomes so.".to_owned());
    }
    lines
}

/// Subscribes our app to our webhooks at this address.
pub(super) async fn subscribe(
    ctx: &Context,
    session: &Session,
    listener: &WebhookListener,
    verify_token: &VerifyToken,
    yes: bool,
) -> Result<(), Failure> {
    if !listener.is_public() {
        return Err(
            Failure::usage("--subscribe tells Meta a public address, and none is set")
                .hint("mps listen --subscribe --public-url https://NAME"),
        );
    }
    let callback = listener.callback();
    let before = read(ctx, session).await?;
    let wanted = wanted(before.as_ref(), &callback);
    let lines = difference(before.as_ref(), &wanted);
    if lines.is_empty() {
        ctx.ui.status(&format!(
            "Our app is subscribed: Meta sends {} to {callback}.",
            list(&wanted.fields)
        ));
        return Ok(());
    }
    if let Some(why) = listener.unreachable(ctx).await? {
        return Err(Failure::new(
            Kind::State,
            "our app was not subscribed: the public address does not lead here, and Meta asks there first",
        )
        .because(why)
        .hint("start or mend the tunnel or proxy, then type the same command again"));
    }
    for line in lines {
        ctx.ui.banner(&line);
    }
    let question = format!("Subscribe our app at {callback}?");
    let consent = consent::confirm(ctx, &question, yes, true).await?;
    write(ctx, session, (&wanted, verify_token), consent).await?;
    let after = read(ctx, session).await?;
    if after.as_ref() != Some(&wanted) {
        let shown = after.map_or_else(
            || "no subscription".to_owned(),
            |shown| format!("{} at {}", list(&shown.fields), shown.callback),
        );
        ctx.ui.warning(&format!(
            "Meta took the subscription and shows {shown}; look at it in Meta's App Dashboard, Webhooks"
        ));
        return Ok(());
    }
    ctx.ui.status(&format!(
        "Our app is subscribed: Meta sends {} to {callback}.",
        list(&wanted.fields)
    ));
    Ok(())
}

async fn read(ctx: &Context, session: &Session) -> Result<Option<Subscription>, Failure> {
    let (app, secret) = (&session.app()?.id, ctx.app_secret()?);
    let Some(secret) = secret else {
        return Ok(None);
    };
    let path = format!("{app}/subscriptions");
    let token = Token::App(app, secret);
    let answer = async { Ok(session.graph.raw(token, Method::Get, &path, &[]).await?) };
    Ok(present(&unless_stopped(ctx, answer).await?))
}

/// In the journal before it leaves and after, as every write.
async fn write(
    ctx: &Context,
    session: &Session,
    (wanted, verify_token): (&Subscription, &VerifyToken),
    consent: Consent,
) -> Result<(), Failure> {
    let app = &session.app()?.id;
    let Some(secret) = ctx.app_secret()? else {
        return Ok(());
    };
    let journal = ctx.journal()?;
    let event = |outcome| HistoryEvent {
        partner: Some(app.clone()),
        consent: Some(format!("mps listen --subscribe, {}", consent.word())),
        ..HistoryEvent::new(Call::Api, outcome)
    };
    journal.record(event(EventOutcome::Intended)).await?;
    let fields: Vec<&str> = wanted.fields.iter().map(String::as_str).collect();
    let params = [
        ("object", OBJECT.to_owned()),
        ("callback_url", wanted.callback.clone()),
        ("verify_token", verify_token.secret().expose().to_owned()),
        ("fields", fields.join(",")),
        ("include_values", "true".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), Value::from(value)));
    let path = format!("{app}/subscriptions");
    let token = Token::App(app, secret);
    match session.graph.raw(token, Method::Post, &path, &params).await {
        Ok(_) => journal.record(event(EventOutcome::Ok)).await?,
        Err(error) => {
            let outcome = match error.sent() {
                Sent::Never => EventOutcome::NeverSent,
                Sent::Refused => EventOutcome::Refused,
                Sent::Unknown => EventOutcome::Unknown,
            };
            let failed = HistoryEvent {
                fbtrace: error.trace_id().map(str::to_owned),
                error: Some(error.to_string()),
                ..event(outcome)
            };
            journal.record(failed).await?;
            return Err(error.into());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const HERE: &str = "https://here.example/webhooks";

    fn fields(text: &str) -> BTreeSet<String> {
        text.split(' ')
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn what_is_there_in_every_form() {
        let data = |item: Value| json!({"data": [{"object": "user", "callback_url": "x"}, item]});
        for (answer, expected) in [
            (json!({"data": []}), None),
            (json!({}), None),
            (data(json!({"object": "page"})), None),
            (
                data(
                    json!({"object": OBJECT, "callback_url": HERE, "active": true,
                    "fields": [{"name": "messages", "version": "v24.0"}, {"name": "account_update"}]}),
                ),
                Some((HERE, true, "account_update messages")),
            ),
            (
                data(
                    json!({"object": OBJECT, "callback_url": HERE, "active": false, "fields": ["messages"]}),
                ),
                Some((HERE, false, "messages")),
            ),
            (data(json!({"object": OBJECT})), Some(("", true, ""))),
        ] {
            let expected = expected.map(|(callback, active, names)| Subscription {
                callback: callback.to_owned(),
                active,
                fields: fields(names),
            });
            assert_eq!(present(&answer), expected, "{answer}");
        }
    }

    #[test]
    fn what_would_change_is_said() {
        let there = |callback: &str, active, names| Subscription {
            callback: callback.to_owned(),
            active,
            fields: fields(names),
        };
        let both = "account_update partner_solutions";
        for (before, said) in [
            (None, &["nowhere", HERE][..]),
            (Some(there(HERE, true, both)), &[]),
            (
                Some(there(
                    HERE,
                    true,
                    "messages account_update partner_solutions",
                )),
                &[],
            ),
            (Some(there(HERE, false, both)), &["not active"]),
            (
                Some(there(HERE, true, "messages")),
                &["new: account_update, partner_solutions"],
            ),
            (
                Some(there(
                    "https://old.example/x",
                    true,
                    "messages account_update partner_solutions",
                )),
                &[
                    "https://old.example/x; all of them move to",
                    "gets messages there now",
                    "--forward https://old.example/x",
                ],
            ),
            (
                Some(there("https://old.example/x", true, both)),
                &["all of them move"],
            ),
        ] {
            let wanted = wanted(before.as_ref(), HERE);
            let text = difference(before.as_ref(), &wanted).join(" ");
            assert_eq!(text.is_empty(), said.is_empty(), "{before:?}: {text}");
            for part in said {
                assert!(text.contains(part), "{part}: {text}");
            }
            let kept = before.map(|before| before.fields).unwrap_or_default();
            assert!(kept.is_subset(&wanted.fields));
        }
    }
}

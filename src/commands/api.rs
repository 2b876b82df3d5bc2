//! `mps api`: a raw call with mps's client: its host, its version, its token handling, its errors.

mod about;
mod fields;

use std::{path::PathBuf, sync::Arc};

use clap::{Args, ValueEnum};
use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::Value;

use self::about::About;
use super::{
    Line, Output,
    args::{SystemTokenArg, UserTokenArg},
};
use crate::{
    context::{Context, failure::Failure},
    engine::answers::event_outcome,
    exit::Kind,
    graph::{Method, Token, in_a_query},
    ids::UserId,
    journal::{Call, EventOutcome, HistoryEvent},
    redact::Redactor,
    session::{AnyToken, token_checker::TokenChecker},
    ui::{
        emit::{Rows, Tally},
        epilogue::Epilogue,
        sanitize,
    },
};

/// Make any call of the Graph API with mps's client
///
/// The path has no host: `me/permissions`, `/v25.0/1234?fields=name`. Fields go into the query of a GET and
/// into the JSON body of a POST. A write is sent once, never again, and stands in the journal.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  mps api me/permissions --token user\n  mps api 634974688087057/whatsapp_business_solutions -f role=PARTNER --paginate\n  mps api post 795033096057724/accept -f partner_app_id=634974688087057",
    override_usage = "mps api [OPTIONS] [METHOD] <PATH>"
)]
pub struct ApiArgs {
    /// The path, without host; before it the method: get (as without one), post or delete
    #[arg(value_name = "PATH")]
    first: String,
    /// The path, behind a method
    #[arg(value_name = "PATH", hide = true)]
    second: Option<String>,
    /// A parameter whose value is a text, NAME=TEXT (can be repeated)
    #[arg(short, long = "field", value_name = "NAME=TEXT", value_parser = field)]
    field: Vec<(String, String)>,
    /// A parameter: true, false, null, a number, [...] and {...} are JSON, @FILE is what the file holds (can be repeated)
    #[arg(short = 'F', long = "typed-field", value_name = "NAME=VALUE", value_parser = field)]
    typed: Vec<(String, String)>,
    /// A file with the JSON object of a POST's body, `-` for stdin
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,
    #[arg(skip)]
    body: Vec<(String, Value)>,
    /// All pages of a list, an item per line
    #[arg(long)]
    paginate: bool,
    /// Which token to use
    #[arg(long, value_enum, default_value = "system")]
    token: Role,
    #[command(flatten)]
    system: SystemTokenArg,
    #[command(flatten)]
    user: UserTokenArg,
}

/// Whose token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Role {
    /// The Tech Provider's.
    User,
    /// Our system user's.
    System,
}

fn field(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("a parameter looks like NAME=VALUE".to_owned()),
    }
}

impl ApiArgs {
    /// Whether the call changes nothing.
    pub fn only_reads(&self) -> bool {
        self.target().is_ok_and(|(method, _)| method == Method::Get)
    }

    /// The method and the path.
    fn target(&self) -> Result<(Method, &str), Failure> {
        let methods = [Method::Get, Method::Post, Method::Delete];
        let named = |method: &Method| method.as_str().eq_ignore_ascii_case(&self.first);
        match (methods.into_iter().find(named), &self.second) {
            (Some(method), Some(path)) => Ok((method, path)),
            (None, None) => Ok((Method::Get, &self.first)),
            (Some(method), None) => Err(Failure::usage(format!(
                "mps api {} needs a path",
                method.as_str()
            ))
            .hint("for example: mps api me/permissions --token user")),
            (None, Some(_)) => Err(Failure::usage(format!(
                "{:?} is no method of the Graph API: it has get, post and delete",
                self.first
            ))
            .hint("mps api --help")),
        }
    }

    /// All parameters: those that are texts, those that are values, and the members of the body's file.
    fn read_fields(&mut self, ctx: &Context, method: Method) -> Result<(), Failure> {
        let texts = self.field.iter().cloned();
        self.body = texts.map(|(name, text)| (name, text.into())).collect();
        for (name, text) in &self.typed {
            self.body
                .push((name.clone(), fields::value(ctx, name, text)?));
        }
        if let Some(file) = &self.input {
            if method != Method::Post {
                return Err(Failure::usage("--input goes with POST"));
            }
            self.body.extend(fields::object(ctx, file)?);
        }
        let texts = self.body.iter();
        self.field = texts
            .map(|(name, value)| (name.clone(), in_a_query(value)))
            .collect();
        Ok(())
    }

    /// Makes the call.
    pub async fn run(mut self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        let (method, path) = self.target()?;
        let path = path.to_owned();
        self.read_fields(ctx, method)?;
        let chosen = self.chosen(ctx)?;
        let token = chosen.as_token();
        if self.paginate && method != Method::Get {
            return Err(Failure::usage("--paginate goes with GET"));
        }
        let graph = ctx.graph()?;
        if self.paginate {
            let pages = graph.raw_pages(token, &path, &self.body)?;
            let pages = pages.map_err(Failure::from);
            let items =
                pages.map_ok(|page| stream::iter(items(page).into_iter().map(Ok::<_, Failure>)));
            let redactor = ctx.redactor.clone();
            let lines = items
                .try_flatten()
                .map_ok(move |item| line(&redactor, item));
            return Ok(Output::Rows(Rows {
                header: &["ITEM"],
                lines: lines.boxed(),
                empty: "Nothing.",
                epilogue: Epilogue::default(),
                noun: "item",
                names: None,
            }));
        }
        let value = match method {
            Method::Get => graph.raw(token, method, &path, &self.body).await?,
            Method::Post | Method::Delete => self.write(ctx, token, method, &path).await?,
        };
        // What came is data, tokens and all; on a terminal somebody may look over a shoulder.
        let on_terminal = ctx.ui.streams().stdout;
        let value = if on_terminal {
            masked(&ctx.redactor, &value)
        } else {
            value
        };
        let text = serde_json::to_string_pretty(&value)
            .map_err(|error| Failure::io("could not write JSON", &error.into()))?;
        let text = if on_terminal {
            sanitize::escape_lines(&text).into_owned()
        } else {
            text
        };
        Ok(Output::Text {
            text: format!("{text}\n"),
            prose: false,
            json: Some(value),
            tally: Tally::default(),
        })
    }

    fn chosen(&self, ctx: &Context) -> Result<AnyToken, Failure> {
        Ok(match self.token {
            Role::User => AnyToken::User(self.user.required(ctx)?.token),
            Role::System => {
                let remedy = "or use the other one with --token user";
                AnyToken::System(self.system.required(ctx, remedy)?.token)
            }
        })
    }

    /// The command as `history` shows it: whose token, and the names of what was sent. A value may be a secret.
    fn said(&self, method: Method, path: &str) -> String {
        let role = match self.token {
            Role::User => "user",
            Role::System => "system",
        };
        let mut said = format!("mps api {} {path} --token {role}", method.as_str());
        for (name, _) in &self.field {
            said.push_str(&format!(" -f {name}=…"));
        }
        said
    }

    /// Whose the token is, where the app secret lets us ask.
    async fn whose(&self, ctx: &Context, token: Token<'_>) -> Result<Option<UserId>, Failure> {
        let (Some(partner), Some(secret)) = (ctx.partner_if_known()?, ctx.app_secret()?) else {
            return Ok(None);
        };
        let token = match token {
            Token::User(token) => token.secret(),
            Token::System(token) => token.secret(),
            Token::App(..) => return Ok(None),
        };
        let checker = TokenChecker {
            graph: &ctx.graph()?,
            partner: &partner,
            secret: Some(secret),
            system: None,
            any_scope: false,
        };
        Ok(checker.whose(token).await)
    }

    /// A write: in the journal before it leaves and after.
    async fn write(
        &self,
        ctx: &Context,
        token: Token<'_>,
        method: Method,
        whole_path: &str,
    ) -> Result<Value, Failure> {
        let journal = ctx.journal()?;
        let path = whole_path.split('?').next().unwrap_or_default();
        let about = About::of(path, &self.field);
        let partner = match &about.partner {
            Some(partner) => Some(partner.clone()),
            None => ctx.partner_if_known().ok().flatten(),
        };
        let whose = self.whose(ctx, token).await?;
        let (user_id, system_user_id) = match self.token {
            Role::User => (whose, None),
            Role::System => (None, whose),
        };
        let event = |outcome| HistoryEvent {
            user_id: user_id.clone(),
            system_user_id: system_user_id.clone(),
            owner: about.owner.clone(),
            partner: partner.clone(),
            solution_id: about.solution.clone(),
            solution_name: about.name.clone(),
            consent: Some(self.said(method, path)),
            ..HistoryEvent::new(Call::Api, outcome)
        };
        journal.record(event(EventOutcome::Intended)).await?;
        match ctx
            .graph()?
            .raw(token, method, whole_path, &self.body)
            .await
        {
            Ok(value) => {
                let done = event(EventOutcome::Ok);
                let done = HistoryEvent {
                    solution_id: done.solution_id.clone().or_else(|| about.made(&value)),
                    ..done
                };
                // Meta's answer is worth more than our note of it.
                if let Err(error) = journal.record(done).await {
                    ctx.ui
                        .warning(&format!("it was done, but not written down: {error}"));
                }
                Ok(value)
            }
            Err(error) => {
                let outcome = event_outcome(&error);
                let trace = error.trace_id().map(str::to_owned);
                let text = Some(error.to_string());
                let noted = journal
                    .record(HistoryEvent {
                        fbtrace: trace,
                        error: text,
                        ..event(outcome)
                    })
                    .await;
                Err(match (outcome, noted) {
                    // What may have happened at Meta is worth more than our note of it.
                    (EventOutcome::Unknown, _) => unknown(method, path, error.into()),
                    (_, Err(unwritten)) => unwritten.into(),
                    (_, Ok(())) => error.into(),
                })
            }
        }
    }
}

/// What a page of a list holds; an answer that is no list is one item.
fn items(mut page: Value) -> Vec<Value> {
    match page.get_mut("data").map(Value::take) {
        Some(Value::Array(items)) => items,
        Some(data) => {
            page["data"] = data;
            vec![page]
        }
        None => vec![page],
    }
}

/// A write that may have happened must not be typed again before somebody has looked.
fn unknown(method: Method, path: &str, failure: Failure) -> Failure {
    let object = path.trim_start_matches('/').split('/').find(|part| {
        part.bytes()
            .next()
            .is_some_and(|first| first.is_ascii_digit())
    });
    let look = object.map_or_else(
        || "look at its object before you send it again".to_owned(),
        |id| format!("look before you send it again: mps api {id}"),
    );
    Failure {
        kind: Kind::UnknownOutcome,
        message: format!("{} {path} may or may not have happened", method.as_str()),
        hint: Some(format!("{look}; that it was sent stands in: mps history")),
        ..failure
    }
}

/// An answer without the tokens in it.
fn masked(redactor: &Redactor, value: &Value) -> Value {
    let mut masked = value.clone();
    redactor.clean_json(&mut masked);
    masked
}

fn line(redactor: &Redactor, value: Value) -> Line {
    let masked = masked(redactor, &value);
    Line {
        cells: vec![masked.to_string().into()],
        plain: Some(value.to_string()),
        masked: Some(masked),
        json: value,
        failed: None,
        outcome: None,
        place: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields() {
        for (text, expected) in [
            ("a=b", Some(("a", "b"))),
            ("a=", Some(("a", ""))),
            ("a=b=c", Some(("a", "b=c"))),
            ("a", None),
            ("=b", None),
        ] {
            let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
            assert_eq!(field(text).ok(), expected, "{text}");
        }
    }
}

//! `mps invite --from`: an invitation per line of a file.
//!
//! The one decision: a bad line costs nobody else their link. It is named with its number, and the rest is done.

use std::{collections::HashMap, path::Path, sync::Arc};

use futures_util::{StreamExt as _, stream};
use url::Url;

use super::{InviteFormat, InviteRecord, partner_name, template};
use crate::{
    commands::{
        Line, Output,
        args::not_our_own,
        input::table::{self, TableCells, TableLine},
        rows,
    },
    context::{Context, failure::Failure, item_talk},
    engine::Messaging,
    ids::AppId,
    journal::{Change, InvitationDraft, Invitations, LinkLabel},
    lang::Lang,
    session::{self, invitations},
    ui::{emit::Rows, epilogue::Epilogue},
};

/// The columns of the file.
const COLUMNS: &[&str] = &["ref", "name", "app_ids", "lang", "messaging"];

/// Lines that are written down at once: they share the journal's commits.
const AT_ONCE: usize = 64;

/// What all lines share.
struct Inviting {
    ctx: Arc<Context>,
    store: Invitations,
    public: Url,
    our_name: String,
}

/// Makes them all.
pub(super) async fn all(
    ctx: &Arc<Context>,
    public: &Url,
    partner: &AppId,
    file: &Path,
    (days, served_by): (u16, String),
) -> Result<Output, Failure> {
    let lines = table::read(ctx, file, COLUMNS)?;
    // The message is in the objects only.
    let our_name = if ctx.ui.json() {
        session::unless_stopped(ctx, partner_name(ctx)).await?
    } else {
        String::new()
    };
    let inviting = Arc::new(Inviting {
        ctx: Arc::clone(ctx),
        store: invitations::open(ctx, partner).await?,
        public: public.clone(),
        our_name,
    });
    let drafts = drafts(ctx, lines, partner, days);
    let lines = stream::iter(drafts)
        .map(move |(number, label, draft)| {
            let inviting = Arc::clone(&inviting);
            async move { Ok(inviting.line(number, label, draft).await) }
        })
        .buffered(AT_ONCE);
    let epilogue = Epilogue::default();
    epilogue.leave(served_by);
    Ok(Output::Rows(Rows {
        epilogue,
        ..Rows::of::<InviteRecord>(lines, "Nobody is invited.")
    }))
}

/// A line's number, its label as far as it has one, and what it asks for.
type Drafted = (u64, Option<String>, Result<InvitationDraft, Failure>);

/// What each line asks for, each label once.
fn drafts(ctx: &Context, lines: Vec<TableLine>, partner: &AppId, days: u16) -> Vec<Drafted> {
    let mut seen: HashMap<LinkLabel, u64> = HashMap::new();
    let mut drafts = Vec::new();
    for line in lines {
        let label = line
            .cells
            .as_ref()
            .ok()
            .and_then(|cells| cells.filled("ref"));
        let label = label.map(|label| ctx.redactor.clean(label).into_owned());
        let draft = line
            .cells
            .map_err(Failure::usage)
            .and_then(|cells| drafted(ctx, &cells, partner, days))
            .and_then(|draft| {
                if let Some(first) = seen.get(&draft.label) {
                    return Err(Failure::usage(format!(
                        "{} stands in line {first} already",
                        draft.label
                    )));
                }
                seen.insert(draft.label.clone(), line.number);
                Ok(draft)
            });
        drafts.push((line.number, label, draft));
    }
    drafts
}

/// What one line asks for. A column that the file has not got changes nothing of a known label.
fn drafted(
    ctx: &Context,
    cells: &TableCells,
    partner: &AppId,
    days: u16,
) -> Result<InvitationDraft, Failure> {
    let label = cells.get("ref").unwrap_or_default();
    let label: LinkLabel = label
        .parse()
        .map_err(|error| Failure::usage(format!("ref: {error}")))?;
    invitations::no_secret(ctx, &label)?;
    let app_ids = cells.get("app_ids").map(table::app_ids).transpose()?;
    not_our_own(app_ids.as_deref().unwrap_or_default(), partner)?;
    Ok(InvitationDraft {
        app_ids: Change::of(app_ids),
        messaging: value(cells, "messaging", messaging)?,
        name: value(cells, "name", template)?,
        lang: value(cells, "lang", lang)?,
        ..InvitationDraft::new(label, days)
    })
}

fn value(
    cells: &TableCells,
    column: &str,
    check: fn(&str) -> Result<String, String>,
) -> Result<Change<Option<String>>, Failure> {
    let value = match cells.get(column) {
        None => return Ok(Change::Keep),
        Some("") => None,
        Some(text) => {
            Some(check(text).map_err(|error| Failure::usage(format!("{column}: {error}")))?)
        }
    };
    Ok(Change::Set(value))
}

fn messaging(text: &str) -> Result<String, String> {
    <Messaging as clap::ValueEnum>::from_str(text, true)
        .map(|who| who.word().to_owned())
        .map_err(|_| format!("{text:?} is none of both, partner and tech-provider"))
}

/// A language's tag, as ours are written.
fn lang(text: &str) -> Result<String, String> {
    text.parse::<Lang>().map(|lang| lang.tag().to_owned())
}

impl Inviting {
    async fn line(
        &self,
        number: u64,
        label: Option<String>,
        draft: Result<InvitationDraft, Failure>,
    ) -> Line {
        let made = match draft {
            Ok(draft) => invitations::put(&self.ctx, &self.store, draft).await,
            Err(failure) => Err(failure),
        };
        let record = made.and_then(|put| {
            let format = InviteFormat::Text;
            InviteRecord::of(
                &self.ctx,
                &self.public,
                &put,
                Some(number),
                &self.our_name,
                format,
            )
        });
        match record {
            Ok(record) => Line::of(&record),
            Err(failure) => {
                let what = format!("line {number}");
                item_talk::print_item_whole(&self.ctx.ui, &what, &failure, &self.ctx.log);
                let record = InviteRecord {
                    label,
                    line: Some(number),
                    link: None,
                    expires_at: None,
                    app_ids: Vec::new(),
                    message: None,
                    outcome: "failed",
                };
                rows::failed(&self.ctx, Line::of(&record), failure)
            }
        }
    }
}

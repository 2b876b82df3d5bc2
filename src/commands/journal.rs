//! `mps journal`: where the journal is, who holds what, and the way out of a frozen holder.

use clap::{Args, Subcommand};

use super::{Line, Output};
use crate::{
    context::{Context, failure::Failure},
    ids::AppId,
    journal::{GRANTS, HeldKey, Journal, Key, Reader},
    record::record,
    session,
    ui::emit::{Card, Tally},
};

/// Show where the journal is and who holds what; end a frozen holder
///
/// The journal is a file of the state directory, or a team's database (MPS_JOURNAL). A run holds an app while it works on
/// it; others wait.
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Examples:\n  mps journal status\n  mps journal unlock 212022489970390 --yes\n  mps journal grants"
)]
pub struct JournalArgs {
    #[command(subcommand)]
    verb: JournalVerb,
}

#[derive(Debug, Subcommand)]
enum JournalVerb {
    /// Show which store the journal is in, and who holds which app
    #[command(after_help = "Example:\n  mps journal status --json")]
    Status,
    /// End the run that holds an app of a team's database
    ///
    /// For a run that hangs or whose machine is gone; one that gives no sign of life for half a minute is ended by itself.
    /// Whatever it still wants to write is refused, and it sends nothing more for that app. A file's locks end with
    /// their holders: there is nothing to unlock.
    #[command(after_help = "Example:\n  mps journal unlock 212022489970390 --yes")]
    Unlock {
        /// The Tech Provider's app; with a name, the solution of that name that `--allow-duplicate` made
        #[arg(value_name = "APP_ID[=NAME]")]
        app: HeldApp,
        /// Do not ask
        #[arg(short, long)]
        yes: bool,
    },
    /// Print the SQL that gives an operator and an auditor their rights
    #[command(after_help = "Example:\n  mps journal grants | psql mps")]
    Grants,
}

/// An app, and a solution's name where it is part of the key.
#[derive(Debug, Clone)]
struct HeldApp {
    app: AppId,
    name: Option<String>,
}

impl std::str::FromStr for HeldApp {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (app, name) = match text.split_once('=') {
            Some((app, name)) => (app, Some(name.to_owned())),
            None => (text, None),
        };
        let app = app.parse().map_err(|error| format!("{error}"))?;
        Ok(Self { app, name })
    }
}

record! {
    /// An app that somebody works on.
    #[derive(Debug)]
    pub struct HeldRecord {
        /// The Tech Provider's app
        pub app_id: String,
        /// Our app
        pub partner_app_id: String,
        /// The solution's name, where `--allow-duplicate` made it part of the key; else empty
        pub name: String,
        /// Where the Graph API is
        pub graph_host: String,
        /// Who: MPS_OPERATOR, else user@host
        pub operator: String,
        /// Their machine
        pub machine: String,
        /// Their run
        pub run_id: String,
        /// Since when: UTC, RFC 3339
        pub since: String,
    }
}

record! {
    /// What `mps journal status` shows.
    #[derive(Debug)]
    pub struct JournalRecord {
        /// `sqlite` or `postgresql`
        pub store: String,
        /// Where it is
        pub place: String,
        /// Whether there is one yet
        pub exists: bool,
        /// Who holds which app; none of a file, which does not know
        pub held: Vec<HeldRecord>,
    }
}

record! {
    /// What `mps journal unlock` did.
    #[derive(Debug)]
    pub struct UnlockRecord {
        /// The Tech Provider's app
        pub app_id: String,
        /// `unlocked`, or `free` where nobody held it
        pub outcome: String,
    }
}

impl JournalArgs {
    /// Does what was asked.
    pub async fn run(self, ctx: &Context) -> Result<Output, Failure> {
        match self.verb {
            JournalVerb::Status => status(ctx),
            JournalVerb::Unlock { app, yes } => unlock(ctx, app, yes).await,
            JournalVerb::Grants => Ok(Output::Text {
                text: GRANTS.to_owned(),
                prose: false,
                json: None,
                tally: Tally::default(),
            }),
        }
    }
}

fn held(key: &HeldKey) -> HeldRecord {
    HeldRecord {
        app_id: key.owner.clone(),
        partner_app_id: key.partner.clone(),
        name: key.name.clone(),
        graph_host: key.host.clone(),
        operator: key.holder.operator.clone(),
        machine: key.holder.machine.clone(),
        run_id: key.holder.run_id.clone(),
        since: format!("{:.0}", key.holder.since),
    }
}

fn status(ctx: &Context) -> Result<Output, Failure> {
    let place = ctx.journal_place()?;
    let reader = ctx.journal_reader()?;
    let holders = reader.as_ref().map(Reader::holders);
    let keys = holders.transpose()?.flatten();
    let record = JournalRecord {
        store: if place.database().is_some() {
            "postgresql".to_owned()
        } else {
            "sqlite".to_owned()
        },
        place: place.to_string(),
        exists: reader.is_some(),
        held: keys.iter().flatten().map(held).collect(),
    };
    let said = match (&keys, record.held.as_slice()) {
        (None, _) => "a file's locks end with their holders".to_owned(),
        (Some(_), []) => "nobody holds an app".to_owned(),
        (Some(_), some) => format!("{} held", some.len()),
    };
    let mut fields = vec![
        ("store", record.store.clone().into()),
        ("place", record.place.clone().into()),
        ("held", said.into()),
    ];
    let mut plain = format!("{}\t{}", record.store, record.place);
    for key in keys.iter().flatten() {
        let name = match key.name.as_str() {
            "" => String::new(),
            name => format!("={name}"),
        };
        fields.push(("", format!("{}{name}: {}", key.owner, key.holder).into()));
        plain += &format!("\n{}{name}\t{}", key.owner, key.holder);
    }
    Ok(Output::Card(Card {
        fields,
        line: Line::untabled(&record, Some(plain)),
    }))
}

async fn unlock(ctx: &Context, app: HeldApp, yes: bool) -> Result<Output, Failure> {
    let place = ctx.journal_place()?;
    if place.database().is_none() {
        return Err(Failure::usage(format!(
            "the journal in {place} is a file, whose locks end with their holders"
        ))
        .hint("end the run that holds the app; MPS_JOURNAL names a team's database"));
    }
    let host = ctx.base_url()?.host_label().to_owned();
    let key = Key {
        owner: app.app,
        partner: ctx.partner()?,
        name: app.name,
    };
    let owner = &key.owner;
    let question = format!(
        "End the run that holds app {owner}? A request of it that is already on its way cannot be called back."
    );
    session::confirm(ctx, &question, yes, true).await?;
    let ended = Journal::unlock(&place, &host, &key)?.unwrap_or_default();
    let outcome = if ended { "unlocked" } else { "free" };
    ctx.ui.status(&if ended {
        format!("The run that held app {owner} was ended; `mps resume` takes up what it left.")
    } else {
        format!("Nobody held app {owner}.")
    });
    let record = UnlockRecord {
        app_id: owner.to_string(),
        outcome: outcome.to_owned(),
    };
    Ok(Output::Card(Card {
        fields: vec![
            ("app", owner.to_string().into()),
            ("outcome", outcome.into()),
        ],
        line: Line::untabled(&record, Some(owner.to_string())),
    }))
}

//! `mps init` on a terminal: one question after the other.
//!
//! The one decision: before each question stands where in Meta's dashboards its answer is, and after each
//! answer what Meta says of it. A wrong answer is asked for again; Ctrl-C leaves everything as it was.

use serde_json::json;

use super::{
    args::{InitArgs, Store},
    ask_secrets::{BACK, complain, explain, place, secret, store},
    check::Check,
    draft::Draft,
};
use crate::{
    context::{Context, failure::Failure},
    doctor::why_not,
    env::MPS_GRAPH_URL,
    exit::Kind,
    ids::AppId,
    profile::{Profile, SecretKind},
    ui::prompt::{self, Enter},
};

/// Where a value stands: a title and a paragraph, which the terminal breaks where it has to.
const APP_ID: &str = "\
Our app's id
  Meta for Developers, My Apps, your app: the number at the top left of its dashboard.";
const NAME: &str = "\
Our name
  It stands in the names of solutions and in messages.";
const MESSAGING: &str = "\
Who may send messages
  Both, as in Meta's guide, unless you agreed otherwise with your Tech Providers.";

const PUBLIC: &str = "\
The public address of the page
  The https address of your tunnel or reverse proxy, where Tech Providers open the button's page. \
    Without one the page is on this machine, at localhost.";

/// What is asked, in this order; each can be gone back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum InitStep {
    AppId,
    Host,
    Store,
    Secret(SecretKind),
    Name,
    Messaging,
    PublicUrl,
    Agree,
}

const STEPS: [InitStep; 11] = [
    InitStep::AppId,
    InitStep::Host,
    InitStep::Store,
    InitStep::Secret(SecretKind::AppSecret),
    InitStep::Secret(SecretKind::SystemToken),
    InitStep::Name,
    InitStep::Messaging,
    InitStep::PublicUrl,
    InitStep::Secret(SecretKind::VerifyToken),
    InitStep::Secret(SecretKind::Journal),
    InitStep::Agree,
];

impl InitStep {
    /// Its words in the list of answers that can be changed; `None`: it is no answer of its own.
    fn words(self) -> Option<&'static str> {
        Some(match self {
            Self::AppId => "our app's id",
            Self::Store => "where the secrets are",
            Self::Secret(SecretKind::AppSecret) => "the app secret",
            Self::Secret(SecretKind::VerifyToken) => "the verify token",
            Self::Secret(SecretKind::Journal) => "the journal's address",
            Self::Secret(_) => "the system token",
            Self::Name => "our name",
            Self::Messaging => "who may send messages",
            Self::PublicUrl => "the public address",
            Self::Host | Self::Agree => return None,
        })
    }
}

/// Where it goes on after a question.
enum GoOn {
    On,
    /// `<` was typed.
    Back,
    To(InitStep),
}

/// Asks for everything.
pub(super) async fn draft(
    ctx: &Context,
    args: &InitArgs,
    old: &Profile,
    check: Check<'_>,
) -> Result<Draft, Failure> {
    let name = old.name();
    let begin = if old.path().exists() {
        format!("Profile {name} is there; Enter keeps what it holds.")
    } else {
        format!("A new profile, {name}. Ctrl-C leaves everything as it is.")
    };
    ctx.ui.block(
        &format!("{begin} At a question, < and Enter go back."),
        json!({}),
    );
    let mut draft = Draft::default();
    for (key, value) in args.settings(ctx) {
        draft.set(key, &value);
    }
    draft.judge()?;
    let given: Vec<&str> = draft.settings.iter().map(|(key, _)| *key).collect();
    let mut interview = Interview {
        ctx,
        args,
        old,
        check,
        given,
        id: None,
        store: args.secret_store,
        draft,
    };
    let mut at = 0;
    while let Some(step) = STEPS.get(at) {
        let answered = if interview.passes_over(*step) {
            GoOn::On
        } else {
            interview.ask(*step).await?
        };
        at = match answered {
            GoOn::On => at + 1,
            GoOn::Back => interview.before(at),
            GoOn::To(step) => STEPS.iter().position(|other| *other == step).unwrap_or(0),
        };
    }
    Ok(interview.draft)
}

/// What was answered so far.
struct Interview<'a> {
    ctx: &'a Context,
    args: &'a InitArgs,
    old: &'a Profile,
    check: Check<'a>,
    /// The keys that options answered.
    given: Vec<&'static str>,
    id: Option<AppId>,
    store: Option<Store>,
    draft: Draft,
}

impl Interview<'_> {
    /// Whether there is nothing to ask.
    fn passes_over(&self, step: InitStep) -> bool {
        let given = |key: &str| self.given.contains(&key);
        match step {
            InitStep::Host => given("graph_url") || !self.ctx.settings.env.has(MPS_GRAPH_URL),
            InitStep::Store => self.args.secret_store.is_some(),
            InitStep::Secret(_) if self.store == Some(Store::None) => true,
            // Without a public address no webhook comes.
            InitStep::Secret(SecretKind::VerifyToken) => self.known("public_url").is_none(),
            InitStep::Name => given("partner_name"),
            InitStep::Messaging => given("messaging"),
            InitStep::PublicUrl => given("public_url"),
            InitStep::Secret(_) | InitStep::AppId | InitStep::Agree => false,
        }
    }

    /// The question before this one; the first has none.
    fn before(&self, at: usize) -> usize {
        let asked = |at: &usize| STEPS.get(*at).is_some_and(|step| !self.passes_over(*step));
        (0..at).rev().find(asked).unwrap_or(0)
    }

    async fn ask(&mut self, step: InitStep) -> Result<GoOn, Failure> {
        match step {
            InitStep::AppId => self.app_id().await,
            InitStep::Host => self.host().await,
            InitStep::Store => self.choose_store().await,
            InitStep::Secret(kind) => {
                let id = self.id.clone().ok_or_else(|| Failure::usage("no app id"))?;
                let store = self.store.unwrap_or(Store::None);
                let (ctx, args, old, check) = (self.ctx, self.args, self.old, self.check);
                let draft = &mut self.draft;
                let answered = secret(ctx, args, old, check, (kind, store), &id, draft).await?;
                Ok(answered.map_or(GoOn::Back, |()| GoOn::On))
            }
            InitStep::Name => self.our_name().await,
            InitStep::Messaging => {
                let known = self.known("messaging").unwrap_or_else(|| "both".to_owned());
                let question = "both, partner or tech-provider";
                self.setting("messaging", MESSAGING, question, Some(known))
                    .await
            }
            InitStep::PublicUrl => {
                let known = self.known("public_url");
                let question = match known {
                    Some(_) => "Public address",
                    None => "Public address (Enter: none)",
                };
                self.setting("public_url", PUBLIC, question, known).await
            }
            InitStep::Agree => self.agree().await,
        }
    }

    /// What was answered before, else what the profile holds.
    fn known(&self, key: &str) -> Option<String> {
        let answered = self.draft.settings.iter().find(|(other, _)| *other == key);
        let answered = answered.and_then(|(_, value)| value.clone());
        answered.or_else(|| self.old.values().remove(key))
    }

    /// A setting that its reader takes.
    async fn setting(
        &mut self,
        key: &'static str,
        text: &str,
        question: &str,
        known: Option<String>,
    ) -> Result<GoOn, Failure> {
        explain(self.ctx, text);
        loop {
            let Some(typed) = typed(self.ctx, question, known.clone()).await? else {
                return Ok(GoOn::On);
            };
            if typed == BACK {
                return Ok(GoOn::Back);
            }
            match why_not(key, &typed) {
                None => {
                    self.draft.set(key, &typed);
                    return Ok(GoOn::On);
                }
                Some(why) => complain(self.ctx, &Failure::usage(why)),
            }
        }
    }

    async fn app_id(&mut self) -> Result<GoOn, Failure> {
        explain(self.ctx, APP_ID);
        let known = self.ctx.partner_if_known().ok().flatten();
        let known = self.id.clone().or(known).map(|id| id.to_string());
        let known = known.or_else(|| self.known("partner_app_id"));
        loop {
            let text = prompt::line(&self.ctx.ui, "App id", known.clone()).await?;
            if text.trim() == BACK {
                return Ok(GoOn::Back);
            }
            let id = match text.trim().parse::<AppId>() {
                Ok(id) => id,
                Err(error) => {
                    complain(self.ctx, &Failure::usage(error.to_string()));
                    continue;
                }
            };
            match self.check.app(&id).await {
                Ok(name) => self.check.say(name.map(|name| format!("✓ {name}"))),
                Err(failure) if failure.kind == Kind::Interrupted => return Err(failure),
                Err(failure) => {
                    complain(self.ctx, &failure);
                    let question = "Meta does not show that app. Take the id all the same?";
                    if !prompt::confirm(&self.ctx.ui, question, Enter::No).await? {
                        continue;
                    }
                }
            }
            let changed = self.id.as_ref().is_some_and(|before| *before != id);
            if changed && let Err(failure) = self.check.all(&id, &self.draft).await {
                complain(self.ctx, &failure);
            }
            self.draft.set("partner_app_id", id.as_str());
            self.id = Some(id);
            return Ok(GoOn::On);
        }
    }

    /// What a sandbox left in the environment must not lead a profile astray.
    async fn host(&mut self) -> Result<GoOn, Failure> {
        let Some(url) = self.ctx.settings.env.get(MPS_GRAPH_URL) else {
            return Ok(GoOn::On);
        };
        let question =
            format!("MPS_GRAPH_URL leads to {url}, not to Meta. Keep that in the profile?");
        let keep = prompt::confirm(&self.ctx.ui, &question, Enter::No).await?;
        self.draft.settings.retain(|(key, _)| *key != "graph_url");
        if keep {
            self.draft.set("graph_url", url);
        }
        Ok(GoOn::On)
    }

    /// Where the secrets are to be; what was pasted already goes there.
    async fn choose_store(&mut self) -> Result<GoOn, Failure> {
        let Some(store) = store(self.ctx).await? else {
            return Ok(GoOn::Back);
        };
        self.store = Some(store);
        let mut kept = std::mem::take(&mut self.draft.secrets);
        kept.retain(|kept| kept.store && matches!(store, Store::File | Store::Keyring));
        for kept in &mut kept {
            kept.place = place(self.ctx, self.old, kept.kind, store)?;
        }
        self.draft.secrets = kept;
        Ok(GoOn::On)
    }

    async fn our_name(&mut self) -> Result<GoOn, Failure> {
        explain(self.ctx, NAME);
        let known = match (self.known("partner_name"), &self.id) {
            (Some(known), _) => Some(known),
            (None, Some(id)) => self.check.app_name(id, &self.draft).await,
            (None, None) => None,
        };
        let question = match known {
            Some(_) => "Name",
            None => "Name (Enter: our app's name)",
        };
        match typed(self.ctx, question, known).await? {
            Some(name) if name == BACK => return Ok(GoOn::Back),
            Some(name) => self.draft.set("partner_name", &name),
            None => {}
        }
        Ok(GoOn::On)
    }

    /// Shows what would be written, and asks; a no leads back to the answers, and to the end only if that is chosen.
    async fn agree(&mut self) -> Result<GoOn, Failure> {
        self.ctx
            .ui
            .block(&summary(self.old, &self.draft), json!({}));
        if prompt::confirm(&self.ctx.ui, "Write this?", Enter::Yes).await? {
            self.draft.agreed = true;
            return Ok(GoOn::On);
        }
        let steps = STEPS.iter().filter(|step| !self.passes_over(**step));
        let steps: Vec<(InitStep, &str)> = steps
            .filter_map(|step| Some((*step, step.words()?)))
            .collect();
        let items = steps.iter().map(|(_, words)| (*words).to_owned());
        let items = items.chain(["nothing: leave everything as it was".to_owned()]);
        let chosen = prompt::pick(&self.ctx.ui, "What shall be changed?", items.collect()).await?;
        match steps.get(chosen) {
            Some((step, _)) => Ok(GoOn::To(*step)),
            None => Err(Failure::new(
                Kind::Declined,
                "you said no; nothing was written",
            )),
        }
    }
}

/// A line; `None`: nothing was typed, and nothing was known.
async fn typed(
    ctx: &Context,
    question: &str,
    known: Option<String>,
) -> Result<Option<String>, Failure> {
    Ok(match known {
        Some(known) => {
            let line = prompt::line(&ctx.ui, question, Some(known)).await?;
            Some(line.trim().to_owned())
        }
        None => prompt::line_or_nothing(&ctx.ui, question).await?,
    })
}

/// What would be written.
fn summary(old: &Profile, draft: &Draft) -> String {
    let changes = draft.changes(old);
    let mut text = format!("\n{}", old.path().display());
    for (key, value) in &draft.settings {
        let mark = if changes.contains(key) {
            ""
        } else {
            " (as it is)"
        };
        text += &format!("\n  {key} = {:?}{mark}", value.as_deref().unwrap_or(""));
    }
    for kept in &draft.secrets {
        text += &format!("\n  {}: {}", kept.kind.key(), kept.place.word());
    }
    text
}

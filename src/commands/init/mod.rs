//! `mps init`: makes or changes a profile.
//!
//! The one decision: asking and flags fill the same draft, and one function writes it. Each value is
//! checked as it comes in, a profile that is there is shown and changed only where the operator said so,
//! and a secret is never put into a file unasked.

mod args;
mod ask;
mod ask_secrets;
mod check;
mod draft;

use std::sync::Arc;

use serde_json::json;

use self::{args::Store, check::Check, draft::Draft};
use super::Output;
use crate::{
    button::brand,
    context::{Context, failure::Failure, settings},
    env::MPS_GRAPH_URL,
    profile::{Profile, SecretKind, SecretLocation},
    record::{Record as _, record},
    session,
    ui::{Label, emit::Tally},
};

pub use self::args::InitArgs;

/// The secrets that a profile is told of, in this order: the first one signs what is asked about the second.
const KEPT: [SecretKind; 4] = [
    SecretKind::AppSecret,
    SecretKind::SystemToken,
    SecretKind::VerifyToken,
    SecretKind::Journal,
];

record! {
    /// What `init` wrote.
    #[derive(Debug, Clone)]
    pub struct InitRecord {
        /// Its name
        pub profile: String,
        /// Where it is
        pub file: String,
        /// The keys that were not so before
        pub changed: Vec<&'static str>,
    }
}

impl InitArgs {
    /// Makes the profile.
    pub async fn run(self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        if let Some(failure) = ctx.profile.unreadable() {
            return Err(failure.clone());
        }
        let profiles = ctx.profile.store()?;
        let old = profiles.read_or_new(ctx.profile.name())?;
        let check = Check {
            ctx,
            off: self.no_check,
        };
        let draft = if ctx.ui.can_ask() {
            ask::draft(ctx, &self, &old, check).await?
        } else {
            self.by_flags(ctx, &old, check).await?
        };
        session::unless_stopped(ctx, async { self.write(ctx, old, &draft) }).await
    }

    /// The settings that options name, with our app's id from the environment too.
    fn settings(&self, ctx: &Context) -> Vec<(&'static str, String)> {
        let globals = &ctx.globals;
        let logo = self.brand_logo.as_deref().map(brand::whole_path);
        let given = [
            (settings::PARTNER_NAME, &globals.partner_name),
            (settings::NAME, &self.name),
            (settings::MESSAGING, &self.messaging),
            (settings::JOBS, &self.jobs),
            (settings::PUBLIC_URL, &self.public_url),
            (settings::API_VERSION, &globals.api_version),
            (settings::CA_FILE, &globals.ca_file),
            (settings::LANG, &self.lang),
            (settings::BRAND_NAME, &self.brand_name),
            (settings::BRAND_LOGO, &logo),
            (settings::BRAND_COLOR, &self.brand_color),
            (settings::PRIVACY_URL, &self.privacy_url),
        ];
        let mut values: Vec<(&'static str, String)> = given
            .into_iter()
            .filter_map(|(setting, value)| Some((setting.key?, value.clone()?)))
            .collect();
        // That of the environment is on this machine: nobody said that it is to stay.
        let host = globals.graph_url.clone();
        values.extend(host.map(|host| ("graph_url", host)));
        values
    }

    async fn by_flags(
        &self,
        ctx: &Context,
        old: &Profile,
        check: Check<'_>,
    ) -> Result<Draft, Failure> {
        let mut draft = Draft::default();
        let id = ctx.partner_if_known()?;
        let id = id.ok_or_else(|| {
            Failure::usage("our app's id is needed, and there is nobody to ask")
                .hint("add --partner-app-id; it stands in Meta's App Dashboard, top left")
        })?;
        draft.set("partner_app_id", id.as_str());
        for (key, value) in self.settings(ctx) {
            draft.set(key, &value);
        }
        draft.judge()?;
        if ctx.settings.env.has(MPS_GRAPH_URL) && ctx.globals.graph_url.is_none() {
            ctx.ui
                .status("MPS_GRAPH_URL is not kept in the profile; --graph-url would be.");
        }
        for kind in KEPT {
            if let Some(line) = self.command_of(kind) {
                let place = SecretLocation::Command(line.clone());
                let secret = check.read(old.name(), kind, &place)?;
                draft.take(kind, place, secret, false);
            }
        }
        self.given_secrets(ctx, old, &mut draft)?;
        check.all(&id, &draft).await?;
        Ok(draft)
    }

    /// Secrets from files and the environment, where they are to be kept.
    fn given_secrets(
        &self,
        ctx: &Context,
        old: &Profile,
        draft: &mut Draft,
    ) -> Result<(), Failure> {
        let files = [
            (
                SecretKind::AppSecret,
                settings::APP_SECRET,
                ctx.globals.app_secret_file.as_deref(),
            ),
            (
                SecretKind::SystemToken,
                settings::SYSTEM_TOKEN,
                self.system.system_token_file.as_deref(),
            ),
            (
                SecretKind::VerifyToken,
                settings::VERIFY_TOKEN,
                self.verify.file(),
            ),
            (
                SecretKind::Journal,
                settings::JOURNAL,
                ctx.globals.journal_file.as_deref(),
            ),
        ];
        for (kind, setting, file) in files {
            let given = file.is_some() || ctx.settings.env.has(setting.var);
            if !given || draft.has(kind) {
                continue;
            }
            let place = match self.secret_store {
                Some(Store::Keyring) => SecretLocation::Keyring,
                Some(Store::File) => {
                    SecretLocation::File(ctx.profile.store()?.secret_file(old.name(), kind))
                }
                Some(Store::Command) => {
                    return Err(Failure::usage(format!(
                        "--secret-store command needs --{}-command",
                        kind.key().replace('_', "-")
                    )));
                }
                None if file.is_some() => {
                    return Err(
                        Failure::usage(format!("where is {} to be kept?", setting.what))
                            .hint("add --secret-store keyring, file or none"),
                    );
                }
                Some(Store::None) | None => continue,
            };
            if let Some(found) = ctx.secret(setting, file)? {
                draft.take(kind, place, found.secret, true);
            }
        }
        Ok(())
    }

    /// Writes what was decided: secrets first, so that the profile never points to nothing.
    fn write(&self, ctx: &Context, mut profile: Profile, draft: &Draft) -> Result<Output, Failure> {
        let profiles = ctx.profile.store()?;
        let (name, existed) = (profile.name().clone(), profile.path().exists());
        let changes = draft.changes(&profile);
        if existed && !changes.is_empty() && !draft.agreed && !self.overwrite {
            return Err(Failure::usage(format!(
                "profile {name} is there already, and this would change {}",
                changes.join(", ")
            ))
            .hint("add --overwrite, or choose another name with --profile"));
        }
        let keyring = ctx.keyring();
        for kept in &draft.secrets {
            if kept.store {
                profiles.store(&name, kept.kind, &kept.place, &keyring, &kept.secret)?;
                ctx.ui.status_as(
                    Label::Good,
                    &format!("Stored {} ({})", kept.kind.key(), kept.place.word()),
                    json!({}),
                );
            }
            let before = profile
                .place(kept.kind)
                .filter(|place| *place != kept.place);
            if let Some(before) = before
                && profiles.clear(&name, kept.kind, &before, &keyring)?
            {
                ctx.ui.status(&format!(
                    "Deleted {} from {}",
                    kept.kind.key(),
                    before.word()
                ));
            }
            profile.set_place(kept.kind, Some(&kept.place));
        }
        for (key, value) in &draft.settings {
            profile.set(key, value.as_deref());
        }
        profiles.write(&profile)?;
        let path = profile.path().display().to_string();
        ctx.ui
            .status_as(Label::Good, &format!("Wrote profile {name}"), json!({}));
        let more = if name.as_str() == "default" {
            String::new()
        } else {
            format!(" --profile {name}")
        };
        let least = if draft.without_token {
            " --no-accept"
        } else {
            ""
        };
        ctx.ui.status(&format!(
            "Next: mps doctor{more}, then mps onboard{least}{more}"
        ));
        let record = InitRecord {
            profile: name.to_string(),
            file: path,
            changed: changes,
        };
        Ok(Output::Text {
            text: format!("{}\n", record.file),
            prose: false,
            json: Some(record.object()),
            tally: Tally::default(),
        })
    }
}

//! Asks Meta whether a value is right.
//!
//! The one decision: a value that Meta refuses is not kept; one that could not be checked, because Meta could
//! not be reached, is the operator's to judge.

use super::draft::Draft;
use crate::{
    context::{Context, failure::Failure, settings::SYSTEM_TOKEN},
    doctor::{self, Mark},
    exit::Kind,
    graph::Token,
    ids::AppId,
    journal::{DatabaseAddress, Journal, JournalPlace},
    profile::{ProfileName, SecretKind, SecretLocation},
    secret::{AppSecret, Secret, SystemToken},
    session,
};

/// Who checks.
#[derive(Clone, Copy)]
pub(super) struct Check<'a> {
    pub(super) ctx: &'a Context,
    /// `--no-check`.
    pub(super) off: bool,
}

impl Check<'_> {
    /// Reads a secret where it is said to be.
    pub(super) fn read(
        &self,
        name: &ProfileName,
        kind: SecretKind,
        place: &SecretLocation,
    ) -> Result<Secret, Failure> {
        let keyring = self.ctx.keyring();
        let read = self
            .ctx
            .profile
            .store()?
            .secret(name, kind, place, &keyring)?;
        self.ctx.redactor.know(&read.secret);
        if let Some(warning) = &read.warning {
            self.ctx.ui.warning(warning);
        }
        Ok(read.secret)
    }

    /// Whether the secret is that of the app; the app's name. None: not asked.
    pub(super) async fn secret(
        &self,
        id: &AppId,
        secret: &Secret,
    ) -> Result<Option<String>, Failure> {
        if self.off {
            return Ok(None);
        }
        let secret = AppSecret::from(secret.clone());
        let graph = self.ctx.graph_signed(Some(secret.clone()))?;
        let asking = async { Ok(graph.app(Token::App(id, &secret), id).await?) };
        let app = session::unless_stopped(self.ctx, asking).await?;
        Ok(Some(app.name))
    }

    /// Whether the token is our system user's and may do what it must; what was seen. None: not asked.
    pub(super) async fn token(
        &self,
        id: &AppId,
        secret: Option<&Secret>,
        token: &Secret,
    ) -> Result<Option<String>, Failure> {
        if self.off {
            return Ok(None);
        }
        let secret = secret.cloned().map(AppSecret::from);
        let graph = self.ctx.graph_signed(secret.clone())?;
        let token = SystemToken::from(token.clone());
        let asking = async { Ok(doctor::system_token(&graph, id, secret.as_ref(), &token).await) };
        let row = session::unless_stopped(self.ctx, asking).await?;
        match row.mark {
            Mark::Bad(kind) => {
                let mut failure = Failure::new(kind, row.seen);
                failure.hint = row.remedy;
                Err(failure)
            }
            _ => Ok(Some(row.seen)),
        }
    }

    /// Whether a journal can be had at this address; what was seen. None: not asked.
    pub(super) async fn journal(&self, address: &Secret) -> Result<Option<String>, Failure> {
        let address = DatabaseAddress::parse(address).map_err(|error| {
            let failure = Failure::usage(format!("that is no address of a database: {error}"));
            failure.hint(error.hint())
        })?;
        for password in address.passwords() {
            self.ctx.redactor.know(password);
        }
        if self.off {
            return Ok(None);
        }
        let place = JournalPlace::in_database(self.ctx.state_dir()?, Some(address));
        let seen = place.to_string();
        let asking = async {
            let opened = tokio::task::spawn_blocking(move || Journal::open_read_only(place));
            let opened = opened
                .await
                .map_err(|_| Failure::new(Kind::Io, "the question broke off"))?;
            Ok(opened?.is_some())
        };
        let there = session::unless_stopped(self.ctx, asking).await?;
        let what = if there { "a journal" } else { "no journal yet" };
        Ok(Some(format!("{seen}: {what}")))
    }

    /// The app of an id, read with the system token of the environment, if there is one. None: not asked.
    pub(super) async fn app(&self, id: &AppId) -> Result<Option<String>, Failure> {
        let token = SYSTEM_TOKEN.of_environment(&self.ctx.settings.env)?;
        let Some(token) = token.filter(|_| !self.off) else {
            return Ok(None);
        };
        let token = SystemToken::from(token);
        let graph = self.ctx.graph_signed(None)?;
        let asking = async { Ok(graph.app(Token::System(&token), id).await?) };
        let app = session::unless_stopped(self.ctx, asking).await?;
        Ok(Some(app.name))
    }

    /// Our app's name, read with a system token.
    pub(super) async fn app_name(&self, id: &AppId, draft: &Draft) -> Option<String> {
        if self.off {
            return None;
        }
        let secret = draft
            .secret(SecretKind::AppSecret)
            .cloned()
            .map(AppSecret::from);
        let token = draft
            .secret(SecretKind::SystemToken)
            .cloned()
            .map(SystemToken::from);
        let graph = self.ctx.graph_signed(secret.clone()).ok()?;
        let token = match (&token, &secret) {
            (Some(token), _) => Token::System(token),
            (None, Some(secret)) => Token::App(id, secret),
            (None, None) => return None,
        };
        let asking = async { Ok(graph.app(token, id).await?) };
        let app = session::unless_stopped(self.ctx, asking).await.ok()?;
        Some(app.name)
    }

    /// Checks all of a draft; what Meta refuses is the failure.
    pub(super) async fn all(&self, id: &AppId, draft: &Draft) -> Result<(), Failure> {
        let no_check = |failure: Failure| {
            if is_out_of_reach(&failure) {
                failure.hint("with --no-check nothing is asked")
            } else {
                failure
            }
        };
        let secret = draft.secret(SecretKind::AppSecret);
        if let Some(secret) = secret {
            let name = self.secret(id, secret).await.map_err(no_check)?;
            self.say(name.map(|name| format!("The app secret is that of {name}")));
        }
        if let Some(token) = draft.secret(SecretKind::SystemToken) {
            let seen = self.token(id, secret, token).await.map_err(no_check)?;
            self.say(seen.map(|seen| format!("The system token: {seen}")));
        }
        if let Some(address) = draft.secret(SecretKind::Journal) {
            let seen = self.journal(address).await.map_err(no_check)?;
            self.say(seen.map(|seen| format!("The journal: {seen}")));
        }
        Ok(())
    }

    /// Says what was seen.
    pub(super) fn say(&self, seen: Option<String>) {
        if let Some(seen) = seen {
            let good = crate::ui::Label::Good;
            self.ctx.ui.status_as(good, &seen, serde_json::json!({}));
        }
    }
}

/// Whether nobody answered, rather than somebody said no.
pub(super) fn is_out_of_reach(failure: &Failure) -> bool {
    matches!(
        failure.kind,
        Kind::Io | Kind::Timeout | Kind::Transient | Kind::UnreadableResponse | Kind::Quota
    )
}

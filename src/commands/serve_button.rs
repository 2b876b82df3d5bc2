//! `mps serve-button`: hosts the page with Meta's button and catches the Tech Provider's token.

use std::{future::ready, path::PathBuf, sync::Arc};

use clap::Args;
use futures_util::{StreamExt as _, stream};
use serde_json::json;

use super::{
    Line, Output,
    args::{PasteArg, ScopeArg, SystemTokenArg, TokenOutArg, token_out},
};
use crate::{
    button::{Grant, Signed},
    context::{Context, failure::Failure},
    ids::UserId,
    record::{Record as _, record},
    secret::UserToken,
    session::{self, Needs, Session, checked_token::CheckedUser},
    sign_in::{self, PageArgs, words},
    ui::{
        Label,
        emit::{Card, Cards},
        prompt,
        table::Cell,
    },
};

const EXAMPLES: &str = "Examples:
  mps serve-button --token-out token.txt
  mps serve-button | mps list-apps --user-token-file -
  mps serve-button --public-url https://mps.example.com --for lucky-shrub";

/// Host the page with Meta's button and catch the user token
///
/// Serves a page with Meta's login button on this machine, or behind a public address, until the Tech
/// Provider has clicked and a token has passed its check. Prints the bare token in a pipe; on a terminal
/// it is masked.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, after_long_help = words::long_help(EXAMPLES))]
pub struct ServeButtonArgs {
    #[command(flatten)]
    page: PageArgs,
    #[command(flatten)]
    token_out: TokenOutArg,
    #[command(flatten)]
    paste: PasteArg,
    #[command(flatten)]
    scope: ScopeArg,
    #[command(flatten)]
    system: SystemTokenArg,
}

impl ServeButtonArgs {
    /// Catches it.
    pub async fn run(self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        self.scope.apply(ctx);
        ctx.partner()?;
        self.paste.claim(ctx)?;
        self.token_out.writable()?;
        let needs = Needs {
            system: self.system.read(ctx)?,
            ..Needs::default()
        };
        let pasted = self.paste.token(ctx).await?;
        let session = session::unless_stopped(ctx, Session::open(ctx, needs)).await?;
        // The page shows that the token came, and closes when this is done.
        let (grant, checked, _page) = if let Some(token) = pasted {
            let check = async { Ok(session.checker()?.user(&token, None).await?) };
            let checked = session::unless_stopped(ctx, check).await?;
            checked.tell(&ctx.ui);
            (bare(token), checked, None)
        } else {
            let caught = sign_in::catch(ctx, &session, &self.page, None, None).await?;
            (caught.grant, caught.user.checked, Some(caught.page))
        };
        self.token_out.write(ctx, grant.token.secret())?;
        let card = card(&grant, &checked, &self.token_out);
        let asks = !self.token_out.is_given() && ctx.ui.for_people() && ctx.ui.can_ask();
        if !asks {
            return Ok(Output::Card(card));
        }
        // A masked token is of no use to anybody: it is asked where the whole one is to be.
        let ctx = Arc::clone(ctx);
        let kept = async move { keep(&ctx, &grant.token).await.err().map(Err) };
        let kept = stream::once(kept).filter_map(ready);
        Ok(Output::Cards(Cards {
            cards: stream::once(ready(Ok(card))).chain(kept).boxed(),
        }))
    }
}

/// A grant of which only the token is known.
fn bare(token: UserToken) -> Grant {
    Grant {
        token,
        user_id: None,
        expires_in: None,
        data_access_expires_at: None,
        reauthorize_required_in: None,
        granted_scopes: None,
        signed_request: None,
        signed: Signed::NotChecked,
        pasted: true,
    }
}

/// Asks for a file until the token is in one, or nobody wants it.
async fn keep(ctx: &Context, token: &UserToken) -> Result<(), Failure> {
    loop {
        let question = "File to keep the token in (Enter throws it away)";
        let Some(typed) = prompt::line_or_nothing(&ctx.ui, question).await? else {
            ctx.ui
                .status("The token was thrown away; a new one takes another click.");
            return Ok(());
        };
        let file = PathBuf::from(typed);
        match token_out::writable(&file).and_then(|()| token_out::write(&file, token.secret())) {
            Ok(()) => {
                ctx.ui.status(&format!(
                    "The token is in {}; next: mps list-apps --user-token-file {}",
                    file.display(),
                    file.display()
                ));
                return Ok(());
            }
            Err(failure) => ctx.ui.status_as(Label::Bad, &failure.line(), json!({})),
        }
    }
}

record! {
    /// The token that was caught, and what is known of it.
    #[derive(Clone)]
    pub struct TokenRecord {
        /// The user token; masked on a terminal
        pub access_token: String,
        /// Whose it is
        pub user_id: Option<UserId>,
        /// Seconds it lives
        pub expires_in: Option<u64>,
        /// When it ends
        pub expires_at: Option<i64>,
        /// When the access to data ends
        pub data_access_expires_at: Option<i64>,
        /// Seconds until a new sign-in
        pub reauthorize_required_in: Option<u64>,
        /// The permissions
        pub granted_scopes: Option<Vec<String>>,
        /// As Meta sent it
        pub signed_request: Option<String>,
        /// `debug_token_app`, `debug_token_system` or `me_permissions`
        pub checked_by: &'static str,
    }
}

impl TokenRecord {
    /// What Meta did not send is null. Of whose token it is, the check's word comes before the page's.
    fn new(grant: &Grant, checked: &CheckedUser) -> Self {
        let since_now = |seconds| {
            let seconds = i64::try_from(seconds).ok()?;
            jiff::Timestamp::now().as_second().checked_add(seconds)
        };
        let user_id = checked.user_id.as_ref().or(grant.user_id.as_ref());
        Self {
            access_token: grant.token.secret().expose().to_owned(),
            user_id: user_id.cloned(),
            expires_in: grant.expires_in,
            expires_at: checked
                .expires_at
                .or_else(|| grant.expires_in.and_then(since_now)),
            data_access_expires_at: checked
                .data_access_expires_at
                .or(grant.data_access_expires_at),
            reauthorize_required_in: grant.reauthorize_required_in,
            granted_scopes: Some(checked.scopes.clone()).filter(|scopes| !scopes.is_empty()),
            signed_request: grant.signed_request.clone(),
            checked_by: checked.by.word(),
        }
    }

    /// For a terminal, where somebody may look over a shoulder.
    fn masked(&self, grant: &Grant) -> Self {
        Self {
            access_token: grant.token.secret().masked(),
            signed_request: self.signed_request.as_ref().map(|_| "…".to_owned()),
            ..self.clone()
        }
    }

    /// The fields of a terminal's card.
    fn fields(&self, file: &TokenOutArg) -> Vec<(&'static str, Cell)> {
        let user = self.user_id.as_ref();
        let until = self
            .expires_at
            .and_then(|at| jiff::Timestamp::from_second(at).ok())
            .map_or_else(|| "not said by Meta".to_owned(), |at| at.to_string());
        let granted = self.granted_scopes.as_deref().unwrap_or_default();
        vec![
            ("token", self.access_token.as_str().into()),
            ("whole", file.whole("not shown on a terminal").into()),
            (
                "user",
                user.map_or("not shown by Meta", UserId::as_str).into(),
            ),
            ("until", until.into()),
            ("granted", granted.join(", ").into()),
            ("checked by", self.checked_by.into()),
        ]
    }
}

fn card(grant: &Grant, checked: &CheckedUser, file: &TokenOutArg) -> Card<Failure> {
    let record = TokenRecord::new(grant, checked);
    let masked = record.masked(grant);
    Card {
        fields: masked.fields(file),
        line: Line {
            masked: Some(masked.object()),
            ..Line::untabled(&record, Some(record.access_token.clone()))
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::token_proof::{CheckedBy, TokenProof};

    #[test]
    fn the_card_masks_and_the_pipe_does_not() {
        let grant = Grant {
            signed_request: Some("sig.payload".into()),
            ..bare(UserToken::parse("EAATESTTOKEN0123456789").unwrap())
        };
        let checked = CheckedUser {
            user_id: None,
            scopes: vec!["manage_app_solution".into()],
            expires_at: None,
            data_access_expires_at: None,
            by: CheckedBy::Permissions,
            doubt: None,
            unscoped: false,
            proof: TokenProof::default(),
        };
        let card = card(&grant, &checked, &TokenOutArg::default());
        assert_eq!(card.line.plain.as_deref(), Some("EAATESTTOKEN0123456789"));
        let masked = card.line.masked.unwrap().to_string();
        assert!(
            !masked.contains("EAATESTTOKEN") && !masked.contains("payload"),
            "{masked}"
        );
    }
}

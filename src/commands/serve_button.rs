//! `mps serve-button`: hosts the page with Meta's button and catches the Tech Provider's token.

use std::{
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;
use serde_json::{Value, json};

use super::{
    Line, Output,
    args::{PasteArg, SystemTokenArg},
};
use crate::{
    button::{Grant, Signed},
    context::{Context, failure::Failure},
    ids::UserId,
    secret::UserToken,
    session::{self, Needs, Session, token_checker::CheckedUser},
    sign_in::{self, PageArgs, words},
    ui::{emit::Card, table::Cell},
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
    /// Write the token to this file, readable by you alone
    #[arg(long, value_name = "FILE")]
    token_out: Option<PathBuf>,
    #[command(flatten)]
    paste: PasteArg,
    #[command(flatten)]
    system: SystemTokenArg,
}

impl ServeButtonArgs {
    /// Catches it.
    pub async fn run(self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        ctx.partner()?;
        self.paste.claim(ctx)?;
        if let Some(file) = &self.token_out {
            writable(file)?;
        }
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
            (bare(token), checked, None)
        } else {
            let caught = sign_in::catch(ctx, &session, &self.page, None, None).await?;
            (caught.grant, caught.user.checked, Some(caught.page))
        };
        if let Some(file) = &self.token_out {
            write_private(file, &grant.token)?;
            ctx.ui
                .status(&format!("The token is in {}", file.display()));
        }
        Ok(Output::Card(card(
            &grant,
            &checked,
            self.token_out.as_deref(),
        )))
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

/// Whether the file can be made, before a person is asked to click. What is no regular file would be
/// replaced by one, a device too, and whoever reads a pipe would get nothing.
fn writable(file: &Path) -> Result<(), Failure> {
    if file.metadata().is_ok_and(|there| !there.is_file()) {
        return Err(Failure::usage(format!(
            "--token-out: {} is there and is no regular file",
            file.display()
        ))
        .hint(
            "name a new or a regular file; without --token-out the token goes to stdout, in a pipe",
        ));
    }
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    tempfile::NamedTempFile::new_in(folder)
        .map(drop)
        .map_err(|error| {
            Failure::io(
                format!("--token-out: cannot write in {}", folder.display()),
                &error,
            )
        })
}

/// Writes the token whole or not at all, readable by its owner alone.
fn write_private(file: &Path, token: &UserToken) -> Result<(), Failure> {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let written = tempfile::NamedTempFile::new_in(folder).and_then(|mut out| {
        writeln!(out, "{}", token.secret().expose())?;
        out.persist(file).map(drop).map_err(|error| error.error)
    });
    written.map_err(|error| {
        Failure::io(
            format!("could not write the token to {}", file.display()),
            &error,
        )
    })
}

fn card(grant: &Grant, checked: &CheckedUser, file: Option<&Path>) -> Card<Failure> {
    let token = grant.token.secret();
    let expires_at = checked.expires_at.or_else(|| {
        let now = jiff::Timestamp::now().as_second();
        grant
            .expires_in
            .and_then(|seconds| i64::try_from(seconds).ok())
            .map(|seconds| now + seconds)
    });
    let json = object(grant, checked, expires_at);
    let mut masked = json.clone();
    masked["access_token"] = token.masked().into();
    if !masked["signed_request"].is_null() {
        masked["signed_request"] = "…".into();
    }
    Card {
        fields: fields(grant, checked, expires_at, file),
        line: Line {
            plain: Some(token.expose().to_owned()),
            json,
            masked: Some(masked),
            cells: Vec::new(),
            failed: None,
        },
    }
}

/// The fields of a terminal's card. `expires_at`: Unix seconds.
fn fields(
    grant: &Grant,
    checked: &CheckedUser,
    expires_at: Option<i64>,
    file: Option<&Path>,
) -> Vec<(&'static str, Cell)> {
    let whole = file.map_or_else(
        || "in a pipe, or with --token-out FILE".to_owned(),
        |file| format!("in {}", file.display()),
    );
    let user = user_of(grant, checked).map_or("not shown by Meta", UserId::as_str);
    let until = expires_at
        .and_then(|at| jiff::Timestamp::from_second(at).ok())
        .map_or_else(|| "not said by Meta".to_owned(), |at| at.to_string());
    vec![
        ("token", grant.token.secret().masked().into()),
        ("whole", whole.into()),
        ("user", user.into()),
        ("until", until.into()),
        ("granted", checked.scopes.join(", ").into()),
        ("checked by", checked.by.word().into()),
    ]
}

/// The object of `--json`; what Meta did not send is null.
fn object(grant: &Grant, checked: &CheckedUser, expires_at: Option<i64>) -> Value {
    let scopes = Some(&checked.scopes).filter(|scopes| !scopes.is_empty());
    json!({
        "access_token": grant.token.secret().expose(),
        "user_id": user_of(grant, checked),
        "expires_in": grant.expires_in,
        "expires_at": expires_at,
        "data_access_expires_at": checked.data_access_expires_at.or(grant.data_access_expires_at),
        "reauthorize_required_in": grant.reauthorize_required_in,
        "granted_scopes": scopes,
        "signed_request": grant.signed_request,
        "checked_by": checked.by.word(),
    })
}

/// Whose token it is: the check's word before the page's.
fn user_of<'a>(grant: &'a Grant, checked: &'a CheckedUser) -> Option<&'a UserId> {
    checked.user_id.as_ref().or(grant.user_id.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::token_checker::CheckedBy;

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
        };
        let card = card(&grant, &checked, None);
        assert_eq!(card.line.plain.as_deref(), Some("EAATESTTOKEN0123456789"));
        let keys: Vec<&String> = card.line.json.as_object().unwrap().keys().collect();
        assert_eq!(
            keys,
            [
                "access_token",
                "user_id",
                "expires_in",
                "expires_at",
                "data_access_expires_at",
                "reauthorize_required_in",
                "granted_scopes",
                "signed_request",
                "checked_by"
            ]
        );
        let masked = card.line.masked.unwrap().to_string();
        assert!(
            !masked.contains("EAATESTTOKEN") && !masked.contains("payload"),
            "{masked}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_private() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("token");
        write_private(&file, &UserToken::parse("EAATESTTOKEN0123456789").unwrap()).unwrap();
        assert_eq!(
            std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert!(writable(&dir.path().join("no/such/folder/token")).is_err());
    }
}

//! `--notify`: where a watch posts what happens.

use std::path::PathBuf;

use clap::Args;

use super::SecretReader;
use crate::{
    context::{Context, failure::Failure, missing, settings},
    session::outbox::PostUrl,
    webhooks::NoticeKey,
};

/// Where what happens is posted to, and what that is signed with.
#[derive(Debug, Clone, Default, Args)]
pub struct NotifyArgs {
    /// Post each line to this https address, signed as Standard Webhooks wants it, with retries over a day
    #[arg(long, value_name = "URL")]
    pub notify: Option<PostUrl>,
    /// A file with the signing secret of --notify, `-` for stdin [env: MPS_NOTIFY_SECRET]
    #[arg(
        long,
        value_name = "FILE",
        help_heading = "Tokens",
        requires = "notify"
    )]
    pub notify_secret_file: Option<PathBuf>,
}

impl NotifyArgs {
    /// The address and the key, if there is an address.
    pub fn read(&self, ctx: &Context) -> Result<Option<(PostUrl, NoticeKey)>, Failure> {
        const MAKE_ONE: &str = "make one: echo \"whsec_$(openssl rand -base64 32)\"";
        let Some(url) = &self.notify else {
            return Ok(None);
        };
        let setting = settings::NOTIFY_SECRET;
        let found = ctx.secret(setting, self.notify_secret_file.as_deref())?;
        let found = found.ok_or_else(|| missing(setting, MAKE_ONE))?;
        let key = NoticeKey::of(&found.secret).ok_or_else(|| {
            Failure::usage(format!(
                "{} from {} is none: it is not whsec_ and the base64 of 24 to 64 bytes",
                setting.what, found.place
            ))
            .hint(MAKE_ONE)
        })?;
        Ok(Some((url.clone(), key)))
    }

    /// What it is and where it is read, for `one_reads_stdin`.
    pub fn reader(&self) -> SecretReader<'_> {
        let file = self.notify_secret_file.as_deref();
        (settings::NOTIFY_SECRET, file)
    }
}

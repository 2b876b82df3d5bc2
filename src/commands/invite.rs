//! `mps invite`: the link for one Tech Provider, and the message that goes with it.
//!
//! The one decision: the message can be sent as it is. It says what will be granted and that the click
//! creates nothing, so that nobody has to be called first; and the link is the one that `onboard --for`
//! and `serve-button --for` answer at, today and after a restart.

use std::sync::Arc;

use clap::Args;
use jiff::Timestamp;
use url::Url;

use super::Output;
use crate::{
    button::link,
    context::{Context, failure::Failure},
    graph::Token,
    record::{Record as _, record},
    session,
    sign_in::PageArgs,
    ui::emit::Tally,
};

/// Write the link for a Tech Provider elsewhere, and the message to send with it
///
/// Needs a public address that leads to this machine. The link is the same every time for this label, as
/// long as it holds; it works while `mps onboard --for LABEL` or `mps serve-button --for LABEL` runs.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  mps invite --for lucky-shrub --public-url https://onboarding.example.com\n  mps invite --for lucky-shrub --format markdown > message.md\n  mps invite --for lucky-shrub --json | jq -r .link"
)]
pub struct InviteArgs {
    /// Whom the link is for: the same link every time for this label
    #[arg(long = "for", value_name = "LABEL")]
    label: String,
    /// How many days the link stays the same, counted from its first use
    #[arg(long, value_name = "DAYS", default_value_t = 7, value_parser = clap::value_parser!(u16).range(1..=365))]
    link_days: u16,
    /// The page's public address, https://name, behind a tunnel or reverse proxy [env: MPS_PUBLIC_URL]
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// The form of the message
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: InviteFormat,
}

/// The form of the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum InviteFormat {
    /// Plain text, for a mail or a chat.
    Text,
    /// Markdown.
    Markdown,
}

impl InviteArgs {
    /// Writes it.
    pub async fn run(self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        let page = PageArgs {
            public_url: self.public_url.clone(),
            ..PageArgs::default()
        };
        let public: Url = page.public(ctx)?.ok_or_else(|| {
            Failure::usage("an invitation needs a public address: nobody else can open localhost").hint(
                "set --public-url or MPS_PUBLIC_URL to the https address of your tunnel or reverse proxy",
            )
        })?;
        let partner = session::unless_stopped(ctx, partner_name(ctx)).await?;
        let kept = link::kept(
            ctx.state_dir()?,
            &ctx.profile_name(),
            &self.label,
            self.link_days,
            Timestamp::now(),
        )?;
        let link = link::public_url(&public, &kept.path)?;
        let invitation = Invitation {
            partner: &partner,
            link: &link,
            until: kept.expires_at,
        };
        let message = match self.format {
            InviteFormat::Text => invitation.text(),
            InviteFormat::Markdown => invitation.markdown(),
        };
        let address = match &self.public_url {
            Some(url) => format!(" --public-url {}", shell_word(url)),
            None => String::new(),
        };
        ctx.ui.status(&format!(
            "The link works while this runs: mps onboard --for {}{address} --deadline none",
            shell_word(&self.label)
        ));
        let record = InviteRecord {
            link,
            label: self.label,
            expires_at: kept.expires_at.as_second(),
            message,
        };
        Ok(Output::Text {
            json: Some(record.object()),
            text: record.message,
            tally: Tally::default(),
        })
    }
}

record! {
    /// The link and the message that goes with it.
    #[derive(Debug, Clone)]
    pub struct InviteRecord {
        /// What the Tech Provider opens
        pub link: String,
        /// Of `--for`
        pub label: String,
        /// Until when it holds
        pub expires_at: i64,
        /// The text to send
        pub message: String,
    }
}

/// Our name for a person of another company: as it was set, else as Meta knows it.
async fn partner_name(ctx: &Context) -> Result<String, Failure> {
    if let Some(name) = session::set_partner_name(ctx) {
        return Ok(name);
    }
    let partner = ctx.partner()?;
    let name = match ctx.system_token(None)? {
        Some(system) => {
            session::app_name(&ctx.graph()?, Token::System(&system.token), &partner).await
        }
        None => None,
    };
    Ok(name.unwrap_or_else(|| {
        ctx.ui.warning(
            "our name is not known, so the message has our app's id; --partner-name sets it",
        );
        partner.to_string()
    }))
}

/// What the message is made of.
struct Invitation<'a> {
    partner: &'a str,
    link: &'a str,
    until: Timestamp,
}

impl Invitation<'_> {
    fn text(&self) -> String {
        self.fill(
            self.partner,
            self.link,
            "\"Continue with Facebook\"",
            "manage_app_solution",
        )
    }

    fn markdown(&self) -> String {
        self.fill(
            &escaped(self.partner),
            &format!("<{}>", self.link),
            "**Continue with Facebook**",
            "`manage_app_solution`",
        )
    }

    /// The message; a numbered list is the same in text and Markdown.
    fn fill(&self, partner: &str, link: &str, button: &str, permission: &str) -> String {
        let until = link::in_words(self.until);
        format!(
            "Hello,\n\
             \n\
             {partner} would like to set up a WhatsApp Multi-Partner Solution together with your app, and \
             needs your permission for it. It takes two minutes:\n\
             \n\
             1. Open this link in a browser on a computer: {link}\n\
             2. Press {button}, and sign in with the account that manages your app.\n\
             3. Choose the apps that the solution is for, and confirm.\n\
             \n\
             What you grant: creating and managing solutions ({permission}) for the apps that you choose.\n\
             \n\
             The click itself creates nothing. {partner} creates the solution afterwards and tells you its \
             id, which you need for Embedded Signup.\n\
             \n\
             The link is meant for you alone, and holds until {until}. If the page does not open, \
             {partner} is not at the other end at that moment; please say when it suits you.\n"
        )
    }
}

/// A name that Markdown does not read as markup.
fn escaped(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for character in name.chars() {
        if "\\`*_[]<>&#|~".contains(character) {
            text.push('\\');
        }
        text.push(character);
    }
    text
}

/// A label as a shell reads it back.
fn shell_word(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.@%+:,/".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invitation(partner: &str) -> Invitation<'_> {
        Invitation {
            partner,
            link: "https://name.example/abc",
            until: "2026-11-29T12:00:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn the_message_says_what_must_be_said() {
        for message in [invitation("Acme").text(), invitation("Acme").markdown()] {
            for words in [
                "https://name.example/abc",
                "Continue with Facebook",
                "manage_app_solution",
                "The click itself creates nothing",
                "tells you its id",
                "29 November 2026, 12:00 UTC",
            ] {
                assert!(message.contains(words), "{words}\n{message}");
            }
        }
    }

    #[test]
    fn a_name_is_no_markup() {
        let message = invitation("A*B* <Ltd>").markdown();
        assert!(
            message.contains("A\\*B\\* \\<Ltd\\> would like"),
            "{message}"
        );
        assert!(invitation("A*B*").text().contains("A*B* would like"));
    }

    #[test]
    fn labels_for_a_shell() {
        for (label, expected) in [
            ("lucky-shrub", "lucky-shrub"),
            ("Chat Ltd", "'Chat Ltd'"),
            ("it's", r"'it'\''s'"),
            ("$(x)", "'$(x)'"),
            ("", "''"),
        ] {
            assert_eq!(shell_word(label), expected);
        }
    }
}

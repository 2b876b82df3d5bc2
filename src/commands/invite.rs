//! `mps invite`: the link for one Tech Provider, and the message that goes with it.
//!
//! The one decision: the message can be sent as it is. It says what will be granted and that the click
//! creates nothing, so that nobody has to be called first; and the link is the one that `onboard --for`
//! and `serve-button --for` answer at, today and after a restart.

mod command;
mod from;
mod list;

use jiff::Timestamp;
use url::Url;

use crate::{
    button::link,
    context::{Context, failure::Failure},
    engine::choose::NameTemplate,
    graph::Token,
    ids::AppId,
    journal::Invitation,
    record::record,
    session,
    ui::{emit::TableRow, table::Cell},
};

pub use self::{command::InviteArgs, list::InvitationRecord};

/// The form of the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum InviteFormat {
    /// Plain text, for a mail or a chat.
    Text,
    /// Markdown.
    Markdown,
}

/// A template of names, as it was typed.
fn template(text: &str) -> Result<String, String> {
    let parsed = text.parse::<NameTemplate>();
    parsed
        .map(|_| text.to_owned())
        .map_err(|error| error.to_string())
}

record! {
    /// The link and the message that goes with it.
    #[derive(Debug, Clone)]
    pub struct InviteRecord {
        /// The label of `--for`, or of the line
        #[serde(rename = "ref")]
        pub label: Option<String>,
        /// The number of the line in the file of `--from`
        pub line: Option<u64>,
        /// What the Tech Provider opens
        pub link: Option<String>,
        /// Until when it holds
        pub expires_at: Option<i64>,
        /// The Tech Provider's apps that are expected
        pub app_ids: Vec<AppId>,
        /// The text to send
        pub message: Option<String>,
        /// `new` (the link was made now), `known` (it was there before), `failed`
        pub outcome: &'static str,
    }
}

impl InviteRecord {
    fn of(
        public: &Url,
        (invitation, is_new): &(Invitation, bool),
        line: Option<u64>,
        our_name: &str,
        format: InviteFormat,
    ) -> Result<Self, Failure> {
        let link = link::public_url(public, &invitation.path)?;
        let message = InviteMessage {
            partner: our_name,
            link: &link,
            until: invitation.expires_at,
        };
        let message = match format {
            InviteFormat::Text => message.text(),
            InviteFormat::Markdown => message.markdown(),
        };
        Ok(Self {
            label: Some(invitation.label.to_string()),
            line,
            link: Some(link),
            expires_at: Some(invitation.expires_at.as_second()),
            app_ids: invitation.expectation.app_ids.clone(),
            message: Some(message),
            outcome: if *is_new { "new" } else { "known" },
        })
    }
}

impl TableRow for InviteRecord {
    const HEADER: &[&str] = &["REF", "LINK", "OUTCOME"];

    fn cells(&self) -> Vec<Cell> {
        let text = |text: &Option<String>| Cell::from(text.clone().unwrap_or_default());
        vec![text(&self.label), text(&self.link), self.outcome.into()]
    }

    fn plain(&self) -> Option<String> {
        self.link.clone()
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
struct InviteMessage<'a> {
    partner: &'a str,
    link: &'a str,
    until: Timestamp,
}

impl InviteMessage<'_> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn invitation(partner: &str) -> InviteMessage<'_> {
        InviteMessage {
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
}

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
    from_outside::{in_markdown, on_one_line},
    graph::Token,
    ids::AppId,
    journal::Invitation,
    lang::{self, InviteSentences, Lang},
    mail::MailDraft,
    record::record,
    session::{self, shown},
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
    /// A mail that is not sent yet; a mail program opens it.
    Eml,
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
        ctx: &Context,
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
            lang: shown::lang(ctx, None, invitation.expectation.lang.as_deref())?,
        };
        let message = match format {
            InviteFormat::Text => message.text(),
            InviteFormat::Markdown => message.markdown(),
            InviteFormat::Eml => message.mail(Timestamp::now()),
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
    lang: Lang,
}

impl InviteMessage<'_> {
    fn text(&self) -> String {
        let button = format!("\"{}\"", self.words().button);
        self.fill(
            &on_one_line(self.partner),
            self.link,
            &button,
            "manage_app_solution",
        )
    }

    fn markdown(&self) -> String {
        self.fill(
            &in_markdown(self.partner),
            &format!("<{}>", self.link),
            &format!("**{}**", self.words().button),
            "`manage_app_solution`",
        )
    }

    fn mail(&self, now: Timestamp) -> String {
        MailDraft {
            from: self.partner,
            subject: &lang::fill(self.words().subject, &[("partner", self.partner)]),
            lang: self.lang.tag(),
            body: &self.text(),
            at: now,
        }
        .eml()
    }

    fn words(&self) -> &'static InviteSentences {
        &self.lang.sentences().invite
    }

    /// The message; a numbered list is the same in text and Markdown.
    fn fill(&self, partner: &str, link: &str, button: &str, permission: &str) -> String {
        let until = self.lang.sentences().date.of(self.until);
        let values = [
            ("partner", partner),
            ("link", link),
            ("button", button),
            ("permission", permission),
            ("until", &until),
        ];
        let words = self.words();
        let steps = format!("1. {}\n2. {}\n3. {}", words.open, words.press, words.choose);
        let whole = [
            words.hello,
            words.ask,
            &steps,
            words.grant,
            words.creates_nothing,
            words.link_holds,
        ]
        .join("\n\n");
        lang::fill(&whole, &values) + "\n"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invitation(partner: &str) -> InviteMessage<'_> {
        InviteMessage {
            partner,
            link: "https://name.example/abc",
            until: "2026-11-29T12:00:00Z".parse().unwrap(),
            lang: Lang::En,
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
    fn each_language_has_the_whole_message() {
        for lang in Lang::ALL {
            let invitation = InviteMessage {
                lang: *lang,
                ..invitation("Acme")
            };
            let message = invitation.text();
            for words in [
                "https://name.example/abc",
                "manage_app_solution",
                "2026",
                "\n\n1. ",
                "\n2. ",
                "\n3. ",
                lang.sentences().script.go_on,
            ] {
                assert!(message.contains(words), "{lang} {words}\n{message}");
            }
            assert!(!message.contains(['{', '}']), "{message}");
            let mail = invitation.mail(invitation.until);
            assert!(mail.contains(&format!("Content-Language: {lang}\r\n")));
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
        let hostile = "A\n\n4. [pay](https://evil.example)\u{1b}[2J\u{202e}";
        let message = invitation(hostile);
        for text in [message.text(), message.markdown()] {
            let plain = invitation("A").text();
            assert_eq!(text.lines().count(), plain.lines().count(), "{text}");
            let odd = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
            assert!(!text.contains(odd), "{text:?}");
        }
        assert!(!message.markdown().contains(" [pay]("));
    }
}

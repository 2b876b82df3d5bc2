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
    lang::{self, InviteSentences, Lang},
    mail::MailDraft,
    record::{Record as _, record},
    session::{self, shown},
    sign_in::PageArgs,
    ui::emit::Tally,
};

/// Write the link for a Tech Provider elsewhere, and the message to send with it
///
/// Needs a public address that leads to this machine. The link is the same every time for this label, as
/// long as it holds; it works while `mps onboard --for LABEL` or `mps serve-button --for LABEL` runs.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  mps invite --for lucky-shrub --public-url https://onboarding.example.com\n  mps invite --for lucky-shrub --lang es --format eml > message.eml\n  mps invite --for lucky-shrub --json | jq -r .link"
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
    /// The language of the message: en, es, pt-BR, fr, id or hi
    #[arg(long, value_name = "TAG")]
    lang: Option<String>,
}

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
        let lang = shown::lang(ctx, self.lang.as_deref())?;
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
            lang,
        };
        let message = match self.format {
            InviteFormat::Text => invitation.text(),
            InviteFormat::Markdown => invitation.markdown(),
            InviteFormat::Eml => invitation.mail(Timestamp::now()),
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
    lang: Lang,
}

impl Invitation<'_> {
    fn text(&self) -> String {
        let button = format!("\"{}\"", self.words().button);
        self.fill(self.partner, self.link, &button, "manage_app_solution")
    }

    fn markdown(&self) -> String {
        self.fill(
            &escaped(self.partner),
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
            let invitation = Invitation {
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

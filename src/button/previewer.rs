//! Who fetches a link without a person: a messenger's preview, a crawler, a browser that fetches in advance.
//!
//! The one decision: they get a page that says whose it is and nothing of the run, and do not count as opened.

/// What programs that fetch links call themselves, in lower case. `bot` alone would take CUBOT's telephones along.
const NAMES: &[&str] = &[
    "bot/",
    "bot (",
    "bot;",
    "bot-",
    "facebookexternalhit",
    "facebot",
    "whatsapp/",
    "preview",
    "crawler",
    "spider",
    "linkexpanding",
    "embedly",
];

/// Whether a program fetches this for nobody who looks at it. `agents`, `purposes`: the values of `User-Agent`, and of
/// `Purpose` and `Sec-Purpose`.
pub(super) fn is_previewer(agents: &[&str], purposes: &[&str]) -> bool {
    let named = agents.iter().any(|agent| {
        let agent = agent.to_ascii_lowercase();
        NAMES.iter().any(|name| agent.contains(name))
    });
    // One that is rendered in advance, scripts and all, is looked at later; one that is only fetched may never be.
    named || purposes.iter().any(|purpose| purpose.trim() == "prefetch")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn previewers_and_people() {
        for (agent, expected) in [
            (
                "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
                true,
            ),
            ("WhatsApp/2.23.20.0 A", true),
            (
                "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
                true,
            ),
            ("TelegramBot (like TwitterBot)", true),
            (
                "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
                true,
            ),
            (
                "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
                true,
            ),
            ("curl/8.5.0", false),
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36",
                false,
            ),
            (
                "Mozilla/5.0 (Linux; Android 12; CUBOT X18) AppleWebKit/537.36 Chrome/120 Mobile",
                false,
            ),
            (
                "Mozilla/5.0 (iPhone) AppleWebKit/605.1 [FBAN/FBIOS;FBAV/440.0]",
                false,
            ),
            ("", false),
        ] {
            assert_eq!(is_previewer(&[agent], &[]), expected, "{agent}");
        }
        assert!(!is_previewer(&[], &[]));
        assert!(is_previewer(&["Mozilla/5.0"], &["prefetch"]));
        assert!(!is_previewer(&["Mozilla/5.0"], &["prefetch;prerender"]));
    }
}

//! The error texts of Meta's pop-up, with their remedies.
//!
//! The one decision: mps cannot read the pop-up (facebook-login.md, 1.3), a person must, so a text is
//! known by a few words of it, however it was copied. A remedy has two sides: nearly always it is the
//! operator's to apply, and the Tech Provider only has to know that and when to try again; what they read of it stands
//! in their language (`lang`), by the id.

use crate::lang::EN;

/// One error text that a person can see in the pop-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trouble {
    /// A stable word for it.
    pub id: &'static str,
    /// The text, as far as it is the same for all.
    pub text: &'static str,
    /// Words that tell it from the others: lower case, plain quotes; one of them is enough.
    marks: &'static [&'static str],
    /// What the operator does about it.
    pub remedy: &'static str,
}

/// All that are known, in the order of REFERENCE.md's table.
pub const ALL: &[Trouble] = &[
    Trouble {
        id: "insecure",
        text: EN.troubles.insecure,
        marks: &["insecure login", "insecure page"],
        remedy: "The page is plain http and the app is Live. Serve it over https: leave --http out, or use \
                 --public-url.",
    },
    Trouble {
        id: "sdk-host",
        text: EN.troubles.sdk_host,
        marks: &["unknown host domain", "host domain list", "unknown host"],
        remedy: "App Dashboard, Facebook Login for Business, Settings: add this page's address to \
                 Allowed Domains for the JavaScript SDK; where it stands there already, add the host alone, too (Meta \
                 does not say which it compares); and save (the page does not save by itself).",
    },
    Trouble {
        id: "sdk-off",
        text: EN.troubles.sdk_off,
        marks: &["not toggled", "jssdk option"],
        remedy: "App Dashboard, Facebook Login for Business, Settings: set Login with the JavaScript SDK to \
                 Yes, and save.",
    },
    Trouble {
        id: "domain",
        text: EN.troubles.domain,
        marks: &[
            "can't load url",
            "isn't included in the app's domains",
            "app domains",
        ],
        remedy: "App Dashboard: add this page's host to App Domains (App settings, Basic) and this page's \
                 address to Valid OAuth Redirect URIs (Facebook Login for Business, Settings).",
    },
    Trouble {
        id: "redirect",
        text: EN.troubles.redirect,
        marks: &[
            "url blocked",
            "not whitelisted",
            "not white-listed",
            "client oauth settings",
        ],
        remedy: "App Dashboard, Facebook Login for Business, Settings: add this page's address to Valid \
                 OAuth Redirect URIs; Client OAuth Login and Web OAuth Login must be on.",
    },
    Trouble {
        id: "permission",
        text: EN.troubles.permission,
        marks: &[
            "at least one supported permission",
            "supported permission",
            "this app isn't available",
        ],
        remedy: "The app has no advanced access for manage_app_solution (App Review), or wants a \
                 configuration instead of a scope: try --login-config-id ID.",
    },
    Trouble {
        id: "unavailable",
        text: EN.troubles.unavailable,
        marks: &[
            "feature unavailable",
            "currently unavailable for this app",
            "updating additional details",
        ],
        remedy: "The app is not Live, has an open data use check-up, or public_profile has no advanced \
                 access: App Dashboard, Required actions and App Review.",
    },
    Trouble {
        id: "development",
        text: EN.troubles.development,
        marks: &[
            "app not active",
            "not accessible right now",
            "app not set up",
            "development mode",
        ],
        remedy: "The app is in development mode, where only people with a role in it can sign in: set it \
                 Live, or give the Tech Provider a role.",
    },
    Trouble {
        id: "scope",
        text: EN.troubles.scope,
        marks: &["invalid scope"],
        remedy: "The app has no access to manage_app_solution: add the permission in the App Dashboard and \
                 ask for advanced access (App Review).",
    },
    Trouble {
        id: "feed",
        text: EN.troubles.feed,
        marks: &[
            "start page",
            "news feed",
            "blank",
            "white page",
            "empty window",
        ],
        remedy: "The browser lost the dialog on the way, often to a privacy extension, a container tab or a \
                 first visit's cookie banner. Another try or another browser helps.",
    },
];

/// REFERENCE.md's table of them.
pub fn table() -> String {
    let head = "| the window says | what to do |\n| --- | --- |\n".to_owned();
    ALL.iter()
        .fold(head, |table, Trouble { text, remedy, .. }| {
            table + &format!("| {text} | {remedy} |\n")
        })
}

/// The trouble that a text speaks of.
pub fn find(text: &str) -> Option<&'static Trouble> {
    let text = plain(text);
    ALL.iter()
        .find(|trouble| trouble.id == text || trouble.marks.iter().any(|mark| text.contains(mark)))
}

/// A text without what copying changes: capitals, curly quotes, runs of blanks.
fn plain(text: &str) -> String {
    let lower = text.to_lowercase().replace(['\u{2018}', '\u{2019}'], "'");
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;

    #[test]
    fn every_text_finds_itself_and_is_complete() {
        for (at, trouble) in ALL.iter().enumerate() {
            assert_eq!(find(trouble.text), Some(trouble));
            assert_eq!(find(trouble.id), Some(trouble));
            for lang in Lang::ALL {
                assert!(lang.sentences().troubles.text(trouble.id).is_some());
            }
            assert!(ALL[at + 1..].iter().all(|other| other.id != trouble.id));
            assert!(
                trouble.marks.iter().all(|mark| *mark == plain(mark)),
                "{}",
                trouble.id
            );
            assert!(!format!("{}{}", trouble.text, trouble.remedy).contains('|'));
            assert!(trouble.remedy.ends_with('.'));
        }
    }

    #[test]
    fn texts_as_people_copy_them() {
        for (text, id) in [
            (
                "Can’t  Load URL\nThe domain of this URL isn’t …",
                Some("domain"),
            ),
            ("INSECURE LOGIN BLOCKED", Some("insecure")),
            (
                "it says: this app needs at least one\nsupported permission",
                Some("permission"),
            ),
            ("JSSDK Unknown Host domain", Some("sdk-host")),
            ("something else", None),
            ("", None),
        ] {
            assert_eq!(find(text).map(|trouble| trouble.id), id, "{text}");
        }
    }
}

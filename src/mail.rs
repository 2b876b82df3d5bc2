//! A message as a mail that is not sent yet.
//!
//! The one decision: whoever opens the file only chooses to whom it goes. `X-Unsent` makes mail programs open it as a draft;
//! the sender's address is theirs, so `From` names us in a group without an address (RFC 6854), and every header that
//! RFC 5322 asks for is there.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use jiff::Timestamp;

/// Longest line of a body in quoted-printable, in bytes (RFC 2045).
const LINE: usize = 76;

/// Most bytes of text in one encoded word: with its marks and the name of the header it stays below 76 (RFC 2047).
const WORD: usize = 39;

/// A mail that is not sent yet.
#[derive(Debug, Clone, Copy)]
pub struct MailDraft<'a> {
    /// Who writes, in words.
    pub from: &'a str,
    /// Its subject.
    pub subject: &'a str,
    /// The tag of its language.
    pub lang: &'a str,
    /// Its text.
    pub body: &'a str,
    /// When it was written.
    pub at: Timestamp,
}

impl MailDraft<'_> {
    /// The mail as a file, with the line ends of mails.
    pub fn eml(&self) -> String {
        let date = self.at.strftime("%a, %-d %b %Y %H:%M:%S +0000");
        let headers = [
            ("From", format!("{}:;", phrase(self.from))),
            ("Subject", encoded(self.subject)),
            ("Date", date.to_string()),
            ("X-Unsent", "1".to_owned()),
            ("MIME-Version", "1.0".to_owned()),
            ("Content-Language", self.lang.to_owned()),
            ("Content-Type", "text/plain; charset=utf-8".to_owned()),
            ("Content-Transfer-Encoding", "quoted-printable".to_owned()),
        ];
        let mut mail = String::new();
        for (name, value) in headers {
            mail += &format!("{name}: {value}\r\n");
        }
        mail += "\r\n";
        for line in self.body.lines() {
            quoted_printable(line, &mut mail);
        }
        mail
    }
}

/// A name as a header holds it.
fn phrase(name: &str) -> String {
    let simple = |c: char| c.is_ascii_alphanumeric() || " !#$%&'*+-/^_`{|}~.,".contains(c);
    if name.len() <= WORD && name.trim() == name && !name.is_empty() && name.chars().all(simple) {
        format!("\"{name}\"")
    } else {
        // An encoded word ends with a blank.
        words(name) + " "
    }
}

/// A text as a header holds it: as it is where it can be, else in encoded words.
fn encoded(text: &str) -> String {
    let printable = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if printable && text.len() <= LINE - 10 && !text.contains("=?") && text.trim() == text {
        text.to_owned()
    } else {
        words(text)
    }
}

/// Encoded words on lines of their own, no character cut in two.
fn words(text: &str) -> String {
    let mut chunks = Vec::new();
    let mut chunk = String::new();
    for character in text.chars() {
        if chunk.len() + character.len_utf8() > WORD {
            chunks.push(std::mem::take(&mut chunk));
        }
        chunk.push(character);
    }
    chunks.push(chunk);
    let word = |chunk: &String| format!("=?utf-8?B?{}?=", BASE64_STANDARD.encode(chunk));
    chunks.iter().map(word).collect::<Vec<_>>().join("\r\n ")
}

/// One line of a body, with soft line breaks.
fn quoted_printable(line: &str, mail: &mut String) {
    let mut length = 0;
    for (at, byte) in line.bytes().enumerate() {
        let plain = match byte {
            b'=' => false,
            // A mail server may take away blanks at the end of a line.
            b' ' | b'\t' => at + 1 < line.len(),
            // Some change a line that begins with a dot or with `From `.
            b'.' | b'F' => length > 0,
            byte => byte.is_ascii_graphic(),
        };
        let piece = if plain {
            char::from(byte).to_string()
        } else {
            format!("={byte:02X}")
        };
        if length + piece.len() > LINE - 1 {
            *mail += "=\r\n";
            length = 0;
        }
        length += piece.len();
        *mail += &piece;
    }
    *mail += "\r\n";
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft<'a>(from: &'a str, subject: &'a str, body: &'a str) -> MailDraft<'a> {
        MailDraft {
            from,
            subject,
            lang: "es",
            body,
            at: "2026-11-29T12:05:09Z".parse().unwrap(),
        }
    }

    #[test]
    fn a_plain_one() {
        assert_eq!(
            draft("Acme", "Your solution", "One\n\ntwo = 2 \n").eml(),
            "From: \"Acme\":;\r\nSubject: Your solution\r\nDate: Sun, 29 Nov 2026 12:05:09 +0000\r\n\
             X-Unsent: 1\r\nMIME-Version: 1.0\r\nContent-Language: es\r\n\
             Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
             One\r\n\r\ntwo =3D 2=20\r\n"
        );
    }

    #[test]
    fn every_line_is_short_and_ascii() {
        let hindi = "अपनी ऐप को कनेक्ट करें ".repeat(20);
        let mail = draft(&hindi, &hindi, &hindi).eml();
        assert!(mail.is_ascii());
        for line in mail.split("\r\n") {
            assert!(line.len() <= 76 && !line.contains(['\r', '\n']), "{line}");
        }
    }

    #[test]
    fn nothing_from_outside_becomes_a_header() {
        for text in [
            "a\r\nBcc: x@example.com",
            "a\"b",
            "=?utf-8?B?eA==?=",
            "é",
            "",
        ] {
            let mail = draft(text, text, "x").eml();
            let heads = mail.split("\r\n\r\n").next().unwrap();
            let heads: Vec<_> = heads.split("\r\n").collect();
            let folded = heads.iter().filter(|line| line.starts_with(' ')).count();
            assert_eq!(heads.len() - folded, 8, "{mail}");
            assert!(mail.is_ascii() && !mail.contains("Bcc"), "{mail}");
        }
    }

    #[test]
    fn words_decode_to_the_text() {
        let text = "Ñandú à côté ".repeat(12);
        let decoded: String = words(&text)
            .split("\r\n ")
            .map(|word| {
                let inner = word.strip_prefix("=?utf-8?B?").unwrap();
                let inner = inner.strip_suffix("?=").unwrap();
                String::from_utf8(BASE64_STANDARD.decode(inner).unwrap()).unwrap()
            })
            .collect();
        assert_eq!(decoded, text);
    }
}

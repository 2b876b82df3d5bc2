//! What the page shows of the operator: their logo, their colour, a link to their privacy page.
//!
//! The one decision: each is judged where it is set, since at the page there is nobody to mend it. A logo goes into the page
//! as data for an `<img>`, where no browser runs what an SVG may hold, and nothing else has to be served; a colour that
//! could not be read as text is refused, and lightened for a dark page.

use std::{fmt, io::Read as _, path::Path, str::FromStr};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use url::Url;

use crate::io_words::io_words;

/// Largest logo, in bytes: it is part of every page.
const LARGEST_LOGO: u64 = 100 * 1024;

/// Least contrast between text and its ground (WCAG 2, AA).
const CONTRAST: f64 = 4.5;

/// The card of the page, light and dark, as page.css has it.
const LIGHT: BrandColor = BrandColor([0xff, 0xff, 0xff]);
const DARK: BrandColor = BrandColor([0x19, 0x21, 0x1e]);

/// What the page shows of the operator.
#[derive(Debug, Clone, Default)]
pub struct Brand {
    /// The logo as a `data:` address.
    pub logo: Option<String>,
    /// The colour of headings and marks.
    pub color: Option<BrandColor>,
    /// Their privacy page.
    pub privacy_url: Option<Url>,
}

/// A colour that can be read on the page's card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BrandColor([u8; 3]);

impl fmt::Display for BrandColor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl FromStr for BrandColor {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let color = Self::of_hex(text)
            .ok_or_else(|| format!("{text:?} is no colour; write it like #0a7a5c"))?;
        let contrast = color.contrast(LIGHT);
        if contrast >= CONTRAST {
            return Ok(color);
        }
        let darker = color.towards(Self([0, 0, 0]), LIGHT);
        Err(format!(
            "{color} is too light to be read on white (contrast {contrast:.1}, {CONTRAST} is needed); {darker} would do"
        ))
    }
}

impl BrandColor {
    fn of_hex(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let whole = match digits.len() {
            6 => digits.to_owned(),
            3 => digits.chars().flat_map(|digit| [digit, digit]).collect(),
            _ => return None,
        };
        let number = u32::from_str_radix(&whole, 16).ok()?;
        let [_, red, green, blue] = number.to_be_bytes();
        Some(Self([red, green, blue]))
    }

    /// WCAG's relative luminance.
    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    fn contrast(self, ground: Self) -> f64 {
        let (one, two) = (self.luminance() + 0.05, ground.luminance() + 0.05);
        one.max(two) / one.min(two)
    }

    /// The colour nearest to this one on the way to `end` that can be read on `ground`.
    fn towards(self, end: Self, ground: Self) -> Self {
        let mixed = |step: u16| {
            let mut parts = [0; 3];
            for (at, part) in parts.iter_mut().enumerate() {
                let sum = u16::from(self.0[at]) * (32 - step) + u16::from(end.0[at]) * step;
                *part = u8::try_from(sum / 32).unwrap_or(u8::MAX);
            }
            Self(parts)
        };
        (0..=32)
            .map(mixed)
            .find(|color| color.contrast(ground) >= CONTRAST)
            .unwrap_or(end)
    }

    /// What it is on the dark page.
    pub(super) fn in_the_dark(self) -> Self {
        self.towards(Self([0xff, 0xff, 0xff]), DARK)
    }
}

/// A picture as a `data:` address, or why it is none that the page can show.
pub fn logo(file: &Path) -> Result<String, String> {
    let shown = file.display();
    if !file.is_absolute() {
        return Err(format!(
            "{shown} depends on the directory that mps is started in; write its whole path"
        ));
    }
    let mut bytes = Vec::new();
    std::fs::File::open(file)
        .and_then(|file| file.take(LARGEST_LOGO + 1).read_to_end(&mut bytes))
        .map_err(|error| format!("{shown} cannot be read: {}", io_words(&error)))?;
    if bytes.len() as u64 > LARGEST_LOGO {
        return Err(format!(
            "{shown} is larger than {} KiB, and every page would carry it; make it smaller",
            LARGEST_LOGO / 1024
        ));
    }
    let Some(media_type) = media_type(&bytes) else {
        return Err(format!(
            "{shown} is no PNG, SVG, JPEG or WebP; save it as one of them"
        ));
    };
    Ok(format!(
        "data:{media_type};base64,{}",
        BASE64_STANDARD.encode(&bytes)
    ))
}

/// A logo's path as it is found from every directory.
pub fn whole_path(file: &str) -> String {
    match std::path::absolute(file) {
        Ok(path) => path.display().to_string(),
        // An empty one names no file.
        Err(_) => file.to_owned(),
    }
}

/// What a picture is, by its own first bytes.
fn media_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => Some("image/webp"),
        _ => {
            let text = std::str::from_utf8(bytes).ok()?;
            let text = text.trim_start_matches('\u{feff}').trim_start();
            let drawn = text.contains("<svg") && text.contains("</svg>");
            (text.starts_with('<') && drawn).then_some("image/svg+xml")
        }
    }
}

/// The address of a privacy page, or why it is none that the page can lead to.
pub fn privacy_url(text: &str) -> Result<Url, String> {
    let wanted = "it looks like https://www.example.com/privacy";
    let url = text
        .parse::<Url>()
        .map_err(|_| format!("{text:?} is not an address; {wanted}"))?;
    let plain = url.scheme() == "https" && url.username().is_empty() && url.password().is_none();
    if plain && url.has_host() {
        Ok(url)
    } else {
        Err(format!("{text:?} is not a public https address; {wanted}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours() {
        for (text, said) in [
            ("#0a7a5c", "#0a7a5c"),
            ("#00F", "#0000ff"),
            (
                "#ffcc00",
                "#ffcc00 is too light to be read on white (contrast 1.5",
            ),
            ("0a7a5c", "\"0a7a5c\" is no colour; write it like #0a7a5c"),
            ("#12345", "is no colour"),
            ("#12é", "is no colour"),
            ("red", "is no colour"),
        ] {
            let judged = text
                .parse::<BrandColor>()
                .map_or_else(|why| why, |color| color.to_string());
            assert!(judged.contains(said), "{text}: {judged}");
        }
        // What is proposed will do.
        let why = "#ffcc00".parse::<BrandColor>().unwrap_err();
        let proposed = why.rsplit('#').next().unwrap().split(' ').next().unwrap();
        assert!(
            format!("#{proposed}").parse::<BrandColor>().is_ok(),
            "{why}"
        );
    }

    #[test]
    fn every_colour_can_be_read_in_the_dark() {
        for text in ["#000000", "#0a7a5c", "#0000ff", "#7a1f1f", "#333333"] {
            let color: BrandColor = text.parse().unwrap();
            assert!(color.in_the_dark().contrast(DARK) >= CONTRAST, "{text}");
        }
    }

    #[test]
    fn the_grounds_are_those_of_the_style() {
        for ground in [LIGHT, DARK] {
            assert!(super::super::page::STYLE.contains(&format!("--card: {ground};")));
        }
    }

    #[test]
    fn logos() {
        let dir = tempfile::tempdir().unwrap();
        let large = vec![0x89; 100 * 1024 + 1];
        for (name, bytes, said) in [
            (
                "a.png",
                &b"\x89PNG\r\n\x1a\nrest"[..],
                "data:image/png;base64,iVBO",
            ),
            ("b.jpg", b"\xff\xd8\xff\xe0", "data:image/jpeg;base64,"),
            ("c.webp", b"RIFF0000WEBPVP8 ", "data:image/webp;base64,"),
            (
                "d.svg",
                b"<?xml version='1.0'?><svg></svg>",
                "data:image/svg+xml;base64,",
            ),
            ("e.svg", b"<html></html>", "is no PNG, SVG, JPEG or WebP"),
            ("f.png", b"GIF89a", "is no PNG, SVG, JPEG or WebP"),
            ("g.png", b"", "is no PNG"),
            ("h.png", &large, "is larger than 100 KiB"),
        ] {
            let file = dir.path().join(name);
            std::fs::write(&file, bytes).unwrap();
            let judged = logo(&file).unwrap_or_else(|why| why);
            assert!(judged.contains(said), "{name}: {judged}");
        }
        let why = logo(&dir.path().join("none.png")).unwrap_err();
        assert!(why.contains("cannot be read"), "{why}");
        let why = logo(Path::new("logo.png")).unwrap_err();
        assert!(why.contains("whole path"), "{why}");
    }

    #[test]
    fn privacy_pages() {
        for (text, fits) in [
            ("https://www.example.com/privacy?lang=es", true),
            ("http://www.example.com/privacy", false),
            ("javascript:alert(1)", false),
            ("https://a:b@example.com", false),
            ("www.example.com", false),
        ] {
            assert_eq!(privacy_url(text).is_ok(), fits, "{text}");
        }
    }
}

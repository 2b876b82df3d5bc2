//! Text that came from outside: what in it commands instead of being shown, and how it goes into a message.
//!
//! The one decision: which letters are invisible or commanding is one rule for the terminal, the page, the messages
//! and the variables. In a message they go, since an escape would be read by a person of another company; the joiners
//! stay there, for scripts and emoji are written with them.

/// Control characters, and the invisible ones that change how their neighbours are read, fill a name that looks empty, or
/// carry a text of their own (tags, variation selectors). The two selectors of emoji are not among them.
pub fn is_dangerous(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{ffa0}'
            | '\u{fe00}'..='\u{fe0d}'
            | '\u{feff}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// A text on one line: line ends and other control characters are blanks, what is invisible is gone.
pub fn on_one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{2028}' | '\u{2029}' => line.push(' '),
            c if c.is_control() => line.push(' '),
            '\u{200c}' | '\u{200d}' => line.push(c),
            c if is_dangerous(c) => {}
            c => line.push(c),
        }
    }
    line
}

/// A text as Markdown, on one line: no markup, no HTML, no entity, no link, none of GitHub's bare addresses and mentions
/// either.
pub fn in_markdown(text: &str) -> String {
    let line = on_one_line(text);
    let mut markdown = String::with_capacity(line.len() + 8);
    // A list, if a sentence begins with it.
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    for (at, c) in line.char_indices() {
        let of_a_list = (at == 0 && matches!(c, '-' | '+'))
            || (at == digits && at > 0 && matches!(c, '.' | ')'));
        let of_an_address = c == '.' && ends_with_www(&line[..at]);
        if of_a_list || of_an_address || "\\`*_{}[]<>&#|~!:@=".contains(c) {
            markdown.push('\\');
        }
        markdown.push(c);
    }
    markdown
}

fn ends_with_www(text: &str) -> bool {
    let end = text.len().checked_sub(3).and_then(|from| text.get(from..));
    end.is_some_and(|end| end.eq_ignore_ascii_case("www"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_on_one_line() {
        for (text, line) in [
            ("Lucky Shrub", "Lucky Shrub"),
            (
                "Café 花屋 🌱 👩\u{200d}🌾 ❤\u{fe0f}",
                "Café 花屋 🌱 👩\u{200d}🌾 ❤\u{fe0f}",
            ),
            ("क्\u{200d}ष", "क्\u{200d}ष"),
            ("a\nb\r\nc\u{2028}d\te", "a b  c d e"),
            ("\u{1b}[2J\u{9b}x\u{7}", " [2J x "),
            ("safe\u{202e}txt\u{2066}", "safetxt"),
            ("z\u{200b}e\u{feff}r\u{2060}o", "zero"),
            ("t\u{e0041}\u{e007f}ag\u{e0100}", "tag"),
            ("\u{3164}\u{115f}\u{ffa0}", ""),
        ] {
            assert_eq!(on_one_line(text), line, "{text:?}");
        }
    }

    #[test]
    fn what_is_no_markup() {
        for (text, markdown) in [
            (
                "Jasper's, Inc. (Chile) - 2.0",
                "Jasper's, Inc. (Chile) - 2.0",
            ),
            ("a|b", "a\\|b"),
            (
                "[pay](https://evil.example)",
                "\\[pay\\](https\\://evil.example)",
            ),
            (
                "![x](//evil.example/x.png)",
                "\\!\\[x\\](//evil.example/x.png)",
            ),
            ("<img src=x onerror=y>", "\\<img src\\=x onerror\\=y\\>"),
            ("&lt;b&gt;", "\\&lt;b\\&gt;"),
            (
                "`a` **b** _c_ ~~d~~ \\",
                "\\`a\\` \\*\\*b\\*\\* \\_c\\_ \\~\\~d\\~\\~ \\\\",
            ),
            ("WWW.evil.example", "WWW\\.evil.example"),
            ("http://evil.example", "http\\://evil.example"),
            ("@everyone", "\\@everyone"),
            ("a\n\n# b\n- c", "a  \\# b - c"),
            ("- a", "\\- a"),
            ("+ a", "\\+ a"),
            ("1. a", "1\\. a"),
            ("12) a", "12\\) a"),
        ] {
            assert_eq!(in_markdown(text), markdown, "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_commanding_is_left(text in "\\PC*|.*") {
            for shown in [on_one_line(&text), in_markdown(&text)] {
                let joins = |c: char| matches!(c, '\u{200c}' | '\u{200d}');
                proptest::prop_assert!(!shown.chars().any(|c| is_dangerous(c) && !joins(c)), "{shown:?}");
            }
        }
    }
}

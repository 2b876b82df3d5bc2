//! Text as a POSIX shell reads it back, for every command that a message names.

/// One word of a command line: as it is where nothing in it means something to a shell, else in single quotes.
pub fn word(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.@%+:,/".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        text.to_owned()
    } else {
        quoted(text)
    }
}

/// The text in single quotes, needed or not: where it stands behind a sign that a shell may join it to.
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_it_back() {
        for (text, expected) in [
            ("lucky-shrub", "lucky-shrub"),
            ("/home/o/.config/mps/x", "/home/o/.config/mps/x"),
            ("Chat Ltd", "'Chat Ltd'"),
            ("/a b/it's", r"'/a b/it'\''s'"),
            ("{app_name} + us", "'{app_name} + us'"),
            ("~/x", "'~/x'"),
            ("$(x)", "'$(x)'"),
            ("", "''"),
        ] {
            assert_eq!(word(text), expected);
        }
        assert_eq!(quoted("http://127.0.0.1:1"), "'http://127.0.0.1:1'");
    }
}

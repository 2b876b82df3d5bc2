//! Paths for people: the home directory is `~`.

/// The text with `~` for the home directory where a path in it begins there: shorter to read, and a shell reads it back.
pub fn with_tilde(text: &str) -> String {
    match etcetera::home_dir() {
        Ok(home) => tilde(text, &home.display().to_string()),
        Err(_) => text.to_owned(),
    }
}

fn tilde(text: &str, home: &str) -> String {
    let home = home.trim_end_matches('/');
    let is_home = |word: &str| {
        let rest = word.strip_prefix(home).filter(|_| !home.is_empty());
        rest.is_some_and(|rest| {
            !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == '.')
        })
    };
    let words = text.split(' ').map(|word| {
        if is_home(word) {
            format!("~{}", &word[home.len()..])
        } else {
            word.to_owned()
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::tilde;

    #[test]
    fn a_path_below_the_home_directory_is_short() {
        for (text, home, expected) in [
            (
                "/home/o/x and /home/o, yours",
                "/home/o",
                "~/x and ~, yours",
            ),
            (
                "/home/olga/x, a/home/o",
                "/home/o",
                "/home/olga/x, a/home/o",
            ),
            (
                "/home/o.old /home/o-2/x",
                "/home/o/",
                "/home/o.old /home/o-2/x",
            ),
            ("/x", "/", "/x"),
            ("/x", "", "/x"),
        ] {
            assert_eq!(tilde(text, home), expected);
        }
    }
}

//! How a piece of talk is marked.
//!
//! The one decision: a caller says what a line is, never its colour.

/// How a piece of talk is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// Green: it worked.
    Good,
    /// Yellow: look at this.
    Warning,
    /// Red: it failed.
    Bad,
    /// Cyan: what to type next.
    Hint,
    /// Bold: a heading.
    Strong,
    /// Grey: of lesser weight.
    Dim,
    /// As it is.
    Plain,
}

impl Label {
    /// The text in the label's colour, or as it is.
    pub fn paint(self, text: &str, color: bool) -> String {
        let style = console::Style::new().force_styling(color);
        let style = match self {
            Self::Good => style.green(),
            Self::Warning => style.yellow(),
            Self::Bad => style.red().bold(),
            Self::Hint => style.cyan(),
            Self::Strong => style.bold(),
            Self::Dim => style.dim(),
            Self::Plain => return text.to_owned(),
        };
        style.apply_to(text).to_string()
    }
}

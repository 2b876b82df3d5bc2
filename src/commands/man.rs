//! `mps man [DIR]`.

use std::path::PathBuf;

use clap::Args;

use super::Output;
use crate::{
    context::{Context, failure::Failure},
    ui::{emit::Tally, man_page},
};

/// Write the man pages
///
/// With a directory a page for mps and one for each command; without one the page of mps is opened on a terminal, and
/// goes to stdout elsewhere.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  mps man\n  mps man ~/.local/share/man/man1")]
pub struct ManArgs {
    /// The directory for all pages; none: the page of `mps` is opened, or goes to stdout
    pub dir: Option<PathBuf>,
}

impl ManArgs {
    /// Writes `pages`: name and text.
    pub fn run(
        &self,
        ctx: &Context,
        pages: std::io::Result<Vec<(String, Vec<u8>)>>,
    ) -> Result<Output, Failure> {
        let pages = pages.map_err(|error| Failure::io("could not make the man pages", &error))?;
        let Some(dir) = &self.dir else {
            if let Some((_, page)) = pages.first()
                && ctx.ui.for_people()
                && man_page::open(page)
            {
                return Ok(Output::Nothing);
            }
            let text = pages
                .first()
                .map(|(_, text)| String::from_utf8_lossy(text).into_owned())
                .unwrap_or_default();
            return Ok(Output::Text {
                text,
                prose: false,
                json: None,
                tally: Tally::default(),
            });
        };
        let failed = |error: std::io::Error| {
            Failure::io(
                format!("could not write the man pages to {}", dir.display()),
                &error,
            )
        };
        std::fs::create_dir_all(dir).map_err(failed)?;
        for (name, text) in &pages {
            std::fs::write(dir.join(name), text).map_err(failed)?;
        }
        ctx.ui.status(&format!(
            "Wrote {} man pages to {}",
            pages.len(),
            dir.display()
        ));
        Ok(Output::Nothing)
    }
}

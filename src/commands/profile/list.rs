//! `mps profile list`.

use futures_util::stream;

use crate::{
    commands::{Line, Output},
    context::{Context, failure::Failure},
    profile::{ProfileName, ProfileStore},
    record::record,
    ui::{
        Label,
        emit::{Rows, TableRow},
        table::Cell,
    },
};

record! {
    /// A profile as `profile list` shows it.
    #[derive(Debug, Clone)]
    pub struct ProfileSummary {
        /// Its name
        pub profile: String,
        /// Our app
        pub partner_app_id: Option<String>,
        /// Whether this run would read it
        pub in_use: bool,
        /// Where it is
        pub file: String,
        /// Why it cannot be read
        pub problem: Option<String>,
    }
}

/// Lists them.
pub(super) fn list(ctx: &Context, store: &ProfileStore) -> Result<Output, Failure> {
    let lines: Vec<Result<Line, Failure>> = store
        .names()?
        .iter()
        .map(|name| ProfileSummary::read(store, name, name == ctx.profile.name()))
        .map(|summary| Ok(Line::of(&summary)))
        .collect();
    Ok(Output::Rows(Rows::of::<ProfileSummary>(
        stream::iter(lines),
        "No profile yet; make one: mps init",
    )))
}

impl ProfileSummary {
    fn read(store: &ProfileStore, name: &ProfileName, in_use: bool) -> Self {
        let (partner_app_id, problem) = match store.read(name) {
            Ok(profile) => {
                let mut values = profile.map(|profile| profile.values()).unwrap_or_default();
                (values.remove("partner_app_id"), None)
            }
            Err(error) => (None, Some(error.to_string())),
        };
        Self {
            profile: name.to_string(),
            partner_app_id,
            in_use,
            file: store.path(name).display().to_string(),
            problem,
        }
    }
}

impl TableRow for ProfileSummary {
    const HEADER: &[&str] = &["PROFILE", "PARTNER APP", "IN USE", "FILE"];

    fn cells(&self) -> Vec<Cell> {
        vec![
            self.profile.as_str().into(),
            match &self.problem {
                Some(problem) => Cell::marked(problem, Label::Bad),
                None => self.partner_app_id.as_deref().unwrap_or_default().into(),
            },
            if self.in_use { "yes" } else { "" }.into(),
            self.file.as_str().into(),
        ]
    }

    fn plain(&self) -> Option<String> {
        Some(self.profile.clone())
    }
}

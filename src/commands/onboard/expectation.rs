//! What the invitation of `--for` expects, where no option says otherwise.
//!
//! The one decision: what was said of one Tech Provider beats what environment and profile say of all, and what is
//! typed beats both.

use super::args::OnboardArgs;
use crate::{
    commands::args::{AppIdArg, SolutionArgs},
    context::{Context, failure::Failure},
    journal::Expectation,
    session::invitations,
};

/// The terms of the options, else of the invitation. `--allow-duplicate` asks for a name that was typed.
pub(super) fn terms(solution: &SolutionArgs, expected: &Expectation) -> SolutionArgs {
    let mut terms = solution.clone();
    terms.messaging = terms.messaging.or_else(|| expected.messaging.clone());
    if !terms.allow_duplicate {
        terms.name = terms.name.or_else(|| expected.name.clone());
    }
    terms
}

impl OnboardArgs {
    /// The options with what the invitation of their label expects.
    pub(super) fn expecting(mut self, ctx: &Context) -> Result<Self, Failure> {
        let Some(label) = self.page.label.as_ref().filter(|_| !self.sandbox) else {
            return Ok(self);
        };
        let Some(status) = invitations::find(ctx, &ctx.partner()?, label)? else {
            return Ok(self);
        };
        let expected = status.invitation.expectation;
        self.solution = terms(&self.solution, &expected);
        self.page.lang = self.page.lang.or(expected.lang);
        if self.app_ids.is_empty() && !self.all && !self.accept_anyone {
            self.app_ids = expected.app_ids.into_iter().map(AppIdArg::Id).collect();
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_beats_the_invitation() {
        let text = |text: &str| Some(text.to_owned());
        let expected = Expectation {
            messaging: text("partner"),
            name: text("{app_name} for {label}"),
            ..Expectation::default()
        };
        for (typed, duplicate, messaging, name) in [
            (None, false, "partner", text("{app_name} for {label}")),
            (Some("both"), false, "both", text("both")),
            (None, true, "partner", None),
        ] {
            let options = SolutionArgs {
                messaging: typed.map(str::to_owned),
                name: typed.map(str::to_owned),
                allow_duplicate: duplicate,
                ..SolutionArgs::default()
            };
            let terms = terms(&options, &expected);
            assert_eq!(terms.messaging.as_deref(), Some(messaging));
            assert_eq!(terms.name, name);
        }
    }
}

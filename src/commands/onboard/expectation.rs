//! What the invitation of `--for` expects, where no option says otherwise.
//!
//! The one decision: what was said of one Tech Provider beats what environment and profile say of all, and what is
//! typed beats both.

use super::args::OnboardArgs;
use crate::{
    commands::args::AppIdArg,
    context::{Context, failure::Failure},
    session::invitations,
};

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
        self.solution = self.solution.expecting(&expected);
        self.page.door.lang = self.page.door.lang.or(expected.lang);
        if self.app_ids.is_empty() && !self.all && !self.accept_anyone {
            self.app_ids = expected.app_ids.into_iter().map(AppIdArg::Id).collect();
        }
        Ok(self)
    }
}

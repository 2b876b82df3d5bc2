//! What the operator should know of a plan before it is carried out, since a name stays for ever.

use super::{
    Session,
    plan::{Fate, Plan},
    set_partner_name,
};
use crate::{
    context::{Context, failure::Failure},
    engine::choose::NameTemplate,
};

/// Warns where new names have a number in place of our name.
pub fn warn(
    ctx: &Context,
    session: &Session,
    plan: &Plan,
    template: &NameTemplate,
) -> Result<(), Failure> {
    let app = session.app()?;
    let nameless = app.name == app.id.as_str() && set_partner_name(ctx).is_none();
    let creates = plan.apps.iter().any(|app| matches!(app.fate, Fate::Create));
    if nameless && creates && template.has_partner_name() {
        ctx.ui.warning(&format!(
            "Meta did not tell our app's name, so new solutions are named with its id, {}, and a name cannot be \
             changed; to name them otherwise: --partner-name NAME, or mps profile set partner_name NAME",
            app.id
        ));
    }
    Ok(())
}

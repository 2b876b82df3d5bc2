//! The check-up behind `mps doctor`: every precondition of a run, in the order in which a run meets them.
//!
//! The one decision: a check never ends the check-up. What cannot be asked because something before it
//! failed is shown as not checked, so that the first ✗ is the one to mend.

mod check;
mod files;
mod machine;
mod meta;
mod open_posts;
mod options;
mod public_address;
mod solutions;
mod token;
mod values;

use crate::context::Context;

pub use self::{
    check::{CheckRow, Mark, verdict},
    meta::system_token,
    options::DoctorOptions,
    values::why_not,
};

/// All checks, in order.
pub async fn all(ctx: &Context, options: &DoctorOptions) -> Vec<CheckRow> {
    let mut rows = vec![machine::profile(ctx)];
    rows.extend(machine::settings(ctx));
    let way_is_set = rows.iter().all(|row| !row.closes_the_way());
    let (rows_of_secrets, secrets) = machine::secrets(ctx, options);
    rows.extend(rows_of_secrets);
    rows.push(files::modes(ctx));
    rows.extend(meta::all(ctx, &secrets, way_is_set).await);
    rows.push(machine::port(options.port).await);
    rows.extend(public_address::row(ctx, options.port).await);
    rows.push(machine::certificate(ctx));
    rows.push(machine::browser(ctx, options.port));
    rows.push(machine::journal(ctx));
    rows.push(open_posts::row(ctx));
    rows
}

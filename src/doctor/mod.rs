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
mod probe;
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

/// All checks, in order, or those that are wanted. Meta is asked only where a wanted one is not of this machine.
pub async fn all(ctx: &Context, options: &DoctorOptions) -> Vec<CheckRow> {
    let mut rows = vec![machine::profile(ctx)];
    rows.extend(machine::settings(ctx));
    let way_is_set = rows.iter().all(|row| !row.closes_the_way());
    let (rows_of_secrets, secrets) = machine::secrets(ctx, options);
    rows.extend(rows_of_secrets);
    rows.push(files::modes(ctx));
    let mut last = vec![machine::port(options.port).await];
    last.extend(public_address::row(ctx, options.port).await);
    last.push(machine::certificate(ctx));
    last.push(machine::browser(ctx, options.port));
    last.push(machine::journal(ctx));
    last.push(open_posts::row(ctx));
    let here = |name: &String| rows.iter().chain(&last).any(|row| row.check == *name);
    if options.only.is_empty() || !options.only.iter().all(here) {
        rows.extend(meta::all(ctx, &secrets, way_is_set).await);
    }
    rows.extend(last);
    if ctx.probe.is_on() && way_is_set {
        probe::ask(ctx, &secrets).await;
    }
    if !options.only.is_empty() {
        rows.retain(|row| options.only.iter().any(|name| row.check == *name));
    }
    rows
}

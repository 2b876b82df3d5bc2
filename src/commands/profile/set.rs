//! `mps profile set KEY VALUE`.
//!
//! The one decision: a value is judged by the reader that will use it, so that none is kept which the next command refuses.

use crate::{
    button::brand,
    commands::Output,
    context::{Context, failure::Failure, profile_source::no_profile},
    doctor::why_not,
    profile::{KEYS, ProfileName, ProfileStore, SecretKind},
};

/// Sets one key of the profile in use; an empty value takes it away.
pub(super) fn set(
    ctx: &Context,
    store: &ProfileStore,
    key: &str,
    value: &str,
) -> Result<Output, Failure> {
    let name = ctx.profile.name();
    let key = known(key)?;
    let value = value.trim();
    let value = match key {
        "brand_logo" => brand::whole_path(value),
        _ => value.to_owned(),
    };
    if let Some(why) = Some(&value)
        .filter(|value| !value.is_empty())
        .and_then(|value| why_not(key, value))
    {
        return Err(Failure::usage(format!("{key}: {why}")).hint(format!(
            "mps profile set {key} VALUE, with a value that fits"
        )));
    }
    // A name that somebody gave and that is not there is a slip of the pen.
    let mut profile = if *name == ProfileName::default() {
        store.read_or_new(name)?
    } else {
        store.read(name)?.ok_or_else(|| no_profile(name, store))?
    };
    let (kept, said) = if value.is_empty() {
        (None, format!("Took {key} out of profile {name}"))
    } else {
        let said = format!("Set {key} to {value:?} in profile {name}");
        (Some(value.as_str()), said)
    };
    profile.set(key, kept);
    store.write(&profile)?;
    ctx.ui.status(&said);
    Ok(Output::Nothing)
}

/// The key of that name.
fn known(key: &str) -> Result<&'static str, Failure> {
    if let Some(known) = KEYS.iter().find(|known| **known == key) {
        return Ok(known);
    }
    let is_secret = SecretKind::ALL
        .iter()
        .any(|kind| key.starts_with(kind.key()));
    if is_secret {
        return Err(
            Failure::usage(format!("{key} is a secret, and a profile holds none"))
                .hint("mps init asks where it is to be kept"),
        );
    }
    Err(Failure::usage(format!("{key} is no setting"))
        .hint(format!("the settings are {}", KEYS.join(", "))))
}

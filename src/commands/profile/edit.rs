//! `mps profile edit`.
//!
//! The one decision: the editor gets a copy. Only what can be read takes the profile's place; what cannot stays in the
//! copy, which the next `edit` opens again, so that nothing typed is lost.

use crate::{
    commands::Output,
    context::{Context, failure::Failure, profile_source::no_profile},
    doctor::why_not,
    env::{EDITOR, VISUAL},
    exit::Kind,
    profile::{KEYS, Profile, ProfileName, ProfileStore, editor},
};

/// Opens the profile in use.
pub(super) fn edit(ctx: &Context, store: &ProfileStore) -> Result<Output, Failure> {
    let name = ctx.profile.name();
    if ctx.globals.no_input {
        return Err(
            Failure::usage("profile edit opens an editor, and --no-input asks nobody")
                .hint("mps profile set KEY VALUE"),
        );
    }
    let env = &ctx.settings.env;
    let Some(program) = env.get(VISUAL).or_else(|| env.get(EDITOR)) else {
        return Err(Failure::usage("no editor is set")
            .hint("EDITOR=nano mps profile edit, or set EDITOR for good; without one: mps profile set KEY VALUE"));
    };
    let before = match store.text(name)? {
        Some(text) => text,
        None if *name == ProfileName::default() => {
            format!("# KEY = \"VALUE\"; keys: {}\n", KEYS.join(", "))
        }
        None => return Err(no_profile(name, store)),
    };
    let copy = store.copy_to_edit(name);
    let kept = copy.display().to_string();
    if copy.exists() {
        ctx.ui.status(&format!(
            "This is your text of last time, which could not be read: {kept}"
        ));
    } else {
        store.write_copy(&copy, &before)?;
    }
    editor::open(program, &copy)?;
    let text = store.read_copy(&copy)?;
    if text == before {
        store.drop_copy(&copy)?;
        ctx.ui
            .status(&format!("Nothing was changed in profile {name}"));
        return Ok(Output::Nothing);
    }
    let refused = |why: String| {
        Failure::new(
            Kind::Usage,
            format!("what you wrote is no profile, so {name} is as it was"),
        )
        .because(why)
        .hint(format!(
            "mps profile edit --profile {name} opens your text again; to throw it away: rm {kept}"
        ))
    };
    let profile = store
        .parse(name, &text)
        .map_err(|error| refused(error.to_string()))?;
    if let Some(why) = wrong_value(&profile) {
        return Err(refused(why));
    }
    for warning in profile.warnings() {
        ctx.ui.warning(warning);
    }
    store.write(&profile)?;
    store.drop_copy(&copy)?;
    ctx.ui.status(&format!("Changed profile {name}"));
    Ok(Output::Nothing)
}

/// The first value that no command could read.
fn wrong_value(profile: &Profile) -> Option<String> {
    let values = profile.values();
    values
        .iter()
        .find_map(|(key, value)| Some(format!("{key}: {}", why_not(key, value)?)))
}

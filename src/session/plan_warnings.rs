//! What the operator should know of a plan before it is carried out, since a name stays for ever.

use std::collections::BTreeMap;

use super::{
    Session,
    plan::{Fate, Plan},
    set_partner_name,
};
use crate::{
    context::{Context, failure::Failure},
    engine::choose::NameTemplate,
    ids::{AppId, SolutionId},
};

/// So many names, and ids behind each, are told; more are counted.
const TOLD: usize = 3;

/// Warns where new names have a number in place of our name, and where they are those of other solutions.
pub fn warn(
    ctx: &Context,
    session: &Session,
    plan: &Plan,
    template: &NameTemplate,
) -> Result<(), Failure> {
    let app = session.app()?;
    let nameless = app.name == app.id.as_str() && set_partner_name(ctx).is_none();
    let new = new_names(plan);
    if nameless && !new.is_empty() && template.has_partner_name() {
        ctx.ui.warning(&format!(
            "Meta did not tell our app's name, so new solutions are named with its id, {}, and a name cannot be \
             changed; to name them otherwise: --partner-name NAME, or mps profile set partner_name NAME",
            app.id
        ));
    }
    let taken = plan.survey.named(|name| new.contains_key(name));
    for warning in clashes(&new, &taken, template) {
        ctx.ui.warning(&warning);
    }
    Ok(())
}

/// The names that are to be given, and the apps that are to have each.
fn new_names(plan: &Plan) -> BTreeMap<&str, Vec<&AppId>> {
    let mut names: BTreeMap<&str, Vec<&AppId>> = BTreeMap::new();
    let creates = |fate: &Fate| matches!(fate, Fate::Create);
    for app in plan.apps().filter(|app| creates(app.fate)) {
        let apps = names.entry(app.job.name.as_str()).or_default();
        apps.push(&app.job.app.id);
    }
    names
}

/// What is to be said of names that two solutions would have. Meta takes them all the same, and people mix them up.
fn clashes(
    new: &BTreeMap<&str, Vec<&AppId>>,
    taken: &[(String, SolutionId)],
    template: &NameTemplate,
) -> Vec<String> {
    let way_out = if template.has_app_id() {
        "another --name tells them apart"
    } else {
        "--name with {app_id} in it tells them apart"
    };
    let together = new.iter().filter(|(_, apps)| apps.len() > 1);
    let together: Vec<String> = together
        .map(|(name, apps)| {
            let ids: Vec<&str> = apps.iter().map(|id| id.as_str()).collect();
            format!("\"{name}\" (apps {})", first(&ids))
        })
        .collect();
    let mut ids: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, id) in taken {
        ids.entry(name).or_default().push(id.as_str());
    }
    let taken: Vec<String> = ids
        .iter()
        .map(|(name, ids)| format!("\"{name}\" (solution {})", first(ids)))
        .collect();
    let mut said = Vec::new();
    if !together.is_empty() {
        said.push(format!(
            "several new solutions would have the same name: {}; {way_out}",
            first(&together)
        ));
    }
    if !taken.is_empty() {
        said.push(format!(
            "a live solution has the name of a new one already: {}; {way_out}",
            first(&taken)
        ));
    }
    said
}

/// The first of them, and how many more there are.
fn first<T: AsRef<str>>(all: &[T]) -> String {
    let told: Vec<&str> = all.iter().take(TOLD).map(AsRef::as_ref).collect();
    match all.len().saturating_sub(TOLD) {
        0 => told.join(", "),
        more => format!("{} and {more} more", told.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
        text.parse().unwrap()
    }

    #[test]
    fn names_of_two_are_told_with_the_way_out() {
        let apps: Vec<AppId> = ["41", "42", "43", "44", "45"].map(id).to_vec();
        let plain: NameTemplate = id("{app_name} + {partner_name}");
        let both: Vec<&AppId> = apps.iter().collect();
        let said = |names: &[(&'static str, &[&AppId])], taken: &[(&str, &str)], template| {
            let names = names.iter().map(|(name, apps)| (*name, apps.to_vec()));
            let taken: Vec<_> = taken
                .iter()
                .map(|(name, solution)| ((*name).to_owned(), id(solution)))
                .collect();
            clashes(&names.collect(), &taken, template)
        };
        let none: [String; 0] = [];
        assert_eq!(
            said(&[("A", &both[..1]), ("B", &both[1..2])], &[], &plain),
            none
        );
        assert_eq!(
            said(&[("A", &both[..2]), ("B", &both[2..3])], &[], &plain),
            [
                r#"several new solutions would have the same name: "A" (apps 41, 42); --name with {app_id} in it tells them apart"#
            ]
        );
        assert_eq!(
            said(&[("A", &both)], &[("A", "795")], &id("{app_id} A")),
            [
                r#"several new solutions would have the same name: "A" (apps 41, 42, 43 and 2 more); another --name tells them apart"#,
                r#"a live solution has the name of a new one already: "A" (solution 795); another --name tells them apart"#,
            ]
        );
    }
}

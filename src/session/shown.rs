//! What Tech Providers are shown of our settings: their language, and what the page has of us.
//!
//! The one decision: a value that cannot be shown is wrong usage before anything is served or sent; the readers are the
//! page's own.

use std::path::Path;

use crate::{
    button::brand::{self, Brand},
    context::{
        Context,
        failure::Failure,
        settings::{self, Setting, name_of},
    },
    lang::Lang,
};

/// The Tech Provider's language: of `option` (`--lang`), else what their invitation says, else as it is set for all.
pub fn lang(ctx: &Context, option: Option<&str>, invited: Option<&str>) -> Result<Lang, Failure> {
    let invited = invited.and_then(|tag| tag.parse().ok());
    if let (None, Some(lang)) = (option, invited) {
        return Ok(lang);
    }
    let picked = ctx.settings.parse::<Lang>(settings::LANG, option)?;
    Ok(picked.map(|picked| picked.value).unwrap_or_default())
}

/// Our name on the page: `brand_name` of the profile, else the one that is known.
pub fn name_on_page(ctx: &Context, known: &str) -> String {
    let own = ctx.settings.pick(settings::BRAND_NAME, None);
    own.map_or_else(|| known.to_owned(), |own| own.value)
}

/// Logo, colour and privacy page.
pub fn brand(ctx: &Context) -> Result<Brand, Failure> {
    Ok(Brand {
        logo: read(ctx, settings::BRAND_LOGO, |file| {
            brand::logo(Path::new(file))
        })?,
        color: read(ctx, settings::BRAND_COLOR, str::parse)?,
        privacy_url: read(ctx, settings::PRIVACY_URL, brand::privacy_url)?,
    })
}

fn read<T>(
    ctx: &Context,
    setting: Setting,
    reader: impl Fn(&str) -> Result<T, String>,
) -> Result<Option<T>, Failure> {
    let Some(picked) = ctx.settings.pick(setting, None) else {
        return Ok(None);
    };
    let named = |error| {
        let key = setting.key.unwrap_or_default();
        let place = name_of(setting, picked.source);
        let profile = ctx.profile_name();
        Failure::usage(format!("{place}: {error}")).hint(format!(
            "change it with mps profile set {key} VALUE --profile {profile}"
        ))
    };
    reader(&picked.value).map(Some).map_err(named)
}

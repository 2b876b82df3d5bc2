//! What Meta's objects look like to us: apps, solutions, partners.
//!
//! The one decision: what Meta may leave out is an `Option`, and absent means *unknown*, never *not us*.

use std::marker::PhantomData;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeSeed as _, Error as _, MapAccess, SeqAccess, value::MapAccessDeserializer},
};
use serde_json::{Number, Value};

use super::{
    lenient::{self, AnyShape, FieldReader, Id},
    page::goes_on,
    states::{Pending, Status},
};
use crate::ids::{AppId, SolutionId};

/// An app as Meta shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct App {
    pub id: AppId,
    /// Its name; may be empty.
    pub name: String,
    /// Where it lives, always with a scheme.
    pub link: Option<String>,
}

impl App {
    /// Its name, or its id where it has none.
    pub fn name_or_id(&self) -> &str {
        if self.name.is_empty() {
            self.id.as_str()
        } else {
            &self.name
        }
    }
}

/// An app's node, or its bare id.
struct AppReader;

impl<'de> FieldReader<'de> for AppReader {
    type Output = Option<App>;

    fn text(self, id: &str) -> Option<App> {
        Some(App::of(Id(PhantomData).text(id)?))
    }

    fn number(self, id: &Number) -> Option<App> {
        Some(App::of(Id(PhantomData).number(id)?))
    }

    fn object<A: MapAccess<'de>>(self, object: A) -> Result<Option<App>, A::Error> {
        #[derive(Deserialize)]
        struct AppRepr {
            #[serde(default, deserialize_with = "lenient::id")]
            id: Option<AppId>,
            #[serde(default, deserialize_with = "lenient::text")]
            name: Option<String>,
            #[serde(default, deserialize_with = "lenient::word")]
            link: Option<String>,
        }
        let form = AppRepr::deserialize(MapAccessDeserializer::new(object))?;
        Ok(form.id.map(|id| App {
            id,
            name: form.name.unwrap_or_default(),
            link: form.link.as_deref().and_then(with_scheme),
        }))
    }
}

impl App {
    /// One of which nothing else is known.
    fn of(id: AppId) -> Self {
        Self {
            id,
            name: String::new(),
            link: None,
        }
    }
}

impl<'de> Deserialize<'de> for App {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let app = AnyShape(AppReader).deserialize(deserializer)?;
        app.ok_or_else(|| D::Error::custom("this is neither an app nor an app's id"))
    }
}

/// An app where one may stand.
fn app<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<App>, D::Error> {
    AnyShape(AppReader).deserialize(deserializer)
}

/// A link that a browser opens: Meta's samples leave the scheme away.
fn with_scheme(link: &str) -> Option<String> {
    let link = link.trim();
    if link.is_empty() {
        None
    } else if link.contains("://") {
        Some(link.to_owned())
    } else {
        Some(format!("https://{}", link.trim_start_matches('/')))
    }
}

/// On which side of a solution an app stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SolutionRole {
    /// The app that the solution was created for.
    Owner,
    /// The app that was invited.
    Partner,
}

impl SolutionRole {
    /// As Meta's `role` parameter has it.
    pub(crate) fn as_param(self) -> &'static str {
        match self {
            Self::Owner => "OWNER",
            Self::Partner => "PARTNER",
        }
    }

    /// As cli.md writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Partner => "partner",
        }
    }
}

/// The invited side of a solution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Partner {
    pub app: App,
    /// What it may do.
    pub permissions: Vec<String>,
    /// How far the invitation is: `NOTIFICATION_SENT`, `ACCEPTED`, …
    pub status: Option<String>,
    /// The id of the invitation.
    pub id: Option<String>,
}

/// A Multi-Partner Solution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solution {
    pub id: SolutionId,
    /// Its name; may be empty.
    pub name: String,
    /// Its state.
    pub status: Status,
    /// What it waits for.
    pub pending: Pending,
    /// The app it was created for; none means unknown.
    pub owner_app: Option<App>,
    /// What the owner may do; none means unknown.
    pub owner_permissions: Option<Vec<String>>,
    /// The invited side; none means unknown.
    pub partners: Option<Vec<Partner>>,
}

impl Solution {
    /// Whether this app is invited: none means unknown.
    pub fn has_partner(&self, app: &AppId) -> Option<bool> {
        let partners = self.partners.as_ref()?;
        Some(partners.iter().any(|partner| partner.app.id == *app))
    }

    /// On which side this app stands: none means on neither, as far as Meta lets us see.
    #[cfg(test)]
    pub fn role_of(&self, app: &AppId) -> Option<SolutionRole> {
        if self
            .owner_app
            .as_ref()
            .is_some_and(|owner| owner.id == *app)
        {
            Some(SolutionRole::Owner)
        } else if self.has_partner(app) == Some(true) {
            Some(SolutionRole::Partner)
        } else {
            None
        }
    }
}

/// A solution as it is read: with the question whether its partners go on elsewhere.
#[derive(Debug)]
pub(crate) struct SolutionNode {
    pub(crate) solution: Solution,
    pub(crate) more_partners: bool,
}

impl<'de> Deserialize<'de> for SolutionNode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct SolutionRepr {
            id: SolutionId,
            #[serde(default, deserialize_with = "lenient::text")]
            name: Option<String>,
            #[serde(default, deserialize_with = "lenient::word")]
            status: Option<String>,
            #[serde(default, deserialize_with = "lenient::word")]
            status_for_pending_request: Option<String>,
            #[serde(default, deserialize_with = "app")]
            owner_app: Option<App>,
            #[serde(default, deserialize_with = "lenient::texts")]
            owner_permissions: Option<Vec<String>>,
            #[serde(default, deserialize_with = "partners")]
            partners: PartnersRead,
        }
        let form: SolutionRepr = lenient::object(deserializer)?;
        let status = form.status.unwrap_or_else(|| "UNKNOWN".to_owned());
        let pending = form.status_for_pending_request;
        Ok(Self {
            solution: Solution {
                id: form.id,
                name: form.name.unwrap_or_default(),
                status: status.into(),
                pending: pending.map_or(Pending::None, Pending::from),
                owner_app: form.owner_app,
                owner_permissions: form.owner_permissions,
                partners: form.partners.list,
            },
            more_partners: form.partners.more,
        })
    }
}

/// The partners of a solution as they stand in it.
#[derive(Debug, Default)]
struct PartnersRead {
    /// None: unknown.
    list: Option<Vec<Partner>>,
    /// They go on elsewhere.
    more: bool,
}

fn partners<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PartnersRead, D::Error> {
    AnyShape(PartnersReader).deserialize(deserializer)
}

/// The partners under `data`, or a bare list. One that cannot be read makes the whole list unknown, since
/// it could be us.
struct PartnersReader;

impl<'de> FieldReader<'de> for PartnersReader {
    type Output = PartnersRead;

    fn list<A: SeqAccess<'de>>(self, list: A) -> Result<PartnersRead, A::Error> {
        let list = PartnerListReader.list(list)?;
        Ok(PartnersRead { list, more: false })
    }

    fn object<A: MapAccess<'de>>(self, object: A) -> Result<PartnersRead, A::Error> {
        #[derive(Deserialize)]
        struct PartnersRepr {
            #[serde(default, deserialize_with = "partner_list")]
            data: Option<Vec<Partner>>,
            #[serde(default, deserialize_with = "paging")]
            paging: bool,
        }
        let form = PartnersRepr::deserialize(MapAccessDeserializer::new(object))?;
        Ok(PartnersRead {
            list: form.data,
            more: form.paging,
        })
    }
}

/// Whether a list goes on.
fn paging<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    AnyShape(PagingReader).deserialize(deserializer)
}

struct PagingReader;

impl<'de> FieldReader<'de> for PagingReader {
    type Output = bool;

    fn object<A: MapAccess<'de>>(self, object: A) -> Result<bool, A::Error> {
        #[derive(Deserialize)]
        struct PagingRepr {
            #[serde(default)]
            next: Value,
        }
        let form = PagingRepr::deserialize(MapAccessDeserializer::new(object))?;
        Ok(goes_on(&form.next))
    }
}

fn partner_list<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Vec<Partner>>, D::Error> {
    AnyShape(PartnerListReader).deserialize(deserializer)
}

/// Partners, each of which can be read.
struct PartnerListReader;

impl<'de> FieldReader<'de> for PartnerListReader {
    type Output = Option<Vec<Partner>>;

    fn list<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Output, A::Error> {
        let mut all = Some(Vec::new());
        while let Some(read) = list.next_element_seed(AnyShape(PartnerReader))? {
            all = all.zip(read).map(|(mut all, read)| {
                all.push(read);
                all
            });
        }
        Ok(all)
    }
}

/// The node of a partner.
struct PartnerReader;

impl<'de> FieldReader<'de> for PartnerReader {
    type Output = Option<Partner>;

    fn object<A: MapAccess<'de>>(self, object: A) -> Result<Option<Partner>, A::Error> {
        #[derive(Deserialize)]
        struct PartnerRepr {
            #[serde(default, deserialize_with = "app")]
            partner_app: Option<App>,
            #[serde(default, deserialize_with = "lenient::texts")]
            partner_permissions: Option<Vec<String>>,
            #[serde(default, deserialize_with = "lenient::word")]
            status: Option<String>,
            #[serde(default, deserialize_with = "lenient::text")]
            id: Option<String>,
        }
        let form = PartnerRepr::deserialize(MapAccessDeserializer::new(object))?;
        Ok(form.partner_app.map(|app| Partner {
            app,
            permissions: form.partner_permissions.unwrap_or_default(),
            status: form.status,
            id: form.id,
        }))
    }
}

impl<'de> Deserialize<'de> for Partner {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let partner = AnyShape(PartnerReader).deserialize(deserializer)?;
        partner.ok_or_else(|| D::Error::custom("this is no partner: it names no app"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: Value) -> SolutionNode {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn the_fixture_of_graph_api_md() {
        let SolutionNode {
            solution,
            more_partners,
        } = read(json!({
            "name": "Social OVD with Lucky Shrub", "status": "INITIATED",
            "status_for_pending_request": "PENDING_ACTIVATION", "owner_permissions": ["MANAGE", "DEVELOP"],
            "partners": {"data": [{"partner_permissions": ["MANAGE"],
                "partner_app": {"link": "..", "name": "Lucky Shrub", "id": "21202248997039"},
                "status": "NOTIFICATION_SENT", "id": "795033099391057"}],
                "paging": {"cursors": {"before": "x", "after": "y"}}},
            "id": "795033096057724"}));
        assert_eq!(
            (solution.status, solution.pending),
            (Status::Initiated, Pending::Activation)
        );
        assert_eq!(solution.owner_app, None);
        assert_eq!(solution.partners.unwrap()[0].app.name, "Lucky Shrub");
        assert!(!more_partners);
    }

    #[test]
    fn absent_is_unknown() {
        let app: AppId = "7".parse().unwrap();
        for (partners, expected) in [
            (json!(null), None),
            (json!({"data": []}), Some(false)),
            (json!([]), Some(false)),
            (json!({"data": [{"partner_app": {"id": "7"}}]}), Some(true)),
            (
                json!({"data": [{"partner_app": {"id": 7}, "id": 5}]}),
                Some(true),
            ),
            (json!({"data": [{"partner_app": "7"}]}), Some(true)),
            (json!({"data": [{"partner_app": {"id": "8"}}]}), Some(false)),
            (
                json!({"data": [{"partner_app": {"id": "8"}}, {"id": "1"}]}),
                None,
            ),
            (json!("odd"), None),
            (json!({}), None),
        ] {
            let solution = read(json!({"id": 1, "partners": partners})).solution;
            assert_eq!(solution.has_partner(&app), expected, "{partners}");
        }
        let both =
            read(json!({"id": 1, "owner_app": {"id": "7"}, "partners": [{"partner_app": "8"}]}));
        let role = |id: &str| both.solution.role_of(&id.parse().unwrap());
        assert_eq!(
            (role("7"), role("8"), role("9")),
            (Some(SolutionRole::Owner), Some(SolutionRole::Partner), None)
        );
        let next = json!({"id": "1", "partners": {"data": [], "paging": {"next": "https://x"}}});
        assert!(read(next).more_partners);
    }

    #[test]
    fn an_odd_optional_field_is_unknown_and_spoils_nothing_else() {
        for odd in [
            json!([]),
            json!({}),
            json!(false),
            json!(0),
            json!(null),
            json!({"x": [1]}),
        ] {
            let app = json!({"id": "1", "name": odd, "link": odd});
            let app: App = serde_json::from_value(app).unwrap();
            assert_eq!((app.name.as_str(), &app.link), ("", &None), "{odd}");
            let solution = read(
                json!({"id": "1", "name": odd, "status": odd, "owner_app": odd,
                "status_for_pending_request": odd, "owner_permissions": odd,
                "partners": [{"partner_app": "7", "partner_permissions": odd, "status": odd, "id": odd}]}),
            );
            let solution = solution.solution;
            assert_eq!((solution.name.as_str(), &solution.owner_app), ("", &None));
            assert_eq!(solution.status.as_str(), "UNKNOWN", "{odd}");
            assert_eq!(solution.partners.unwrap()[0].app.id.as_str(), "7", "{odd}");
        }
        assert!(serde_json::from_value::<SolutionNode>(json!(["7"])).is_err());
        let numbers = read(json!({"id": 1, "name": 2024, "owner_permissions": ["MESSAGING", 5]}));
        assert_eq!(numbers.solution.name, "2024");
        assert_eq!(numbers.solution.owner_permissions.unwrap(), ["MESSAGING"]);
    }

    #[test]
    fn links_get_a_scheme() {
        for (link, expected) in [
            (
                json!("www.example.com/a"),
                Some("https://www.example.com/a"),
            ),
            (json!("https://x"), Some("https://x")),
            (json!("http://x"), Some("http://x")),
            (json!("//x"), Some("https://x")),
            (json!(" "), None),
            (json!(null), None),
        ] {
            let app: App = serde_json::from_value(json!({"id": "1", "link": link})).unwrap();
            assert_eq!(app.link.as_deref(), expected);
        }
    }
}

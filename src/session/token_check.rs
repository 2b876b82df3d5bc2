//! The one rule about tokens: whether what Meta says of one allows to use it.
//!
//! The one decision: pure, and the only such rule. Every command, the page, `doctor` and `init` ask it, and both
//! texts about a token that may not be used, the operator's and the Tech Provider's, come from its [`TokenRefusal`].

use std::sync::Arc;

use jiff::Timestamp;

use crate::{
    context::failure::Failure,
    exit::Kind,
    graph::{Bearer, MetaError, Permission, TokenInfo, not_a_token},
    ids::{AppId, UserId},
    secret::{Secret, SystemToken, UserToken},
};

/// The permission that both tokens need (Meta's page on embedded creation).
pub const PERMISSION: &str = "manage_app_solution";

/// A system token with less left is warned about, in days.
const DAYS_LEFT: i64 = 14;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// The two sorts of token that a session holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenRole {
    /// The Tech Provider's.
    User,
    /// Our system user's.
    System,
}

impl TokenRole {
    /// What it is called in a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "the user token",
            Self::System => "the system token",
        }
    }

    /// Meta's word for it.
    fn meta_type(self) -> &'static str {
        match self {
            Self::User => "USER",
            Self::System => "SYSTEM_USER",
        }
    }

    /// Where another one comes from.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::User => "get a new one from the Tech Provider: mps serve-button",
            Self::System => {
                "make a new one in Business Settings, System users, with manage_app_solution"
            }
        }
    }
}

/// A token that may not be used. What is said of it, to the operator and to the Tech Provider, comes from here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRefusal {
    /// Which one.
    pub token: TokenRole,
    /// Why.
    pub reason: RefusalReason,
    /// Where it came from, as far as that is known.
    pub place: Option<Arc<str>>,
    /// What was said against it before.
    pub beside: Option<String>,
}

/// Why a token may not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefusalReason {
    /// Meta does not take it (any more), with its own words where it has any.
    Invalid(Option<Box<MetaError>>),
    /// It was made for another app than ours.
    OtherApp {
        /// That app.
        made_for: AppId,
        /// Ours.
        ours: AppId,
    },
    /// Its time is over.
    Expired,
    /// The access to data that it was granted is over: Meta lists no app for it.
    DataAccessOver(Timestamp),
    /// Meta gives it another type.
    OtherType(String),
    /// It lacks [`PERMISSION`].
    NoPermission,
    /// The signed request that came with it is somebody else's.
    OtherPerson,
    /// It is the user token, given a second time.
    SameAsUser,
}

impl TokenRefusal {
    /// A refusal of a token of which nobody knows the place.
    pub fn new(token: TokenRole, reason: RefusalReason) -> Self {
        Self {
            token,
            reason,
            place: None,
            beside: None,
        }
    }

    /// The same with what was said against the token before.
    #[must_use]
    pub fn beside(self, doubt: Option<String>) -> Self {
        Self {
            beside: doubt,
            ..self
        }
    }

    /// The same with the place of the token.
    #[must_use]
    pub fn of(self, token: &Secret) -> Self {
        Self {
            place: token.place().cloned(),
            ..self
        }
    }

    /// Whether Meta could not even read it: something else stood where the token should.
    fn is_no_token(&self) -> bool {
        self.meta().is_some_and(MetaError::is_no_token)
    }

    /// What sort of failure it is.
    pub fn kind(&self) -> Kind {
        match self.reason {
            RefusalReason::NoPermission => Kind::Permission,
            _ => Kind::Auth,
        }
    }

    /// What is wrong, to follow the token's name.
    pub fn predicate(&self) -> String {
        match &self.reason {
            RefusalReason::Invalid(_) if self.is_no_token() => {
                "is no token, or not a whole one".to_owned()
            }
            RefusalReason::Invalid(error) => {
                // Without a subcode Meta says only that it does not take it, not that it ever was one.
                let was_valid = error.as_ref().is_some_and(|error| error.subcode.is_some());
                let since = if was_valid { " any more" } else { "" };
                format!("is not valid{since}")
            }
            RefusalReason::OtherApp { made_for, ours } => {
                format!("was made for app {made_for}, not for our app {ours}")
            }
            RefusalReason::Expired => "has expired".to_owned(),
            RefusalReason::DataAccessOver(at) => {
                format!("reads nothing any more: its access to data ended at {at}")
            }
            RefusalReason::OtherType(meta_type) => {
                let owner = match self.token {
                    TokenRole::User => "a person's",
                    TokenRole::System => "a system user's",
                };
                format!("is not {owner}: Meta calls it {meta_type}")
            }
            RefusalReason::NoPermission => format!("has not the permission {PERMISSION}"),
            RefusalReason::OtherPerson => {
                "belongs to somebody else than the signed request that came with it".to_owned()
            }
            RefusalReason::SameAsUser => "is the same as the user token".to_owned(),
        }
    }

    /// What mends it.
    pub fn hint(&self) -> String {
        if self.is_no_token() {
            let bearer = match self.token {
                TokenRole::User => Bearer::User,
                TokenRole::System => Bearer::System,
            };
            return not_a_token(bearer, self.place.as_deref());
        }
        match (self.token, &self.reason) {
            (TokenRole::User, RefusalReason::NoPermission) => {
                "the Tech Provider clicks the button again and leaves the permission ticked: mps serve-button"
            }
            (token, _) => token.remedy(),
        }
        .to_owned()
    }

    /// Meta's own words.
    pub fn meta(&self) -> Option<&MetaError> {
        match &self.reason {
            RefusalReason::Invalid(error) => error.as_deref(),
            _ => None,
        }
    }
}

impl From<TokenRefusal> for Failure {
    fn from(refusal: TokenRefusal) -> Self {
        let message = format!("{} {}", refusal.token.name(), refusal.predicate());
        let mut failure = Self::new(refusal.kind(), message).hint(refusal.hint());
        if let Some(error) = refusal.meta() {
            failure.causes.push(error.message.clone());
            failure.code = error.code;
            failure.subcode = error.subcode;
            failure.fbtrace_id.clone_from(&error.fbtrace_id);
        }
        if let Some(place) = &refusal.place {
            let name = refusal.token.name();
            failure = failure.because(format!("{name} came from {place}"));
        }
        if let Some(doubt) = refusal.beside {
            failure = failure.because(doubt);
        }
        failure
    }
}

/// The one rule about tokens, for what `debug_token` says of one. Where Meta does not say for which app, of which
/// type or until when it is, nothing is held against it. `partner`: our app, where it is known.
pub fn judge(
    token: TokenRole,
    info: &TokenInfo,
    partner: Option<&AppId>,
    now: Timestamp,
) -> Result<(), TokenRefusal> {
    let refuse = |reason| Err(TokenRefusal::new(token, reason));
    if !info.is_valid || info.error.is_some() {
        return refuse(RefusalReason::Invalid(info.error.clone().map(Box::new)));
    }
    if let (Some(made_for), Some(ours)) = (&info.app_id, partner)
        && made_for != ours
    {
        let (made_for, ours) = (made_for.clone(), ours.clone());
        return refuse(RefusalReason::OtherApp { made_for, ours });
    }
    if info.expires_at.is_some_and(|at| at <= now) {
        return refuse(RefusalReason::Expired);
    }
    if let Some(over) = info.data_access_expires_at.filter(|at| *at <= now) {
        return refuse(RefusalReason::DataAccessOver(over));
    }
    if let Some(meta_type) = &info.kind
        && meta_type != token.meta_type()
    {
        return refuse(RefusalReason::OtherType(meta_type.clone()));
    }
    // Of a system user's token Meta may leave the permissions unsaid.
    let unsaid = token == TokenRole::System && info.scopes.is_empty() && info.granular.is_empty();
    if !unsaid && !info.has_scope(PERMISSION) {
        return refuse(RefusalReason::NoPermission);
    }
    Ok(())
}

/// The same rule for what `/me/permissions` says of a user token.
pub fn judge_permissions(permissions: &[Permission]) -> Result<(), TokenRefusal> {
    let mut granted = permissions.iter().filter(|line| line.is_granted());
    if granted.any(|line| line.permission == PERMISSION) {
        return Ok(());
    }
    Err(TokenRefusal::new(
        TokenRole::User,
        RefusalReason::NoPermission,
    ))
}

/// In how many days a token ends, where that is soon.
pub fn ends_soon(info: &TokenInfo, now: Timestamp) -> Option<i64> {
    let left = (info.expires_at?.as_second() - now.as_second()) / DAY;
    (left < DAYS_LEFT).then_some(left)
}

/// One token in both places: theirs cannot accept, ours is not theirs. For that Meta need not be asked.
pub fn must_differ(user: &UserToken, system: &SystemToken) -> Result<(), TokenRefusal> {
    if user.secret().expose() != system.secret().expose() {
        return Ok(());
    }
    let refusal = TokenRefusal::new(TokenRole::System, RefusalReason::SameAsUser);
    Err(refusal.of(system.secret()))
}

/// Whoever signed in and whoever signed the request that came with the token must be one person.
pub fn judge_signer(signed_by: Option<&UserId>, user: Option<&UserId>) -> Result<(), TokenRefusal> {
    match (signed_by, user) {
        (Some(signed), Some(user)) if signed != user => Err(TokenRefusal::new(
            TokenRole::User,
            RefusalReason::OtherPerson,
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::GranularScope;

    const NOW: i64 = 1_795_300_000;

    fn at(second: i64) -> Option<Timestamp> {
        Timestamp::from_second(second).ok()
    }

    /// A sound token of this kind.
    fn info(token: TokenRole) -> TokenInfo {
        TokenInfo {
            app_id: Some("7".parse().unwrap()),
            kind: Some(token.meta_type().to_owned()),
            is_valid: true,
            expires_at: at(NOW + 3600),
            data_access_expires_at: None,
            scopes: vec!["public_profile".to_owned(), PERMISSION.to_owned()],
            user_id: Some("998877".parse().unwrap()),
            issued_at: None,
            granular: Vec::new(),
            error: None,
        }
    }

    fn granular(info: &mut TokenInfo, scope: &str) {
        info.scopes.clear();
        info.granular = vec![GranularScope {
            scope: scope.to_owned(),
            target_ids: None,
        }];
    }

    #[test]
    fn the_rule() {
        use TokenRole::{System, User};
        type Change = fn(&mut TokenInfo);
        // What is odd, what is said of a user token, what of a system token.
        let cases: [(Change, Option<&str>, Option<&str>); 14] = [
            (|_| (), None, None),
            (|info| info.kind = None, None, None),
            (|info| info.app_id = None, None, None),
            (|info| info.expires_at = None, None, None),
            (|info| granular(info, PERMISSION), None, None),
            (
                |info| info.is_valid = false,
                Some("is not valid"),
                Some("is not valid"),
            ),
            (
                |info| info.data_access_expires_at = at(NOW),
                Some("reads nothing any more: its access to data ended at 2026-11-21T22:26:40Z"),
                Some("reads nothing any more: its access to data ended at 2026-11-21T22:26:40Z"),
            ),
            (
                |info| info.expires_at = at(NOW),
                Some("has expired"),
                Some("has expired"),
            ),
            (
                |info| info.app_id = Some("8".parse().unwrap()),
                Some("was made for app 8, not for our app 7"),
                Some("was made for app 8, not for our app 7"),
            ),
            (
                |info| info.kind = Some("PAGE".into()),
                Some("is not a person's: Meta calls it PAGE"),
                Some("is not a system user's: Meta calls it PAGE"),
            ),
            (
                |info| info.scopes = vec!["public_profile".into()],
                Some("has not the permission manage_app_solution"),
                Some("has not the permission manage_app_solution"),
            ),
            (
                |info| granular(info, "business_management"),
                Some("has not the permission manage_app_solution"),
                Some("has not the permission manage_app_solution"),
            ),
            // Meta may leave the permissions of a system user's token unsaid.
            (
                |info| info.scopes.clear(),
                Some("has not the permission manage_app_solution"),
                None,
            ),
            // Dead before anything else.
            (
                |info| {
                    info.is_valid = false;
                    info.kind = Some("PAGE".into());
                },
                Some("is not valid"),
                Some("is not valid"),
            ),
        ];
        let ours: AppId = "7".parse().unwrap();
        for (number, (change, user, system)) in cases.into_iter().enumerate() {
            for (token, said) in [(User, user), (System, system)] {
                let mut info = info(token);
                change(&mut info);
                let refusal = judge(token, &info, Some(&ours), at(NOW).unwrap()).err();
                let seen = refusal.as_ref().map(TokenRefusal::predicate);
                assert_eq!(seen.as_deref(), said, "case {number}, {token:?}");
                let kind = refusal.map(|refusal| refusal.kind());
                let permission = said.is_some_and(|said| said.contains("permission"));
                let expected = if permission {
                    Kind::Permission
                } else {
                    Kind::Auth
                };
                assert_eq!(kind, said.map(|_| expected), "case {number}, {token:?}");
            }
        }
        // Each in the place of the other.
        for (token, other) in [(User, System), (System, User)] {
            let refusal = judge(token, &info(other), Some(&ours), at(NOW).unwrap());
            let reason = RefusalReason::OtherType(other.meta_type().to_owned());
            assert_eq!(refusal, Err(TokenRefusal::new(token, reason)));
        }
        // Where our app is not known, any will do.
        let others = TokenInfo {
            app_id: Some("8".parse().unwrap()),
            ..info(System)
        };
        assert_eq!(judge(System, &others, None, at(NOW).unwrap()), Ok(()));
    }

    #[test]
    fn what_the_operator_reads_of_a_token_that_meta_does_not_take() {
        use TokenRole::{System, User};
        let meta = |subcode: Option<i64>, message: &str| {
            RefusalReason::Invalid(Some(Box::new(MetaError {
                code: Some(190),
                subcode,
                message: message.to_owned(),
                fbtrace_id: Some("trace".to_owned()),
                ..MetaError::default()
            })))
        };
        let button = "get a new one from the Tech Provider: mps serve-button";
        let settings =
            "make a new one in Business Settings, System users, with manage_app_solution";
        let ticked = "the Tech Provider clicks the button again and leaves the permission ticked: mps serve-button";
        let whole = "whole and nothing else (it begins with EAA), and type the same command again";
        let user_whole = format!("see that token.txt holds the Tech Provider's token, {whole}");
        let system_whole = format!("see that token.txt holds our system user's token, {whole}");
        let cut = "Malformed access token EAA";
        for (token, reason, message, hint) in [
            (
                User,
                meta(Some(463), "over"),
                "is not valid any more",
                button,
            ),
            (User, meta(None, "odd"), "is not valid", button),
            (
                System,
                meta(Some(463), "over"),
                "is not valid any more",
                settings,
            ),
            (
                User,
                meta(None, cut),
                "is no token, or not a whole one",
                &user_whole,
            ),
            (
                System,
                meta(None, cut),
                "is no token, or not a whole one",
                &system_whole,
            ),
            (
                System,
                RefusalReason::Invalid(None),
                "is not valid",
                settings,
            ),
            (
                User,
                RefusalReason::NoPermission,
                "has not the permission manage_app_solution",
                ticked,
            ),
            (
                System,
                RefusalReason::NoPermission,
                "has not the permission manage_app_solution",
                settings,
            ),
        ] {
            let refusal = TokenRefusal::new(token, reason.clone())
                .of(&Secret::parse("EAATESTone").unwrap().from_place("token.txt"))
                .beside(Some("its first letter was odd".to_owned()));
            let failure = Failure::from(refusal);
            assert_eq!(failure.message, format!("{} {message}", token.name()));
            assert_eq!(failure.hint.as_deref(), Some(hint));
            let mut causes = vec![
                format!("{} came from token.txt", token.name()),
                "its first letter was odd".to_owned(),
            ];
            let mut code = None;
            if let RefusalReason::Invalid(Some(error)) = reason {
                causes.insert(0, error.message.clone());
                code = Some((Some(190), error.subcode, Some("trace".to_owned())));
            }
            assert_eq!(failure.causes, causes);
            let said = (failure.code, failure.subcode, failure.fbtrace_id);
            assert_eq!(said, code.unwrap_or_default());
        }
    }

    #[test]
    fn permissions_alone() {
        let line = |name: &str, status: &str| Permission {
            permission: name.to_owned(),
            status: status.to_owned(),
        };
        for (lines, passes) in [
            (
                vec![
                    line("public_profile", "granted"),
                    line(PERMISSION, "granted"),
                ],
                true,
            ),
            (vec![line(PERMISSION, "declined")], false),
            (vec![line("public_profile", "granted")], false),
            (vec![], false),
        ] {
            assert_eq!(judge_permissions(&lines).is_ok(), passes, "{lines:?}");
        }
    }

    #[test]
    fn one_person_signs_in() {
        let [one, two]: [UserId; 2] = ["1", "2"].map(|id| id.parse().unwrap());
        for (signed, user, passes) in [
            (Some(&one), Some(&one), true),
            (Some(&one), None, true),
            (None, Some(&one), true),
            (Some(&one), Some(&two), false),
        ] {
            assert_eq!(judge_signer(signed, user).is_ok(), passes);
        }
    }

    #[test]
    fn a_token_that_ends_soon() {
        for (left, days) in [
            (Some(13 * DAY + 1), Some(13)),
            (Some(14 * DAY), None),
            (Some(15 * DAY), None),
            (None, None),
        ] {
            let info = TokenInfo {
                expires_at: left.and_then(|left| at(NOW + left)),
                ..info(TokenRole::System)
            };
            assert_eq!(ends_soon(&info, at(NOW).unwrap()), days);
        }
    }

    #[test]
    fn one_token_cannot_be_both() {
        let [one, two] = ["EAATESTone", "EAATESTtwo"];
        let user = UserToken::parse(one).unwrap();
        assert!(must_differ(&user, &SystemToken::parse(two).unwrap()).is_ok());
        let failure =
            Failure::from(must_differ(&user, &SystemToken::parse(one).unwrap()).unwrap_err());
        assert_eq!(
            failure.message,
            "the system token is the same as the user token"
        );
        assert!(!format!("{failure:?}").contains(one));
    }
}

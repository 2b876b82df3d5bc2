//! What goes wrong, as switches: for `mps sandbox --fault NAME` and for the sandbox's own page.
//!
//! The one decision: a switch is a name for a piece of [`Faults`] and nothing else, so that whatever it does a test can do too,
//! and it is on exactly where that piece is in force.

use serde_json::{Value, json};

use super::faults::{Fault, Faults, Operation, Rule};

/// A thing that can go wrong, by a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultSwitch {
    /// The quota is used up.
    RateLimit,
    /// Writes are done, and their answers lost.
    LostAnswers,
    /// Writes are done, and a gateway says 504.
    Gateway504,
    /// Meta's page for people in place of an answer.
    Html,
    /// New solutions show late in the Tech Provider's listing.
    OwnerLag,
    /// New solutions show late in ours.
    PartnerLag,
    /// New statuses show late.
    ReadLag,
    /// Items of listings do not say whose they are.
    NoOwnerApp,
    /// Items of listings have nobody among the partners.
    EmptyPartners,
    /// Fields that are empty come in another type.
    OddFields,
    /// Tokens that end soon.
    ExpiringTokens,
    /// The permission is reported under another name.
    OtherScopes,
    /// Only one side may send messages.
    StrictMessaging,
}

/// How many listings or reads a lag lasts.
const LAG: u32 = 3;

/// The calls that write.
const WRITES: [Operation; 6] = [
    Operation::Create,
    Operation::Accept,
    Operation::Reject,
    Operation::SendDeactivationRequest,
    Operation::AcceptDeactivationRequest,
    Operation::RejectDeactivationRequest,
];

impl FaultSwitch {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 13] = [
        Self::RateLimit,
        Self::LostAnswers,
        Self::Gateway504,
        Self::Html,
        Self::OwnerLag,
        Self::PartnerLag,
        Self::ReadLag,
        Self::NoOwnerApp,
        Self::EmptyPartners,
        Self::OddFields,
        Self::ExpiringTokens,
        Self::OtherScopes,
        Self::StrictMessaging,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::RateLimit => "rate-limit",
            Self::LostAnswers => "lost-answers",
            Self::Gateway504 => "gateway-504",
            Self::Html => "html",
            Self::OwnerLag => "owner-lag",
            Self::PartnerLag => "partner-lag",
            Self::ReadLag => "read-lag",
            Self::NoOwnerApp => "no-owner-app",
            Self::EmptyPartners => "empty-partners",
            Self::OddFields => "odd-fields",
            Self::ExpiringTokens => "expiring-tokens",
            Self::OtherScopes => "other-scopes",
            Self::StrictMessaging => "strict-messaging",
        }
    }

    /// The switch of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|switch| switch.name() == name)
    }

    /// What it does, in a sentence.
    pub fn text(self) -> &'static str {
        match self {
            Self::RateLimit => "Every call is refused for want of quota, with both usage headers",
            Self::LostAnswers => "Each write is done, and the connection ends without an answer",
            Self::Gateway504 => "Each write is done, and a gateway answers 504",
            Self::Html => "The next two reads of each sort get Meta's HTML page",
            Self::OwnerLag => "A new solution shows in its owner's listing only after three",
            Self::PartnerLag => "A new solution shows in its partner's listing only after three",
            Self::ReadLag => "A new solution or status shows only after three reads",
            Self::NoOwnerApp => "Items of listings do not say whose they are",
            Self::EmptyPartners => "Items of listings have partners without anybody in it",
            Self::OddFields => "Empty fields come as [], {}, false or 0",
            Self::ExpiringTokens => "A granted token ends after two minutes, ours in five days",
            Self::OtherScopes => "The permission is reported under another name",
            Self::StrictMessaging => "Both sides with MESSAGING are refused",
        }
    }

    fn rules(self) -> Vec<Rule> {
        let always = |call, fault| Rule {
            times: 0,
            ..Rule::new(call, fault)
        };
        let listings = |fault| vec![always(Operation::List, fault)];
        match self {
            Self::RateLimit => vec![always(
                Operation::Any,
                Fault::Quota {
                    code: 80_008,
                    minutes: 19,
                    seconds: None,
                },
            )],
            Self::LostAnswers => WRITES.map(|call| always(call, Fault::Drop)).to_vec(),
            Self::Gateway504 => WRITES
                .map(|call| always(call, Fault::Gateway { status: 504 }))
                .to_vec(),
            Self::Html => [Operation::List, Operation::Solution]
                .map(|call| Rule {
                    times: 2,
                    ..Rule::new(call, Fault::Html)
                })
                .to_vec(),
            Self::NoOwnerApp => listings(Fault::NoOwnerApp),
            Self::EmptyPartners => listings(Fault::EmptyPartners),
            Self::OddFields => [
                Operation::List,
                Operation::Solution,
                Operation::ApplicationDetails,
                Operation::AssignedApplications,
            ]
            .map(|call| always(call, Fault::OddFields))
            .to_vec(),
            Self::OwnerLag
            | Self::PartnerLag
            | Self::ReadLag
            | Self::ExpiringTokens
            | Self::OtherScopes
            | Self::StrictMessaging => Vec::new(),
        }
    }

    /// Turns it on or off, and leaves everything else as it is.
    pub fn set(self, faults: &mut Faults, on: bool) {
        let lag = if on { LAG } else { 0 };
        let rules = self.rules();
        faults.rules.retain(|rule| !rules.contains(rule));
        if on {
            faults.rules.extend(rules);
        }
        match self {
            Self::RateLimit => {
                faults.usage = if on { 100 } else { 0 };
                faults.business_usage = faults.usage;
            }
            Self::OwnerLag => faults.owner_lag = lag,
            Self::PartnerLag => faults.partner_lag = lag,
            Self::ReadLag => faults.read_lag = lag,
            Self::ExpiringTokens => faults.expiring_tokens = on,
            Self::OtherScopes => faults.other_scopes = on,
            Self::StrictMessaging => faults.one_side_messaging = on,
            _ => {}
        }
    }

    /// Whether it is on.
    pub fn is_on(self, faults: &Faults) -> bool {
        let rules = self.rules();
        let in_force = rules.iter().all(|rule| faults.rules.contains(rule));
        match self {
            Self::OwnerLag => faults.owner_lag > 0,
            Self::PartnerLag => faults.partner_lag > 0,
            Self::ReadLag => faults.read_lag > 0,
            Self::ExpiringTokens => faults.expiring_tokens,
            Self::OtherScopes => faults.other_scopes,
            Self::StrictMessaging => faults.one_side_messaging,
            _ => in_force,
        }
    }
}

/// All switches as the page shows them.
pub(super) fn shown(faults: &Faults) -> Value {
    let one = |switch: FaultSwitch| json!({"name": switch.name(), "text": switch.text(), "on": switch.is_on(faults)});
    FaultSwitch::ALL.map(one).to_vec().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_switch_is_on_alone_and_off_again() {
        for switch in FaultSwitch::ALL {
            assert_eq!(FaultSwitch::named(switch.name()), Some(switch));
            let mut faults = Faults::default();
            switch.set(&mut faults, true);
            switch.set(&mut faults, true);
            for other in FaultSwitch::ALL {
                assert_eq!(
                    other.is_on(&faults),
                    other == switch,
                    "{switch:?} {other:?}"
                );
            }
            switch.set(&mut faults, false);
            assert_eq!(faults, Faults::default(), "{switch:?}");
        }
    }

    #[test]
    fn all_at_once_and_each_taken_back() {
        let mut faults = Faults::default();
        for switch in FaultSwitch::ALL {
            switch.set(&mut faults, true);
        }
        assert!(FaultSwitch::ALL.iter().all(|switch| switch.is_on(&faults)));
        for switch in FaultSwitch::ALL {
            switch.set(&mut faults, false);
        }
        assert_eq!(faults, Faults::default());
    }
}

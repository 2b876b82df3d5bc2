//! What a language has to say, sentence by sentence.
//!
//! The one decision: a language is a value of these types, so one that lacks a sentence does not compile. What stands in
//! braces is filled in where it is said: `{partner}` is our name, ids and numbers stay as they are.

use serde::Serialize;

macro_rules! sentences {
    ($($(#[$doc:meta])* $name:ident of $text:ty { $($field:ident)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
        pub struct $name {
            $(pub $field: $text,)*
        }
    )*};
}

/// Why a token is refused, and what to do next.
pub type ReasonAndRemedy = [&'static str; 2];

sentences! {
    /// What stands on the page from the start.
    PageSentences of &'static str {
        title lead
        who_asks who_asks_text what_you_grant what_you_grant_text what_happens_next next_serve_button next_onboard
        your_apps no_script
        saw_error which_one another_one or_its_text tell_partner
        have_token token_of_app use_token
        privacy
    }

    /// What the page's script shows. A state of its own has `NAME_title`, `NAME_text`, `NAME_hint`, as far as it has them.
    ScriptSentences of &'static str {
        go_on try_again reload
        loading_hint ready_hint
        sdk_blocked_title sdk_blocked_text
        popup_blocked_title popup_blocked_text
        waiting_title waiting_text waiting_hint waiting_button
        closed_title closed_text
        severed_title severed_text
        limit_title limit_text
        checking_title checking_text
        code_title code_text queued_title queued_text in_app_hint
        refused_title
        received_title received_text
        plan_title plan_text
        onboarding_title onboarding_text onboarding_many_title
        finished_title finished_text finished_many_title finished_many_text
        created_title created_text
        finished_some_title finished_some_text nothing_title unclear_title failed_title
        stale_title stale_text
        lost_title lost_text
        ended_title ended_text
        row_waiting row_creating row_created row_accepting row_active row_failed row_unclear
        note_not_begun note_unclear note_failed
        last_broken_off last_declined last_rehearsed
        count use_one use_many
        copy_id copy_id_of copy_all copied copy_by_hand
        facebook_said trouble_help trouble_choose trouble_ours trouble_thanks trouble_told trouble_tell
        not_taken
    }

    /// Embedded Signup for clients. What has the name of a sentence of the page or of its script stands in that one's place.
    SignupSentences of &'static str {
        title lead
        what_you_share what_you_share_text who_gets_access access_both access_shared next
        waiting_text closed_title
        checking_title checking_text refused_title received_title received_text
        token_title token_text
    }

    /// Why a token is refused, by the codes that the page is told.
    RefusedSentences of ReasonAndRemedy {
        not_granted other_type other_app invalid no_token expired other_person not_checked
        no_app_ticked app_not_ticked apps_not_ticked
        not_a_token not_signed two_people unreadable
        crowd received ended
    }

    /// The pop-up's error texts by their ids, as they are offered for choice, and what the person can do about those that
    /// are not ours to mend.
    TroubleSentences of &'static str {
        insecure sdk_host sdk_off domain redirect permission unavailable development scope feed
        feed_for_them
    }

    /// Pages that stand where the page is not.
    SignpostSentences of &'static str {
        no_page_title no_page_text
        expired_title expired_text
        revoked_title revoked_text
        unattended_title unattended_text preview_text
    }

    /// The message with a link.
    InviteSentences of &'static str {
        subject hello ask
        open press button choose
        grant creates_nothing link_holds
    }

    /// The message about solutions that are there.
    HandoffSentences of &'static str {
        subject subject_many
        active active_many created created_many mixed
        next wait over
        app solution_id name status
    }

    /// How a moment is written.
    DateSentences of &'static str {
        moment
        january february march april may june july august september october november december
    }
}

/// Everything that a Tech Provider reads, in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Sentences {
    /// The page.
    pub page: PageSentences,
    /// Its script.
    pub script: ScriptSentences,
    /// What both say in Embedded Signup.
    pub signup: SignupSentences,
    /// Refused tokens.
    pub refused: RefusedSentences,
    /// The pop-up's errors.
    pub troubles: TroubleSentences,
    /// Where the page is not.
    pub signpost: SignpostSentences,
    /// The message with a link.
    pub invite: InviteSentences,
    /// The message about solutions.
    pub handoff: HandoffSentences,
    /// Moments.
    pub date: DateSentences,
}

//! What `--json` writes, command by command: which record, how many of them, and one as it is written.
//!
//! The fields and what they say come from the records themselves ([`crate::record`]); help, man pages and REFERENCE.md come
//! from here.

use crate::{
    commands::{
        business_token::BusinessTokenRecord,
        clients::ClientRecord,
        doctor::CheckRecord,
        help::HelpRecord,
        history::{CarryRecord, VerifyRecord},
        init::InitRecord,
        invite::{InvitationRecord, InviteRecord},
        journal::{JournalRecord, UnlockRecord},
        list::ListRecord,
        list_apps::AppRecord,
        listen::ListenRecord,
        moves::MoveRecord,
        profile::{ProfileRecord, ProfileSummary},
        rows::{AcceptRecord, CreateRecord, OnboardRecord, ResumeRecord, WatchRecord},
        sandbox::SandboxRecord,
        serve_button::TokenRecord,
        show::ShowRecord,
        tidy::TidyRecord,
        wait::WaitRecord,
    },
    context::failure::ErrorRecord,
    engine::handoff::HandoffRecord,
    journal::HistoryRecord,
    record::{FieldDoc, Record, RecordField, field_docs},
};

/// What a command writes with `--json`.
#[derive(Debug, Clone, Copy)]
pub struct JsonOutput {
    /// The commands that write it.
    pub commands: &'static [&'static str],
    /// Whether there is an object a line, or one object.
    pub lines: bool,
    /// An object as it is written.
    pub example: &'static str,
    fields: &'static [RecordField],
}

/// Commands whose output is text or Meta's own answer, with `--json` too.
pub const WITHOUT: &[&str] = &[
    "snippet button",
    "snippet signup",
    "api",
    "profile use",
    "profile set",
    "profile edit",
    "profile delete",
    "completions",
    "man",
    "skill",
    "journal grants",
];

/// What is true of every object.
pub const EVERYWHERE: &str = "Ids are strings, times are seconds since 1970 unless they are said to be texts. \
    Off Meta's own host every object has `host` too. An item that failed has `\"outcome\":\"failed\"` and `error`, \
    and what is not known of it is null or missing.";

/// Every command's, in the order of the commands.
pub const OUTPUTS: &[JsonOutput] = &[
    JsonOutput::lines::<OnboardRecord>(
        &["onboard"],
        r#"{"app_id":"212022489970390","app_name":"Lucky Shrub","partner_app_id":"634974688087057","solution_id":"795033096057724","solution_name":"Lucky Shrub + Brightline Messaging","status":"ACTIVE","pending":"NONE","outcome":"onboarded","verified":true,"ref":"lucky-shrub","surplus":[],"open_post":false,"line":null}"#,
    ),
    JsonOutput::lines::<WatchRecord>(
        &["watch"],
        r#"{"app_id":"212022489970390","app_name":"Lucky Shrub","partner_app_id":"634974688087057","solution_id":"795033096057724","solution_name":"Lucky Shrub + Brightline Messaging","status":"ACTIVE","pending":"NONE","outcome":"onboarded","verified":true,"ref":"lucky-shrub","surplus":[],"open_post":false,"event":"done","at":"2026-11-25T09:24:32.430845Z"}"#,
    ),
    JsonOutput::lines::<ListenRecord>(
        &["listen", "listen replay"],
        r#"{"id":"5e0f1b2c7d4a69830f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a6978","at":"2026-11-25T09:24:32.430845Z","field":"partner_solutions","event":"SOLUTION_UPDATED","time":1796203472,"solution_id":"795033096057724","solution_name":"Lucky Shrub + Brightline Messaging","status":"ACTIVE","pending":"NONE","told_status":"ACTIVE","owner_app_id":"212022489970390","waba_id":null,"owner_business_id":null,"verified":true,"value":{"event":"SOLUTION_UPDATED","solution_id":"795033096057724","solution_status":"ACTIVE"}}"#,
    ),
    JsonOutput::lines::<ResumeRecord>(
        &["resume"],
        r#"{"app_id":"212022489970390","app_name":"Lucky Shrub","partner_app_id":"634974688087057","solution_id":"795033096057724","solution_name":"Lucky Shrub + Brightline Messaging","status":"ACTIVE","pending":"NONE","outcome":"onboarded","verified":true,"ref":"lucky-shrub","surplus":[],"open_post":false}"#,
    ),
    JsonOutput::lines::<CreateRecord>(
        &["create"],
        r#"{"app_id":"212022489970390","app_name":"Lucky Shrub","partner_app_id":"634974688087057","solution_id":"795033096057724","solution_name":"Lucky Shrub + Brightline Messaging","status":"INITIATED","pending":"PENDING_ACTIVATION","outcome":"created"}"#,
    ),
    JsonOutput::lines::<AcceptRecord>(
        &["accept"],
        r#"{"solution_id":"795033096057724","solution_name":"Lucky Shrub + Brightline Messaging","status":"ACTIVE","outcome":"accepted","verified":true}"#,
    ),
    JsonOutput::lines::<MoveRecord>(
        &[
            "reject",
            "deactivate request",
            "deactivate accept",
            "deactivate reject",
        ],
        r#"{"solution_id":"795033096057724","solution_name":"Lucky Shrub + Brightline Messaging","status":"REJECTED","pending":"NONE","outcome":"rejected","verified":true}"#,
    ),
    JsonOutput::lines::<TidyRecord>(
        &["tidy"],
        r#"{"solution_id":"795033096058733","why":"twin","who":"us","command":"mps reject 795033096058733","outcome":"left"}"#,
    ),
    JsonOutput::one::<BusinessTokenRecord>(
        &["business-token"],
        r#"{"solution_id":"795033096057724","business_id":"506914307656634","access_token":"EAA…","expires_at":1801387472}"#,
    ),
    JsonOutput::lines::<ClientRecord>(
        &["clients"],
        r#"{"account_id":"102290129347411","account_name":"Client of Lucky Shrub","solution_id":"795033096057724","solution_name":"Lucky Shrub + Brightline Messaging","status":"ACTIVE","pending":"NONE","shown":true}"#,
    ),
    JsonOutput::one::<TokenRecord>(
        &["serve-button"],
        r#"{"access_token":"EAA…","user_id":"10229876543210987","expires_in":3600,"expires_at":1796203472,"data_access_expires_at":1803374673,"reauthorize_required_in":null,"granted_scopes":["manage_app_solution","public_profile"],"signed_request":null,"checked_by":"debug_token_app"}"#,
    ),
    JsonOutput::lines::<InviteRecord>(
        &["invite"],
        r#"{"ref":"lucky-shrub","line":null,"link":"https://mps.example.com/BsA5o0ocFSyRq3wUWh5lH7","expires_at":1796203472,"app_ids":["212022489970390"],"message":"Hello, …","outcome":"new"}"#,
    ),
    JsonOutput::lines::<InvitationRecord>(
        &["invite list", "invite revoke"],
        r#"{"ref":"lucky-shrub","link":"https://mps.example.com/BsA5o0ocFSyRq3wUWh5lH7","expires_at":1796203472,"state":"ACTIVE","app_ids":["212022489970390"],"solution_ids":["795033096057724"]}"#,
    ),
    JsonOutput::lines::<AppRecord>(
        &["list-apps"],
        r#"{"id":"212022489970390","name":"Lucky Shrub","link":"https://luckyshrub.example/","solutions":[{"solution_id":"795033096057724","solution_name":"Lucky Shrub + Brightline Messaging","status":"ACTIVE"}]}"#,
    ),
    JsonOutput::lines::<ListRecord>(
        &["list"],
        r#"{"solution_id":"795033096057724","solution_name":"Lucky Shrub + Brightline Messaging","status":"INITIATED","pending":"PENDING_ACTIVATION","role":"partner","owner_app_id":"212022489970390","owner_app_name":"Lucky Shrub","other_live":[]}"#,
    ),
    JsonOutput::lines::<ShowRecord>(
        &["show"],
        r#"{"solution_id":"795033096057724","solution_name":"Lucky Shrub + Brightline Messaging","status":"ACTIVE","pending":"NONE","dashboard":"Active","role":"partner","owner_app_id":"212022489970390","owner_app_name":"Lucky Shrub","owner_permissions":["MANAGE","MESSAGING"],"partners":[{"app_id":"634974688087057","app_name":"Brightline Messaging","permissions":["MANAGE","MESSAGING"],"status":"ACCEPTED"}],"next":"nobody: it works"}"#,
    ),
    JsonOutput::one::<WaitRecord>(
        &["wait"],
        r#"{"solution_id":"795033096057724","solution_name":"Lucky Shrub + Brightline Messaging","status":"ACTIVE","pending":"NONE"}"#,
    ),
    JsonOutput::lines::<HistoryRecord>(
        &["history"],
        r#"{"id":15,"at":"2026-11-25T09:24:32.430845Z","run_id":"xvzxejpkcb","operator":"ada@bridge","version":"0.1.0","profile":"default","host":"graph.facebook.com","call":"create","app_id":"212022489970390","partner_app_id":"634974688087057","solution_id":"795033096057724","solution_name":"Lucky Shrub + Brightline Messaging","permissions_sent":{"owner":["MESSAGING"],"partner":["MESSAGING"]},"permissions_read":null,"user_id":"10229876543210987","system_user_id":"104169029247128","scopes":["manage_app_solution","public_profile"],"consent":"--yes","fbtrace_id":"AbCdEfGhIjK","outcome":"ok","error":null,"ref":"lucky-shrub"}"#,
    ),
    JsonOutput::one::<VerifyRecord>(
        &["history verify"],
        r#"{"events":15,"chained_late":0,"last_id":15,"last_hash":"5e0f1b2c7d4a69830f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a6978"}"#,
    ),
    JsonOutput::one::<CarryRecord>(
        &["history export", "history import"],
        r#"{"file":"journal.ndjson","journal":"/home/ada/.local/state/mps","events":15,"rows":5,"invitations":1,"webhooks":2,"last_hash":"5e0f1b2c7d4a69830f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a6978"}"#,
    ),
    JsonOutput::one::<JournalRecord>(
        &["journal status"],
        r#"{"store":"postgresql","place":"database \"mps\" at db.example.com:5432","exists":true,"held":[{"app_id":"212022489970390","partner_app_id":"634974688087057","name":"","graph_host":"graph.facebook.com","operator":"ada@bridge","machine":"bridge","run_id":"xvzxejpkcb","since":"2026-11-25T09:24:32Z"}]}"#,
    ),
    JsonOutput::one::<UnlockRecord>(
        &["journal unlock"],
        r#"{"app_id":"212022489970390","outcome":"unlocked"}"#,
    ),
    JsonOutput::one::<HandoffRecord>(
        &["handoff"],
        r#"{"partner_name":"Brightline Messaging","solutions":[{"solution_id":"795033096057724","solution_name":"Lucky Shrub + Brightline Messaging","app_name":"Lucky Shrub","app_id":"212022489970390","status":"ACTIVE"}],"next":"Put the solution id into …"}"#,
    ),
    JsonOutput::one::<InitRecord>(
        &["init"],
        r#"{"profile":"work","file":"/home/ada/.config/mps/profiles/work.toml","changed":["partner_app_id","system_token"]}"#,
    ),
    JsonOutput::lines::<CheckRecord>(
        &["doctor"],
        r#"{"check":"clock","result":"warning","seen":"400 seconds behind Meta's","remedy":"set the clock: expiry dates and certificates are judged by it","details":{"ahead_seconds":-400}}"#,
    ),
    JsonOutput::lines::<ProfileSummary>(
        &["profile list"],
        r#"{"profile":"work","partner_app_id":"634974688087057","in_use":true,"file":"/home/ada/.config/mps/profiles/work.toml","problem":null}"#,
    ),
    JsonOutput::one::<ProfileRecord>(
        &["profile show"],
        r#"{"profile":"work","file":"/home/ada/.config/mps/profiles/work.toml","settings":{"partner_app_id":"634974688087057"},"secrets":{"user_token":null,"system_token":{"store":"command","command":"op read op://mps/system-token"},"app_secret":{"store":"keyring"},"verify_token":null,"notify_secret":null,"journal":null}}"#,
    ),
    JsonOutput::one::<SandboxRecord>(
        &["sandbox"],
        r#"{"MPS_GRAPH_URL":"http://127.0.0.1:4010","MPS_PARTNER_APP_ID":"634974688087057","MPS_USER_TOKEN":"EAA…","MPS_SYSTEM_TOKEN":"EAA…","MPS_APP_SECRET":"5a4…","MPS_STATE_DIR":"/home/ada/.local/state/mps/sandbox/xvzxejpkcb"}"#,
    ),
    JsonOutput::one::<HelpRecord>(
        &["help"],
        r#"{"version":"0.1.0","commands":[{"command":"mps completions","about":"Print the completions for a shell","nature":"offline","asks":false,"arguments":[{"name":"SHELL","possible":["bash","elvish","fish","powershell","zsh"],"required":true,"help":"The shell"}],"options":[{"name":"--dynamic","short":null,"value":null,"possible":[],"default":null,"required":false,"help":"Complete profiles too"}],"examples":["mps completions bash"],"json_lines":null,"json_fields":[]}],"options":[],"exit_codes":[{"code":0,"meaning":"done, or nothing to do","kinds":[]}],"environment":[{"name":"MPS_PROFILE","what":"the profile to use","secret":false}]}"#,
    ),
    ERROR,
];

/// The error that ends a run (the last line of stderr), and that of an item.
pub const ERROR: JsonOutput = JsonOutput::one::<ErrorRecord>(
    &["error"],
    r#"{"kind":"permission","exit_code":4,"message":"could not read app 634974688087057","causes":["(#200) Permissions error"],"hint":"our system user's token needs manage_app_solution","code":200,"subcode":null,"fbtrace_id":"AbCdEfGhIjK","run_id":"xvzxejpkcb","log":"/home/ada/.local/state/mps/logs/20261125T092432Z-xvzxejpkcb.ndjson"}"#,
);

impl JsonOutput {
    const fn of<R: Record>(
        commands: &'static [&'static str],
        lines: bool,
        example: &'static str,
    ) -> Self {
        Self {
            commands,
            lines,
            example,
            fields: R::FIELDS,
        }
    }

    const fn lines<R: Record>(commands: &'static [&'static str], example: &'static str) -> Self {
        Self::of::<R>(commands, true, example)
    }

    const fn one<R: Record>(commands: &'static [&'static str], example: &'static str) -> Self {
        Self::of::<R>(commands, false, example)
    }

    /// The fields, and those of what lies within them.
    pub fn fields(&self) -> Vec<FieldDoc> {
        field_docs(self.fields)
    }

    /// The fields for the end of a command's help.
    pub fn help(&self) -> String {
        let fields = self.fields();
        let widest = |of: fn(&FieldDoc) -> &str| fields.iter().map(of).map(str::len).max();
        let path = widest(|field| &field.path).unwrap_or(0);
        let kind = widest(|field| &field.kind).unwrap_or(0);
        let mut text = String::from(if self.lines {
            "With --json, an object a line:\n"
        } else {
            "With --json, one object:\n"
        });
        for field in &fields {
            text += &format!(
                "  {:path$}  {:kind$}  {}\n",
                field.path, field.kind, field.doc
            );
        }
        text.trim_end().to_owned()
    }

    /// What a command writes, by its words behind `mps`.
    pub fn by(command: &str) -> Option<&'static Self> {
        let mut outputs = OUTPUTS.iter();
        outputs.find(|output| output.commands.contains(&command))
    }
}

//! What `--json` writes, command by command: the source of the README's table and of the man pages.
//!
//! The one decision: fields are part of the interface, so they are written down here by hand, apart from the code that
//! makes them, and `tests/it/json.rs` holds real runs against it. A field that appears, vanishes or changes its type
//! fails there, and whoever meant it says so here and in the changelog.

/// One field of an object.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name; `a.b` lies within `a`, `a[].b` within each item of the list `a`.
    pub name: &'static str,
    /// Its type: `string`, `integer`, `boolean`, `object`, `array`; with `?` it can be null.
    pub kind: &'static str,
    /// What it says.
    pub what: &'static str,
}

/// What a command writes with `--json`.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// The commands that write it.
    pub commands: &'static [&'static str],
    /// Whether there is an object a line, or one object.
    pub lines: bool,
    /// An object as it is written.
    pub example: &'static str,
    /// The fields, in their order.
    pub fields: &'static [Field],
}

/// Commands whose output is text or Meta's own answer, with `--json` too.
pub const WITHOUT: &[&str] = &[
    "snippet button",
    "api",
    "profile delete",
    "completions",
    "man",
];

/// What is true of every object.
pub const EVERYWHERE: &str = "Ids are strings, times are seconds since 1970 unless they are said to be texts. \
    Off Meta's own host every object has `host` too. An item that failed has `\"outcome\":\"failed\"` and `error`, \
    and what is not known of it is null or missing.";

macro_rules! fields {
    ($($name:literal $kind:literal $what:literal;)*) => {
        &[$(Field { name: $name, kind: $kind, what: $what }),*]
    };
}

/// Every shape, in the order of the commands.
pub const SHAPES: &[Shape] = &[
    Shape {
        commands: &["onboard", "resume"],
        lines: true,
        example: r#"{"app_id":"212022489970390","app_name":"Lucky Shrub","partner_app_id":"634974688087057","solution_id":"795033096057724","solution_name":"Lucky Shrub + Brightline Messaging","status":"ACTIVE","pending":"NONE","outcome":"onboarded","verified":true}"#,
        fields: fields! {
            "app_id" "string" "the Tech Provider's app";
            "app_name" "string" "its name";
            "partner_app_id" "string" "our app";
            "solution_id" "string?" "the solution";
            "solution_name" "string?" "its name";
            "status" "string?" "INITIATED, ACTIVE, REJECTED, DEACTIVATED";
            "pending" "string?" "what is under way, NONE if nothing";
            "outcome" "string" "`onboarded`, `created` (not accepted), `existing` (was there before), `skipped`, `failed`; of `resume --dry-run` `would_…`";
            "verified" "boolean?" "whether Meta showed the status afterwards";
        },
    },
    Shape {
        commands: &["create"],
        lines: true,
        example: r#"{"app_id":"212022489970390","app_name":"Lucky Shrub","partner_app_id":"634974688087057","solution_id":"795033096057724","solution_name":"Lucky Shrub + Brightline Messaging","status":"INITIATED","pending":"PENDING_ACTIVATION","outcome":"created"}"#,
        fields: fields! {
            "app_id" "string" "the Tech Provider's app";
            "app_name" "string" "its name";
            "partner_app_id" "string" "our app";
            "solution_id" "string?" "the solution";
            "solution_name" "string?" "its name";
            "status" "string?" "INITIATED, ACTIVE, REJECTED, DEACTIVATED";
            "pending" "string?" "what is under way, NONE if nothing";
            "outcome" "string" "`created`, `existing`, `skipped`, `failed`; of a dry run `would_create`";
        },
    },
    Shape {
        commands: &["accept"],
        lines: true,
        example: r#"{"solution_id":"795033096057724","solution_name":"Lucky Shrub + Brightline Messaging","status":"ACTIVE","outcome":"accepted","verified":true}"#,
        fields: fields! {
            "solution_id" "string?" "the solution; null for an item that came without one";
            "solution_name" "string?" "its name";
            "status" "string?" "the status that was seen";
            "outcome" "string" "`accepted`, `already_active`, `failed`; of a dry run `would_accept`";
            "verified" "boolean" "whether Meta showed it ACTIVE afterwards";
        },
    },
    Shape {
        commands: &["serve-button"],
        lines: false,
        example: r#"{"access_token":"EAA…","user_id":"10229876543210987","expires_in":3600,"expires_at":1796203472,"data_access_expires_at":1803374673,"reauthorize_required_in":null,"granted_scopes":["manage_app_solution","public_profile"],"signed_request":null,"checked_by":"debug_token_app"}"#,
        fields: fields! {
            "access_token" "string" "the user token; masked on a terminal";
            "user_id" "string?" "whose it is";
            "expires_in" "integer?" "seconds it lives";
            "expires_at" "integer?" "when it ends";
            "data_access_expires_at" "integer?" "when the access to data ends";
            "reauthorize_required_in" "integer?" "seconds until a new sign-in";
            "granted_scopes" "array?" "the permissions";
            "signed_request" "string?" "as Meta sent it";
            "checked_by" "string" "`debug_token_app`, `debug_token_system` or `me_permissions`";
        },
    },
    Shape {
        commands: &["invite"],
        lines: false,
        example: r#"{"link":"https://mps.example.com/BsA5o0ocFSyRq3wUWh5lH7","label":"lucky-shrub","expires_at":1796203472,"message":"Hello, …"}"#,
        fields: fields! {
            "link" "string" "what the Tech Provider opens";
            "label" "string" "of `--for`";
            "expires_at" "integer" "until when it holds";
            "message" "string" "the text to send";
        },
    },
    Shape {
        commands: &["list-apps"],
        lines: true,
        example: r#"{"id":"212022489970390","name":"Lucky Shrub","link":"https://luckyshrub.example/","solutions":[{"solution_id":"795033096057724","solution_name":"Lucky Shrub + Brightline Messaging","status":"ACTIVE"}]}"#,
        fields: fields! {
            "id" "string" "the app";
            "name" "string" "its name";
            "link" "string?" "its address";
            "solutions" "array?" "the live ones with our app; null where Meta refuses the listing";
            "solutions[].solution_id" "string" "the solution";
            "solutions[].solution_name" "string" "its name";
            "solutions[].status" "string" "its status";
        },
    },
    Shape {
        commands: &["list"],
        lines: true,
        example: r#"{"solution_id":"795033096057724","solution_name":"Lucky Shrub + Brightline Messaging","status":"INITIATED","pending":"PENDING_ACTIVATION","role":"partner","owner_app_id":"212022489970390","owner_app_name":"Lucky Shrub"}"#,
        fields: fields! {
            "solution_id" "string" "the solution";
            "solution_name" "string" "its name";
            "status" "string" "INITIATED, ACTIVE, REJECTED, DEACTIVATED";
            "pending" "string" "what is under way, NONE if nothing";
            "role" "string" "our app's: `owner` or `partner`";
            "owner_app_id" "string?" "whose solution it is";
            "owner_app_name" "string?" "its name";
        },
    },
    Shape {
        commands: &["show"],
        lines: true,
        example: r#"{"solution_id":"795033096057724","solution_name":"Lucky Shrub + Brightline Messaging","status":"ACTIVE","pending":"NONE","dashboard":"Active","role":"partner","owner_app_id":"212022489970390","owner_app_name":"Lucky Shrub","owner_permissions":["MANAGE","MESSAGING"],"partners":[{"app_id":"634974688087057","app_name":"Brightline Messaging","permissions":["MANAGE","MESSAGING"],"status":"ACCEPTED"}],"next":"nobody: it works"}"#,
        fields: fields! {
            "solution_id" "string" "the solution";
            "solution_name" "string" "its name";
            "status" "string" "the API's word";
            "pending" "string" "what is under way, NONE if nothing";
            "dashboard" "string" "the dashboard's word for both";
            "role" "string?" "our app's: `owner` or `partner`";
            "owner_app_id" "string?" "the Tech Provider's app";
            "owner_app_name" "string?" "its name";
            "owner_permissions" "array" "what it may do";
            "partners" "array?" "the other side; null where Meta does not show it";
            "partners[].app_id" "string" "the app";
            "partners[].app_name" "string" "its name";
            "partners[].permissions" "array" "what it may do";
            "partners[].status" "string?" "how far its consent is";
            "next" "string" "who must act, in words";
        },
    },
    HISTORY,
    Shape {
        commands: &["handoff"],
        lines: false,
        example: r#"{"partner_name":"Brightline Messaging","solutions":[{"solution_id":"795033096057724","solution_name":"Lucky Shrub + Brightline Messaging","app_name":"Lucky Shrub","status":"ACTIVE"}],"next":"Put the solution id into …"}"#,
        fields: fields! {
            "partner_name" "string" "us";
            "solutions" "array" "what the message is about";
            "solutions[].solution_id" "string" "the solution";
            "solutions[].solution_name" "string" "its name";
            "solutions[].app_name" "string?" "the Tech Provider's app";
            "solutions[].status" "string" "its status";
            "next" "string" "what the Tech Provider does with the ids";
        },
    },
    Shape {
        commands: &["init"],
        lines: false,
        example: r#"{"profile":"work","file":"/home/ada/.config/mps/profiles/work.toml","changed":["partner_app_id","system_token"]}"#,
        fields: fields! {
            "profile" "string" "its name";
            "file" "string" "where it is";
            "changed" "array" "the keys that were not so before";
        },
    },
    Shape {
        commands: &["doctor"],
        lines: true,
        example: r#"{"check":"clock","result":"warning","seen":"400 seconds behind Meta's","remedy":"set the clock: expiry dates and certificates are judged by it","details":{"ahead_seconds":-400}}"#,
        fields: fields! {
            "check" "string" "what was checked";
            "result" "string" "`ok`, `warning`, `failed`, `skipped`";
            "seen" "string" "what was seen, in words";
            "remedy" "string?" "what mends it";
            "details" "object?" "the same in values, each check its own";
        },
    },
    Shape {
        commands: &["profile list"],
        lines: true,
        example: r#"{"profile":"work","partner_app_id":"634974688087057","in_use":true,"file":"/home/ada/.config/mps/profiles/work.toml","problem":null}"#,
        fields: fields! {
            "profile" "string" "its name";
            "partner_app_id" "string?" "our app";
            "in_use" "boolean" "whether this run would read it";
            "file" "string" "where it is";
            "problem" "string?" "why it cannot be read";
        },
    },
    Shape {
        commands: &["profile show"],
        lines: false,
        example: r#"{"profile":"work","file":"/home/ada/.config/mps/profiles/work.toml","settings":{"partner_app_id":"634974688087057"},"secrets":{"user_token":null,"system_token":{"store":"command","command":"op read op://mps/system-token"},"app_secret":{"store":"keyring"}}}"#,
        fields: fields! {
            "profile" "string" "its name";
            "file" "string" "where it is";
            "settings" "object" "the values of its keys";
            "secrets" "object" "where each secret is";
            "secrets.user_token" "object?" "`store` (`keyring`, `command` or `file`), and `command` or `file`";
            "secrets.system_token" "object?" "the same";
            "secrets.app_secret" "object?" "the same";
        },
    },
    Shape {
        commands: &["sandbox"],
        lines: false,
        example: r#"{"MPS_GRAPH_URL":"http://127.0.0.1:4010","MPS_PARTNER_APP_ID":"634974688087057","MPS_USER_TOKEN":"EAA…","MPS_SYSTEM_TOKEN":"EAA…","MPS_APP_SECRET":"5a4…","MPS_STATE_DIR":"/home/ada/.local/state/mps/sandbox/xvzxejpkcb"}"#,
        fields: fields! {
            "MPS_GRAPH_URL" "string" "the variables that point mps at it";
            "MPS_PARTNER_APP_ID" "string" "our app there";
            "MPS_USER_TOKEN" "string" "the Tech Provider's";
            "MPS_SYSTEM_TOKEN" "string" "ours";
            "MPS_APP_SECRET" "string" "ours";
            "MPS_STATE_DIR" "string" "a journal of its own";
        },
    },
    ERROR,
];

/// A line of the journal: the columns of `mps history --csv` too.
pub const HISTORY: Shape = Shape {
    commands: &["history"],
    lines: true,
    example: r#"{"id":15,"at":"2026-11-25T09:24:32.430845Z","run_id":"xvzxejpkcb","operator":"ada@bridge","version":"0.1.0","profile":"default","host":"graph.facebook.com","call":"create","app_id":"212022489970390","partner_app_id":"634974688087057","solution_id":"795033096057724","solution_name":"Lucky Shrub + Brightline Messaging","permissions_sent":{"owner":["MESSAGING"],"partner":["MESSAGING"]},"permissions_read":null,"user_id":"10229876543210987","system_user_id":"104169029247128","scopes":["manage_app_solution","public_profile"],"consent":"--yes","fbtrace_id":"AbCdEfGhIjK","outcome":"ok","error":null}"#,
    fields: fields! {
        "id" "integer" "grows by one with every event of this journal";
        "at" "string" "when it was written down: UTC, RFC 3339";
        "run_id" "string" "the run of mps, which names its log too";
        "operator" "string" "who acted: MPS_OPERATOR, else user@host";
        "version" "string" "of mps";
        "profile" "string" "the profile's name";
        "host" "string" "where the Graph API was";
        "call" "string" "create, accept or api; no writes are adopt (a live solution was found and taken) and look (what a reading told)";
        "app_id" "string?" "the Tech Provider's app";
        "partner_app_id" "string?" "our app";
        "solution_id" "string?" "the solution, once its id is known";
        "solution_name" "string?" "its name";
        "permissions_sent" "object?" "what a create asked for: {\"owner\":[…],\"partner\":[…]}";
        "permissions_sent.owner" "array" "for the Tech Provider";
        "permissions_sent.partner" "array" "for us";
        "permissions_read" "object?" "the same, as Meta showed it";
        "permissions_read.owner" "array" "of the Tech Provider";
        "permissions_read.partner" "array" "of us";
        "user_id" "string?" "the person behind the user token";
        "system_user_id" "string?" "the system user behind the system token";
        "scopes" "array" "what the user token was granted, a list";
        "consent" "string?" "how it was given: arguments, stdin, prompt, --yes";
        "fbtrace_id" "string?" "Meta's name for the request";
        "outcome" "string" "intended (written down before it leaves), then ok, refused, never_sent or unknown";
        "error" "string?" "what went wrong";
    },
};

/// The error that ends a run (the last line of stderr), and that of an item.
pub const ERROR: Shape = Shape {
    commands: &["error"],
    lines: false,
    example: r#"{"kind":"permission","exit_code":4,"message":"could not read app 634974688087057","causes":["(#200) Permissions error"],"hint":"our system user's token needs manage_app_solution","code":200,"subcode":null,"fbtrace_id":"AbCdEfGhIjK","run_id":"xvzxejpkcb","log":"/home/ada/.local/state/mps/logs/20261125T092432Z-xvzxejpkcb.ndjson"}"#,
    fields: fields! {
        "kind" "string" "see the exit codes";
        "exit_code" "integer" "of this error alone";
        "message" "string" "what mps was doing, and that it failed";
        "causes" "array" "why, the nearest first";
        "hint" "string?" "what to type next";
        "code" "integer?" "Meta's `error.code`";
        "subcode" "integer?" "Meta's `error.error_subcode`";
        "fbtrace_id" "string?" "what Meta's support asks for";
        "run_id" "string" "the run";
        "log" "string?" "its log";
    },
};

impl Shape {
    /// The fields for the end of a command's help.
    pub fn help(&self) -> String {
        let widest = |of: fn(&Field) -> &str| self.fields.iter().map(of).map(str::len).max();
        let name = widest(|field| field.name).unwrap_or(0);
        let kind = widest(|field| field.kind).unwrap_or(0);
        let mut text = String::from(if self.lines {
            "With --json, an object a line:\n"
        } else {
            "With --json, one object:\n"
        });
        for field in self.fields {
            text += &format!(
                "  {:name$}  {:kind$}  {}\n",
                field.name, field.kind, field.what
            );
        }
        text.trim_end().to_owned()
    }

    /// The fields of the object itself, without what lies within them.
    pub fn own_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| !field.name.contains('.'))
    }

    /// The shape of a command, by its words behind `mps`.
    pub fn of(command: &str) -> Option<&'static Self> {
        let mut shapes = SHAPES.iter();
        shapes.find(|shape| shape.commands.contains(&command))
    }
}

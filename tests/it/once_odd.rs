//! Exactly once, whatever stands in the answer to a write: 200 with something that Meta's pages do not have.
//!
//! The one decision: one table for each write, played through each door that sends it; whatever the answer, no second
//! POST leaves, nothing is made twice, and where nobody can know it the run ends 6 and says what to type.

use crate::once_world::World;

const CREATE: &str = "whatsapp_business_solution ";

/// What answers a create that no page of Meta's knows, and whether it still names the solution.
const CREATED: [(&str, bool); 16] = [
    ("7", false),
    ("null", false),
    ("true", false),
    ("false", false),
    ("{}", false),
    ("[]", false),
    ("[\"ID\"]", false),
    ("\"ID\"", false),
    ("\"made\"", false),
    (r#"{"id":"ID"}"#, false),
    (r#"{"solution_id":{"id":"ID"}}"#, false),
    (r#"{"solution_id":"ID","error_code":190}"#, false),
    (r#"{"solution_id":"ID","success":false}"#, false),
    (r#"{"solution_id":"ID","success":"false"}"#, false),
    (r#"{"solution_id":"ID","success":"true"}"#, true),
    (r#"{"solution_id":"ID","success":true,"error":[]}"#, true),
];

#[test]
fn an_odd_answer_to_a_create_is_looked_for_and_never_sent_again() {
    for (body, names_it) in CREATED {
        for door in ["create --all --yes", "onboard --all --yes"] {
            // Meta made it.
            let world = World::of(1);
            world.gate.answers(CREATE, true, body);
            let outcome = world.mps(door).run();
            outcome.code(0).stdout(format!("{}\n", world.id(0)));
            assert_eq!(world.calls("create"), 1, "{door} {body}\n{outcome}");
            let looked_for = outcome.stderr_text().contains("looking whether");
            assert_eq!(looked_for, !names_it, "{door} {body}\n{outcome}");
            assert_eq!(world.solutions().len(), 1, "{door} {body}");
            if names_it {
                continue;
            }
            // Meta never saw it.
            let world = World::of(1);
            world.gate.answers(CREATE, false, body);
            let outcome = world.mps(door).args(["--json"]).run();
            outcome.code(6);
            assert_eq!(outcome.error()["hint"], "mps resume", "{door} {body}");
            let sent = world
                .events()
                .iter()
                .filter(|event| *event == "create intended")
                .count();
            assert_eq!(sent, 1, "{door} {body}: {:?}", world.events());
            // Once it is old it is made.
            world.gate.disarm();
            world.age();
            world.mps("resume --yes").run().code(0);
            assert_eq!(
                (world.calls("create"), world.solutions().len()),
                (1, 1),
                "{door} {body}"
            );
        }
    }
}

/// What answers an accept, and how the run ends where Meta did nothing: a yes that is not seen, a no, or neither.
const ACCEPTED: [(&str, i32); 15] = [
    ("7", 6),
    ("true", 0),
    ("\"true\"", 0),
    ("[]", 0),
    ("{}", 0),
    (r#"{"success":"true"}"#, 0),
    (r#"{"success":null}"#, 0),
    (r#"{"id":"1","error_code":190}"#, 0),
    ("null", 6),
    ("0", 6),
    ("false", 1),
    ("\"done\"", 6),
    (r#"{"success":false}"#, 1),
    (r#"{"success":"false"}"#, 1),
    (r#"{"success":true,"error_code":190}"#, 6),
];

#[test]
fn an_odd_answer_to_an_accept_is_read_back_and_sent_once() {
    for (body, ends) in ACCEPTED {
        for door in ["accept ID", "onboard --all --yes"] {
            // Meta did it.
            let world = World::of(1);
            world.mps("create --all --yes").run().code(0);
            let id = world.id(0);
            let typed = door.replace("ID", &id);
            world.gate.answers("/accept ", true, body);
            world.mps(&typed).run().code(0).stdout(format!("{id}\n"));
            assert_eq!(world.calls("accept"), 1, "{door} {body}");
            world.gate.disarm();
            world.is_whole();
            // Meta never saw it.
            let world = World::of(1);
            world.mps("create --all --yes").run().code(0);
            world.gate.answers("/accept ", false, body);
            let outcome = world.mps(&typed).args(["--json"]).run();
            let code = outcome.any_code();
            let sent = world
                .events()
                .iter()
                .filter(|event| *event == "accept intended")
                .count();
            assert_eq!((code, sent), (ends, 1), "{door} {body}\n{outcome}");
            match ends {
                0 => assert!(
                    outcome.stdout_text().contains("\"verified\":false"),
                    "{door} {body}\n{outcome}"
                ),
                1 => assert_eq!(
                    outcome.error()["hint"],
                    format!("compare with what Meta has: `mps show {id}`")
                ),
                _ => assert_eq!(outcome.error()["hint"], "mps resume", "{door} {body}"),
            }
            world.gate.disarm();
            world.mps("resume --yes").run().code(0);
            assert_eq!(world.calls("accept"), 1, "{door} {body}");
            world.is_whole();
        }
    }
}

//! The runs that end wrong when a clause is missing, played over the model: with every clause none of them may, and
//! with its clause taken out each does.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use super::model::{Command, Go, NAME, Process, Shared, Want, World};
use crate::{
    engine::{facts::LookFor, policy::Clause, port::Failed, step::StopReason, work::Halted},
    graph::Status,
    ids::SolutionId,
    journal::Entry,
};

const RUNS: &str = include_str!("runs.txt");

/// One pause of the runs' own clock.
const TICK: Duration = Duration::from_secs(10);

/// One of the runs.
struct Run<'a> {
    settings: &'a str,
    title: &'a str,
    steps: Vec<&'a str>,
}

fn runs() -> Vec<Run<'static>> {
    let mut all: Vec<Run> = Vec::new();
    let mut settings = "";
    for line in RUNS.lines() {
        if let Some(rest) = line.strip_prefix("== ") {
            settings = rest;
        } else if let Some(title) = line.trim_start().strip_prefix("BROKEN ") {
            all.push(Run {
                settings,
                title,
                steps: Vec::new(),
            });
        } else if let (Some(run), Some((number, step))) =
            (all.last_mut(), line.trim_start().split_once(". "))
            && number.parse::<u32>().is_ok()
        {
            run.steps.push(step);
        }
    }
    all
}

/// What the end of a run is worth.
#[derive(Debug, PartialEq, Eq, Default)]
struct Verdict {
    two_active: bool,
    /// A live one of ours that no journal knows.
    lost: bool,
    /// More than one live of ours.
    twins: bool,
    /// Such a one that nobody was told of.
    untold: bool,
    /// We rejected somebody else's, or left none live.
    wrongly_rejected: bool,
    /// A named row and the ordinary one share a solution, or what was to stay INITIATED was accepted.
    mixed: bool,
    unwritten: bool,
    /// A run ended because its own is over, although another one of the pair is live.
    gave_up: bool,
    /// The last `onboard` does not reach its goal.
    stuck: bool,
}

struct Player {
    world: Shared,
    processes: Vec<Process>,
    without: Vec<Clause>,
    named: BTreeMap<usize, bool>,
    ids: BTreeMap<char, SolutionId>,
    started: usize,
    on_terms: bool,
}

impl Player {
    fn new(settings: &str, without: &[Clause]) -> Self {
        let mut world = World::default();
        world.hides_ours = settings.contains("hide0=1") && !settings.contains("as0=1");
        let named = BTreeMap::from([(1, settings.contains("k1=1"))]);
        Self {
            world: Arc::new(Mutex::new(world)),
            processes: Vec::new(),
            without: without.to_vec(),
            named,
            ids: BTreeMap::new(),
            started: 0,
            on_terms: true,
        }
    }

    /// `M1/onboard(0)`: that process, started where it is new.
    fn process(&mut self, name: &str, id: Option<SolutionId>) -> usize {
        let known = |process: &Process| process.name == name;
        if let Some(at) = self.processes.iter().rposition(known) {
            return at;
        }
        self.start(name, id, false)
    }

    fn start(&mut self, name: &str, id: Option<SolutionId>, on_purpose: bool) -> usize {
        let (machine, rest) = name[1..].split_once('/').unwrap();
        let (word, number) = rest.trim_end_matches(')').split_once('(').unwrap();
        let named = self.named.get(&number.parse().unwrap()).copied();
        let command = Command {
            word: word.to_owned(),
            id,
            named: named.unwrap_or_default(),
            on_purpose,
            goal: None,
            without: self.without.clone(),
        };
        self.started += 1;
        let process = Process::start(
            &self.world,
            name,
            machine.parse().unwrap(),
            self.started,
            command,
        );
        self.processes.push(process);
        self.processes.len() - 1
    }

    /// Brings a process to an act of this kind, past reads and looks before it. `false`: it does something else.
    fn bring(&mut self, at: usize, wanted: impl Fn(&Want) -> bool) -> bool {
        let process = &mut self.processes[at];
        for _ in 0..30 {
            let Some(want) = process.want() else {
                return false;
            };
            if wanted(&want) {
                return process.may();
            }
            let passes = matches!(want, Want::Lock(_) | Want::Look(_) | Want::Read(_));
            if !passes || !process.may() {
                return false;
            }
            process.go(Go::On);
        }
        false
    }

    fn id(&mut self, letter: char) -> Option<SolutionId> {
        self.ids.get(&letter).cloned()
    }

    /// `a#3`: the letter and the id.
    fn learn(&mut self, text: &str) -> SolutionId {
        let (letter, id) = text.split_once('#').unwrap();
        let id: SolutionId = id.parse().unwrap();
        self.ids.insert(letter.chars().next().unwrap(), id.clone());
        id
    }

    /// What a look sees: `{ a#3:INIT b#1:ACTIVE }`.
    fn sees(step: &str) -> Vec<(SolutionId, Status)> {
        let inside = step.split_once('{').unwrap().1.split_once('}').unwrap().0;
        let items = inside.split_whitespace().map(|item| {
            let (what, status) = item.split_once(':').unwrap();
            let status = match status {
                "INIT" => Status::Initiated,
                "ACTIVE" => Status::Active,
                "REJECTED" => Status::Rejected,
                other => panic!("{other}"),
            };
            (what.split_once('#').unwrap().1.parse().unwrap(), status)
        });
        items.collect()
    }

    fn step(&mut self, step: &str) {
        if step.starts_with("-- time passes") {
            self.world.lock().unwrap().now += TICK;
            self.rest();
        } else if let Some(rest) = step.strip_prefix("Meta commits a create of M") {
            let (machine, what) = rest.split_once(": ").unwrap();
            let id = self.learn(what.split_whitespace().next().unwrap());
            self.world
                .lock()
                .unwrap()
                .commit(machine.parse().ok(), Some(id));
        } else if let Some(rest) = step.strip_prefix("a person makes ") {
            let id = self.learn(rest.split_whitespace().next().unwrap());
            let name = if rest.contains("other name") {
                "another"
            } else {
                NAME
            };
            let on_terms = !rest.contains("other terms") && self.on_terms;
            self.world.lock().unwrap().make(&id, name, on_terms, false);
        } else if let Some(rest) = step.strip_prefix("a person rejects ") {
            let id = self.id(rest.chars().next().unwrap());
            if let Some(id) = id
                && let Some(made) = self.world.lock().unwrap().find(&id)
            {
                made.status = Status::Rejected;
            }
        } else if step.starts_with("Meta handles a late accept of ") {
            self.world.lock().unwrap().late_accepts();
        } else if let Some(rest) = step.strip_prefix("answer: ") {
            self.answer(rest.split_whitespace().nth(2).unwrap(), Go::On);
        } else if let Some(rest) = step.strip_prefix("the answer (") {
            self.answer(
                rest.rsplit(' ').next().unwrap(),
                Go::Fails(Failed::NoAnswer),
            );
        } else if let Some(rest) = step.strip_prefix("no answer to ") {
            self.answer(rest, Go::Fails(Failed::NoAnswer));
        } else if let Some(rest) = step.strip_prefix("5xx answered to ") {
            self.answer(rest, Go::Fails(Failed::Trouble));
        } else if let Some(rest) = step.strip_prefix("create of M") {
            let name = format!("M{}", rest.split_whitespace().next().unwrap());
            let at = self.process(&name, None);
            self.processes[at].lost_its_create();
            self.answer(&name, Go::Fails(Failed::NoAnswer));
        } else if step.starts_with("Meta makes ") || step.starts_with("Meta refuses accept") {
            let name = step.rsplit("answered to ").next().unwrap();
            let at = self.process(name, None);
            if self.bring(at, |want| matches!(want, Want::AcceptAnswer(_))) {
                self.processes[at].go(Go::On);
            }
        } else {
            self.act(step);
        }
    }

    fn answer(&mut self, name: &str, go: Go) {
        let name = name
            .trim_end_matches([',', ';'])
            .split([',', ';', ' '])
            .next()
            .unwrap();
        let at = self.process(name, None);
        if self.bring(at, |want| *want == Want::PostAnswer) {
            self.processes[at].go(go);
        }
    }

    /// Those that rested long enough go on.
    fn rest(&mut self) {
        let now = self.world.lock().unwrap().now;
        for process in &mut self.processes {
            if let Some(Want::Pause(until)) = process.want()
                && until <= now
            {
                process.go(Go::On);
            }
        }
    }

    /// What a process does.
    fn act(&mut self, step: &str) {
        let (name, does) = step.split_once(' ').unwrap();
        let name = name.trim_end_matches(':');
        if does.contains("is run again as ") {
            let at = self.process(name, None);
            self.processes[at].kill();
            let word = does.rsplit(' ').next().unwrap();
            let (machine, rest) = name.split_once('/').unwrap();
            let number = rest.split_once('(').unwrap().1;
            let again = format!("{machine}/{word}({number}");
            self.start(&again, None, false);
        } else if does == "is killed" {
            let at = self.process(name, None);
            self.processes[at].kill();
        } else if let Some(letter) = does.strip_prefix("begins with id ") {
            let id = self.id(letter.chars().next().unwrap());
            if id.is_some() {
                self.start(name, id, letter.ends_with("on purpose"));
            }
        } else if does == "has the lock" {
            let at = self.process(name, None);
            if self.bring(at, |want| matches!(want, Want::Lock(_))) {
                self.processes[at].go(Go::On);
            }
        } else if does.contains("sees {") {
            let at = self.process(name, None);
            let shows = Self::sees(does);
            let fits = |want: &Want| match want {
                Want::Look(LookFor::Accept) => does.starts_with("looks before accept"),
                Want::Look(LookFor::Lost) => {
                    does.starts_with("looks for its POST") || does.starts_with("last look")
                }
                Want::Look(LookFor::Open) => does.contains("open POST"),
                Want::Look(_) => does.starts_with("looks: "),
                _ => false,
            };
            if self.bring(at, fits) {
                while self.processes[at].want().is_some_and(|want| fits(&want)) {
                    self.processes[at].go(Go::Shows(shows.clone()));
                }
            }
        } else if does == "sends the POST" {
            let at = self.process(name, None);
            if self.bring(at, |want| *want == Want::SendPost) {
                self.processes[at].go(Go::On);
            }
        } else if let Some(letter) = does.strip_prefix("sends accept ") {
            let id = self.id(letter.chars().next().unwrap());
            let at = self.process(name, None);
            if self.bring(
                at,
                |want| matches!(want, Want::SendAccept(sent) if Some(sent) == id.as_ref()),
            ) {
                self.processes[at].go(Go::On);
            }
        } else if let Some(letter) = does.strip_prefix("rejects ") {
            let id = self.id(letter.chars().next().unwrap());
            let at = self.process(name, None);
            if self.bring(
                at,
                |want| matches!(want, Want::Reject(sent) if Some(sent) == id.as_ref()),
            ) {
                self.processes[at].go(Go::On);
            }
        } else if does.contains("read by id")
            || does.starts_with("reads ") && does.contains(" back")
        {
            let at = self.process(name, None);
            if self.bring(at, |want| matches!(want, Want::Read(_))) {
                self.processes[at].go(Go::On);
            }
        }
    }

    /// Everybody to the end, as it comes; then, after the ten minutes, each machine's `resume`.
    fn play_on(&mut self) {
        self.all_to_the_end();
        // What is on the wire and nobody waits for comes late.
        self.world.lock().unwrap().late_accepts();
        while self.world.lock().unwrap().commit(None, None) {}
        for _ in 0..2 {
            self.world.lock().unwrap().now += Duration::from_secs(700);
            for (machine, row) in self.rows() {
                if row.is_unfinished() {
                    self.again("resume", machine, &row);
                }
            }
        }
    }

    fn rows(&self) -> Vec<(usize, Entry)> {
        let world = self.world.lock().unwrap();
        let rows = world.journals.iter();
        rows.flat_map(|(machine, rows)| rows.iter().map(|row| (*machine, row.clone())))
            .collect()
    }

    /// A command for a row that is there.
    fn again(&mut self, word: &str, machine: usize, row: &Entry) {
        self.started += 1;
        let command = Command {
            word: word.to_owned(),
            id: None,
            named: row.key.name.is_some(),
            on_purpose: false,
            goal: (word == "resume").then_some(row.goal),
            without: self.without.clone(),
        };
        let process = Process::start(&self.world, word, machine, self.started, command);
        self.processes.push(process);
        self.all_to_the_end();
    }

    /// The next look, which tells what slipped through.
    fn next_look(&mut self) {
        for (machine, row) in self.rows() {
            if row.key.name.is_none() {
                self.again("onboard", machine, &row);
            }
        }
    }

    fn all_to_the_end(&mut self) {
        for _ in 0..2000 {
            let mut moved = false;
            for process in &mut self.processes {
                match process.want() {
                    Some(Want::Pause(_)) | None => {}
                    Some(_) if process.may() => {
                        process.go(Go::On);
                        moved = true;
                    }
                    Some(_) => {}
                }
            }
            if moved {
                continue;
            }
            if self.processes.iter().all(|process| !process.is_alive()) {
                return;
            }
            self.world.lock().unwrap().now += TICK;
            self.rest();
        }
        panic!("it does not end");
    }

    fn verdict(&self) -> Verdict {
        let world = self.world.lock().unwrap();
        let rows: Vec<_> = world.journals.values().flatten().collect();
        let known = |id: &SolutionId| {
            rows.iter().any(|row| {
                row.solution_id.as_ref() == Some(id)
                    || row.made(id)
                    || row.surplus.contains(id)
                    || row.has_open_post()
            })
        };
        let finished: Vec<&SolutionId> = self
            .processes
            .iter()
            .filter_map(|process| process.ended.as_ref()?.as_ref().ok())
            .flat_map(|finished| &finished.surplus)
            .collect();
        let taken: Vec<&SolutionId> = rows
            .iter()
            .filter_map(|row| row.solution_id.as_ref())
            .collect();
        let told = |id: &SolutionId| {
            finished.contains(&id)
                || world.told.contains(id)
                || rows.iter().any(|row| row.surplus.contains(id))
        };
        let ordinary = |name: &str| name != "extra";
        let live: Vec<_> = world
            .made
            .iter()
            .filter(|made| made.status.is_live() && ordinary(&made.name))
            .collect();
        let ours: Vec<_> = live.iter().filter(|made| made.ours).collect();
        let active = live
            .iter()
            .filter(|made| made.accepted && made.status == Status::Active);
        let first = rows
            .iter()
            .find(|row| row.key.name.is_none())
            .and_then(|row| row.solution_id.clone());
        let mixed = world.made.iter().any(|made| {
            made.name == "extra" && (made.accepted || Some(&made.id) == first.as_ref())
        });
        Verdict {
            two_active: active.count() > 1,
            lost: ours.iter().any(|made| !known(&made.id)),
            twins: ours.len() > 1,
            untold: ours.len() > 1
                && ours
                    .iter()
                    .any(|made| !told(&made.id) && !taken.contains(&&made.id)),
            wrongly_rejected: world.made.iter().any(|made| made.rejected && !made.ours)
                || world.rejected_alone,
            mixed,
            unwritten: world.unwritten > 0,
            gave_up: !live.is_empty()
                && self.processes.iter().any(|process| {
                    let Some(Err(Halted::StopReason { why, .. })) = &process.ended else {
                        return false;
                    };
                    matches!(why, StopReason::Ended(..))
                }),
            stuck: self
                .processes
                .last()
                .is_some_and(|last| !matches!(last.ended, Some(Ok(_)))),
        }
    }
}

fn play(run: &Run<'_>, without: &[Clause]) -> Verdict {
    let mut player = Player::new(run.settings, without);
    player.on_terms = !run.settings.contains("hterms=0");
    for step in &run.steps {
        player.step(step);
    }
    player.play_on();
    let before = player.verdict();
    player.next_look();
    let after = player.verdict();
    Verdict {
        untold: after.untold,
        stuck: after.stuck,
        ..before
    }
}

/// Of these runs the ones whose title begins so, and the clauses without which they end wrong.
const CURES: &[(&str, &str, &[Clause])] = &[
    ("procs=2 ids=2 hcreate=1 hname=2", "I", &[Clause::Lock]),
    (
        "procs=1 ids=2 faults=2 crashes=1",
        "I2",
        &[Clause::LeavesSoon, Clause::OldAtFirstLook],
    ),
    (
        "procs=1 ids=2 faults=2 crashes=1",
        "I3",
        &[Clause::LeavesSoon, Clause::OldAtFirstLook],
    ),
    (
        "procs=1 ids=2 faults=2 D=3",
        "I2",
        &[Clause::OldAtFirstLook],
    ),
    (
        "procs=1 ids=2 faults=2 D=3",
        "I3",
        &[Clause::OldAtFirstLook],
    ),
    ("procs=2 cmd1=2 ids=2 faults=1", "I1", &[Clause::Lock]),
    ("procs=2 cmd1=2 ids=2 faults=1", "I3", &[Clause::StaysOpen]),
    (
        "procs=1 ids=2 faults=1 hcreate=1",
        "I3",
        &[Clause::StaysOpen],
    ),
    (
        "procs=1 ids=2 faults=1 hcreate=1",
        "I4",
        &[Clause::OnlyAnswered],
    ),
    ("procs=1 ids=2 faults=1 D=3", "I3", &[Clause::StaysOpen]),
    ("procs=2 k1=1", "ID", &[Clause::NamedClaims]),
    ("procs=2 m1=1 ids=1", "I", &[Clause::TwoWait]),
    ("procs=2 m1=1 ids=0 ownin=0", "I1", &[Clause::TwoWait]),
    ("procs=2 m1=1 ids=0 ownin=0", "I2", &[Clause::TwoWait]),
    (
        "procs=2 m1=1 ids=0 hreject=1",
        "I4",
        &[Clause::BesideActive, Clause::TwoWait],
    ),
    ("procs=1 unlisted=1", "I5", &[Clause::OwnerToo]),
    (
        "procs=2 m1=1 cmd1=1 firstsides=1",
        "I2",
        &[Clause::BothSides],
    ),
    ("procs=2 own=1", "I1", &[Clause::UnderWayFirst]),
    ("procs=2 m1=1 ids=0 ownlisted=0", "I1", &[Clause::OwnListed]),
    (
        "procs=3 cmd0=1 cmd1=2 hcreate=1 short=1",
        "I1",
        &[Clause::KnownCounts],
    ),
    (
        "procs=1 crashes=1 hcreate=1 hreject=1",
        "I6",
        &[Clause::LookAfterOver],
    ),
];

/// What cannot be prevented, or needs a person: it ends told. Two live ones, or an error that names the ways.
const TOLD: &[(&str, bool, bool)] = &[
    ("procs=1 ids=2 faults=2 D5=2", true, false),
    ("procs=2 m1=1 cmd0=1 cmd1=1", true, false),
    ("procs=1 hcreate=1 hterms=0", false, true),
];

#[test]
fn no_run_ends_wrong() {
    for run in runs() {
        let told = TOLD
            .iter()
            .find(|(settings, ..)| run.settings.starts_with(settings));
        let expected = Verdict {
            twins: told.is_some_and(|(_, twins, _)| *twins),
            stuck: told.is_some_and(|(.., stuck)| *stuck),
            ..Verdict::default()
        };
        let verdict = play(&run, &[]);
        assert_eq!(verdict, expected, "{} / {}", run.settings, run.title);
    }
}

#[test]
fn without_its_clause_each_does() {
    let runs = runs();
    for (settings, title, without) in CURES {
        let mut played = 0;
        let fits =
            |run: &&Run<'_>| run.settings.starts_with(settings) && run.title.starts_with(title);
        for run in runs.iter().filter(fits) {
            played += 1;
            let verdict = play(run, without);
            assert_ne!(
                verdict,
                Verdict::default(),
                "{settings} / {} without {without:?}",
                run.title
            );
        }
        assert!(played > 0, "{settings} / {title}");
    }
}

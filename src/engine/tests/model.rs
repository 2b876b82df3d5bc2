//! A model of Meta, of the journals and of the time, in which several runs of the real loop are played step by step.
//!
//! A run stops before each act that the world can see, and goes on when it is told to; so every order of acts can be
//! played, and no time passes but the model's.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard},
    task::{Context, Poll, Waker},
    time::Duration,
};

use jiff::Timestamp;

use crate::{
    engine::{
        Error, Event,
        drive::drive,
        facts::{Found, Listing, LookFor, Moment, Side},
        policy::{Clause, Pauses, Policy},
        port::{Cause, Confirmed, Failed, Port, WriteAnswer, Writes},
        work::{Finished, Halted},
    },
    graph::{App, NewSolution, Partner, Pending, Solution, Status},
    ids::SolutionId,
    journal::{self, Call, Entry, EventOutcome, Goal, Key, State},
};

/// The name that our runs give.
pub(super) const NAME: &str = "A + B";

/// A solution at Meta's.
#[derive(Debug, Clone)]
pub(super) struct Made {
    pub(super) id: SolutionId,
    pub(super) name: String,
    pub(super) status: Status,
    /// Our terms.
    pub(super) on_terms: bool,
    /// Made by one of our runs.
    pub(super) ours: bool,
    /// Accepted by one of our runs, rejected by one of our runs.
    pub(super) accepted: bool,
    pub(super) rejected: bool,
}

/// A write that has left.
#[derive(Debug, Clone)]
struct OnTheWire {
    machine: usize,
    process: usize,
    name: String,
    accept: Option<SolutionId>,
    /// What came of it.
    id: Option<SolutionId>,
    gone: bool,
}

/// What a run waits to be told.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Want {
    Lock(Key),
    Look(LookFor),
    Read(SolutionId),
    SendPost,
    PostAnswer,
    SendAccept(SolutionId),
    AcceptAnswer(SolutionId),
    Reject(SolutionId),
    Pause(Duration),
}

/// What it is told.
#[derive(Debug, Clone)]
pub(super) enum Go {
    /// As it is.
    On,
    /// A listing that shows this.
    Shows(Vec<(SolutionId, Status)>),
    /// No answer, an answer of trouble.
    Fails(Failed),
}

/// Everything that is outside of a run.
#[derive(Debug, Default)]
pub(super) struct World {
    pub(super) now: Duration,
    pub(super) made: Vec<Made>,
    pub(super) journals: BTreeMap<usize, Vec<Entry>>,
    wire: Vec<OnTheWire>,
    locks: BTreeSet<(usize, String)>,
    next_id: u32,
    /// Our side shows nothing, for ever.
    pub(super) hides_ours: bool,
    wants: BTreeMap<usize, Want>,
    goes: BTreeMap<usize, Go>,
    /// What the runs listed of our side when they began.
    pub(super) listed_by_the_run: Option<Listing>,
    /// How long the quota of a refused create is waited for, and whether somebody makes one meanwhile; nobody waits
    /// without it.
    pub(super) quota: Option<(Duration, bool)>,
    /// Told to the operator as surplus.
    pub(super) told: BTreeSet<SolutionId>,
    /// A POST that was intended and not yet written down when it left: a breach.
    pub(super) unwritten: usize,
    /// One was rejected while no other was ACTIVE: a breach.
    pub(super) rejected_alone: bool,
    /// How often something was written down.
    pub(super) puts: usize,
}

pub(super) type Shared = Arc<Mutex<World>>;

pub(super) fn key() -> Key {
    Key::new("1".parse().unwrap(), "9".parse().unwrap())
}

pub(super) fn solution(made: &Made) -> Solution {
    let app = |id: &str| App {
        id: id.parse().unwrap(),
        name: String::new(),
        link: None,
    };
    let sends = vec!["MESSAGING".to_owned()];
    Solution {
        id: made.id.clone(),
        name: made.name.clone(),
        status: made.status.clone(),
        pending: Pending::None,
        owner_app: Some(app("1")),
        owner_permissions: Some(sends.clone()),
        partners: Some(vec![Partner {
            app: app("9"),
            permissions: if made.on_terms { sends } else { Vec::new() },
            status: None,
            id: None,
        }]),
    }
}

impl World {
    pub(super) fn find(&mut self, id: &SolutionId) -> Option<&mut Made> {
        self.made.iter_mut().find(|made| made.id == *id)
    }

    /// Somebody makes one.
    pub(super) fn make(&mut self, id: &SolutionId, name: &str, on_terms: bool, ours: bool) {
        self.made.push(Made {
            id: id.clone(),
            name: name.to_owned(),
            status: Status::Initiated,
            on_terms,
            ours,
            accepted: false,
            rejected: false,
        });
    }

    fn fresh_id(&mut self) -> SolutionId {
        self.next_id += 1;
        format!("{}", 100 + self.next_id).parse().unwrap()
    }

    /// Meta commits a create that is on the wire, of this machine.
    pub(super) fn commit(&mut self, machine: Option<usize>, id: Option<SolutionId>) -> bool {
        let fits = |wire: &&mut OnTheWire| {
            wire.accept.is_none()
                && wire.id.is_none()
                && machine.is_none_or(|machine| wire.machine == machine)
        };
        if !self.wire.iter_mut().any(|mut wire| fits(&mut wire)) {
            return false;
        }
        let id = id.unwrap_or_else(|| self.fresh_id());
        let Some(wire) = self.wire.iter_mut().find(fits) else {
            return false;
        };
        wire.id = Some(id.clone());
        let name = wire.name.clone();
        self.make(&id, &name, true, true);
        true
    }

    /// A create that is on the wire is lost for good.
    pub(super) fn lose(&mut self, process: usize) {
        self.wire
            .retain(|wire| wire.process != process || wire.accept.is_some() || wire.id.is_some());
    }

    /// Meta handles an accept.
    pub(super) fn activate(&mut self, id: &SolutionId) -> bool {
        match self.find(id) {
            Some(made) if made.status == Status::Initiated => {
                made.status = Status::Active;
                made.accepted = true;
                true
            }
            _ => false,
        }
    }

    /// Accepts whose answer nobody waits for.
    pub(super) fn late_accepts(&mut self) {
        let late: Vec<SolutionId> = self
            .wire
            .iter()
            .filter(|wire| wire.gone)
            .filter_map(|wire| wire.accept.clone())
            .collect();
        self.wire.retain(|wire| !wire.gone || wire.accept.is_none());
        for id in late {
            self.activate(&id);
        }
    }

    fn listing(&self, shows: Option<&[(SolutionId, Status)]>, ours: bool) -> Side {
        let shown =
            |made: &&Made| shows.is_none_or(|shows| shows.iter().any(|(id, _)| *id == made.id));
        let items = self.made.iter().filter(shown).map(|made| {
            let status = shows.and_then(|shows| {
                let listed = shows.iter().find(|(id, _)| *id == made.id);
                listed.map(|(_, status)| status.clone())
            });
            Solution {
                status: status.unwrap_or_else(|| made.status.clone()),
                ..solution(made)
            }
        });
        Side::Complete(Listing {
            begun: self.now,
            answered: self.now,
            items: if ours && self.hides_ours {
                Vec::new()
            } else {
                items.collect()
            },
            unattributed: Vec::new(),
        })
    }

    /// Whether a run that wants this could go on now.
    pub(super) fn may(&self, process: usize, machine: usize) -> bool {
        match self.wants.get(&process) {
            Some(Want::Lock(key)) => !self.locks.contains(&(machine, format!("{key:?}"))),
            Some(_) => true,
            None => false,
        }
    }
}

/// A run's view of the world.
pub(super) struct Model {
    world: Shared,
    machine: usize,
    process: usize,
    /// What the listing of our side was for.
    purpose: Mutex<LookFor>,
}

impl Model {
    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    fn ask(&self, want: Want) -> Ask {
        self.world().wants.insert(self.process, want);
        Ask {
            world: Arc::clone(&self.world),
            process: self.process,
        }
    }
}

struct Ask {
    world: Shared,
    process: usize,
}

impl Future for Ask {
    type Output = Go;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Go> {
        let mut world = self.world.lock().unwrap();
        match world.goes.remove(&self.process) {
            Some(go) => {
                world.wants.remove(&self.process);
                Poll::Ready(go)
            }
            None => Poll::Pending,
        }
    }
}

/// Held until it is dropped.
pub(super) struct Held {
    world: Shared,
    what: (usize, String),
}

impl Drop for Held {
    fn drop(&mut self) {
        self.world.lock().unwrap().locks.remove(&self.what);
    }
}

impl Port for Model {
    type Lock = Held;

    fn clock(&self) -> Moment {
        let now = self.world().now;
        let wall = "2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap() + now;
        Moment {
            run: now,
            wall,
            meta: Some(wall),
        }
    }

    async fn pause(&self, length: Duration) -> bool {
        let until = self.world().now + length;
        loop {
            self.ask(Want::Pause(until)).await;
            if self.world().now >= until {
                return true;
            }
        }
    }

    fn tokens(&self) -> (bool, bool) {
        (true, true)
    }

    fn withholds(&self) -> bool {
        false
    }

    fn may_write(&self, _: &str) -> Result<(), Error> {
        Ok(())
    }

    async fn lock(&self, key: &Key) -> Result<Held, Error> {
        self.ask(Want::Lock(key.clone())).await;
        let what = (self.machine, format!("{key:?}"));
        self.world().locks.insert(what.clone());
        Ok(Held {
            world: Arc::clone(&self.world),
            what,
        })
    }

    async fn rows(&self, _: &Key) -> Result<Vec<Entry>, Error> {
        Ok(self
            .world()
            .journals
            .get(&self.machine)
            .cloned()
            .unwrap_or_default())
    }

    async fn put(
        &self,
        row: &Entry,
        _: Option<journal::HistoryEvent>,
    ) -> Result<(), journal::Error> {
        let mut row = row.clone();
        row.run_id = format!("{}", self.process);
        let mut world = self.world();
        world.puts += 1;
        let rows = world.journals.entry(self.machine).or_default();
        match rows.iter_mut().find(|known| known.key == row.key) {
            Some(known) => *known = row,
            None => rows.push(row),
        }
        Ok(())
    }

    async fn withdraw(&self, _: &Key) -> Result<(), Error> {
        Ok(())
    }

    fn no_more_writes(&self) {}

    fn known_side(&self, _: &Key) -> Side {
        let listed = self.world().listed_by_the_run.clone();
        listed.map_or(Side::NotAsked, Side::Complete)
    }

    async fn list_ours(&self, key: &Key, after: Duration, purpose: LookFor) -> (Side, Cause) {
        *self.purpose.lock().unwrap() = purpose;
        let known = self.known_side(key);
        if known
            .complete()
            .is_some_and(|listing| listing.begun >= after)
        {
            return (known, None);
        }
        let go = self.ask(Want::Look(purpose)).await;
        let shows = match &go {
            Go::Shows(shows) => Some(shows.as_slice()),
            _ => None,
        };
        (self.world().listing(shows, true), None)
    }

    async fn list_owner(&self, _: &Key, _: Duration, _: LookFor) -> (Side, Cause) {
        let purpose = *self.purpose.lock().unwrap();
        let go = self.ask(Want::Look(purpose)).await;
        let shows = match &go {
            // Where our side shows nothing, what is shown says nothing about the other.
            Go::Shows(shows) if !self.world().hides_ours => Some(shows.as_slice()),
            _ => None,
        };
        (self.world().listing(shows, false), None)
    }

    async fn read(&self, _: &Key, id: &SolutionId) -> (Found, Cause) {
        self.ask(Want::Read(id.clone())).await;
        let found = self.world().find(id).map(|made| solution(made));
        (
            found.map_or(Found::Hidden, |seen| Found::Seen(Box::new(seen))),
            None,
        )
    }

    async fn read_back(&self, key: &Key, id: &SolutionId) -> (Found, Cause) {
        self.read(key, id).await
    }

    async fn create(
        &self,
        key: &Key,
        new: &NewSolution<'_>,
        leave_by: Duration,
    ) -> WriteAnswer<SolutionId> {
        self.ask(Want::SendPost).await;
        {
            let mut world = self.world();
            if world.now > leave_by {
                return Err((Failed::Late, None));
            }
            let rows = world
                .journals
                .get(&self.machine)
                .cloned()
                .unwrap_or_default();
            let row = rows.iter().find(|row| row.key == *key);
            if row.is_none_or(|row| row.state != State::Sent) {
                world.unwritten += 1;
            }
            world.wire.push(OnTheWire {
                machine: self.machine,
                process: self.process,
                name: new.name.to_owned(),
                accept: None,
                id: None,
                gone: false,
            });
        }
        let go = self.ask(Want::PostAnswer).await;
        let mut world = self.world();
        if let Go::Fails(failed) = go {
            return Err((failed, None));
        }
        let mine = |wire: &OnTheWire| wire.process == self.process && wire.accept.is_none();
        if world
            .wire
            .iter()
            .rfind(|wire| mine(wire))
            .is_some_and(|wire| wire.id.is_none())
        {
            world.commit(Some(self.machine), None);
        }
        match world
            .wire
            .iter()
            .rfind(|wire| mine(wire))
            .and_then(|wire| wire.id.clone())
        {
            Some(value) => Ok(Confirmed {
                value,
                fbtrace: None,
            }),
            None => Err((Failed::NoAnswer, None)),
        }
    }

    async fn accept(&self, id: &SolutionId, _: bool, leave_by: Duration) -> WriteAnswer<()> {
        self.ask(Want::SendAccept(id.clone())).await;
        {
            let mut world = self.world();
            if world.now > leave_by {
                return Err((Failed::Late, None));
            }
            let rows = world
                .journals
                .get(&self.machine)
                .cloned()
                .unwrap_or_default();
            let written = rows.iter().any(|row| {
                row.accept
                    .as_ref()
                    .is_some_and(|accept| accept.solution_id == *id)
            });
            if !written {
                world.unwritten += 1;
            }
            world.wire.push(OnTheWire {
                machine: self.machine,
                process: self.process,
                name: String::new(),
                accept: Some(id.clone()),
                id: None,
                gone: false,
            });
        }
        let go = self.ask(Want::AcceptAnswer(id.clone())).await;
        let mut world = self.world();
        if let Go::Fails(failed) = go {
            return Err((failed, None));
        }
        let process = self.process;
        world
            .wire
            .retain(|wire| wire.process != process || wire.accept.is_none());
        if world.activate(id) {
            Ok(Confirmed {
                value: (),
                fbtrace: None,
            })
        } else {
            Err((Failed::Refused, None))
        }
    }

    async fn reject(&self, id: &SolutionId) -> WriteAnswer<()> {
        self.ask(Want::Reject(id.clone())).await;
        let mut world = self.world();
        let beside = |made: &Made| made.id != *id && made.status == Status::Active;
        world.rejected_alone |= !world.made.iter().any(beside);
        match world.find(id) {
            Some(made) if made.status == Status::Initiated => {
                made.status = Status::Rejected;
                made.rejected = true;
                Ok(Confirmed {
                    value: (),
                    fbtrace: None,
                })
            }
            _ => Err((Failed::Refused, None)),
        }
    }

    async fn turn(&self, _: &str, _: Writes, _: Duration) -> Option<impl Send + Sync> {
        Some(())
    }

    async fn quota_let_go(&self, _: &Cause, _: &str, _: bool) -> bool {
        let mut world = self.world();
        let Some((wait, somebody)) = world.quota else {
            return false;
        };
        world.now += wait;
        if somebody {
            world.make(&"77".parse().unwrap(), "X", true, false);
        }
        true
    }

    fn tell(&self, event: Event) {
        if let Event::Surplus { others, .. } = event {
            self.world().told.extend(others);
        }
    }

    fn event(&self, call: Call, outcome: EventOutcome) -> journal::HistoryEvent {
        journal::HistoryEvent::new(call, outcome)
    }
}

/// How a run ended.
pub(super) type Ended = Result<Finished, Halted>;

/// A run of a command.
pub(super) struct Process {
    pub(super) name: String,
    pub(super) machine: usize,
    number: usize,
    world: Shared,
    run: Option<Pin<Box<dyn Future<Output = Ended> + Send>>>,
    pub(super) ended: Option<Ended>,
}

/// What a run does.
#[derive(Debug, Clone)]
pub(super) struct Command {
    pub(super) word: String,
    pub(super) id: Option<SolutionId>,
    pub(super) named: bool,
    /// `accept --allow-duplicate`.
    pub(super) on_purpose: bool,
    /// How far a row is to come that is taken up.
    pub(super) goal: Option<Goal>,
    pub(super) without: Vec<Clause>,
}

impl Process {
    pub(super) fn start(
        world: &Shared,
        name: &str,
        machine: usize,
        number: usize,
        command: Command,
    ) -> Self {
        let model = Model {
            world: Arc::clone(world),
            machine,
            process: number,
            purpose: Mutex::new(LookFor::First),
        };
        Self {
            name: name.to_owned(),
            machine,
            number,
            world: Arc::clone(world),
            run: Some(Box::pin(run(model, command))),
            ended: None,
        }
    }

    /// Lets it run to its next act that the world can see.
    pub(super) fn want(&mut self) -> Option<Want> {
        let mut context = Context::from_waker(Waker::noop());
        let run = self.run.as_mut()?;
        if let Poll::Ready(ended) = run.as_mut().poll(&mut context) {
            self.ended = Some(ended);
            self.run = None;
            return None;
        }
        self.world.lock().unwrap().wants.get(&self.number).cloned()
    }

    /// Whether what it wants can be granted now.
    pub(super) fn may(&self) -> bool {
        self.world.lock().unwrap().may(self.number, self.machine)
    }

    pub(super) fn go(&mut self, go: Go) {
        self.world.lock().unwrap().goes.insert(self.number, go);
        self.want();
    }

    /// The process is killed.
    pub(super) fn kill(&mut self) {
        self.run = None;
        let mut world = self.world.lock().unwrap();
        world.wants.remove(&self.number);
        let number = self.number;
        for wire in world.wire.iter_mut().filter(|wire| wire.process == number) {
            wire.gone = true;
        }
    }

    pub(super) fn lost_its_create(&self) {
        self.world.lock().unwrap().lose(self.number);
    }

    pub(super) fn is_alive(&self) -> bool {
        self.run.is_some()
    }
}

async fn run(model: Model, command: Command) -> Ended {
    let resuming = command.word == "resume";
    let policy = Policy {
        goal: match command.goal {
            Some(goal) => goal,
            None if command.word == "create" => Goal::Initiated,
            None => Goal::Active,
        },
        named: command.id.clone(),
        allow_duplicate: command.named || command.on_purpose,
        resuming,
        rejects_surplus: matches!(command.word.as_str(), "onboard" | "resume"),
        pauses: Pauses {
            looks: vec![Duration::from_secs(10); 2],
            read_back: vec![Duration::ZERO, Duration::from_secs(10)],
            ..Pauses::default()
        },
        without: command.without,
        ..Policy::default()
    };
    let key = if command.named {
        Key::named(key().owner, key().partner, "extra")
    } else {
        key()
    };
    let name = if command.named { "extra" } else { NAME };
    let fresh = Entry {
        messaging: "both".to_owned(),
        ..Entry::new(key, policy.goal, name)
    };
    let row = match &command.id {
        Some(id) => Entry {
            state: State::Created,
            solution_id: Some(id.clone()),
            seen: vec![id.clone()],
            ..fresh
        },
        None => fresh,
    };
    drive(&model, &policy, Box::new(row), None).await
}

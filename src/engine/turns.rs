//! The calls that may be under way at once, over all who work side by side.
//!
//! The one decision: it goes round by whom the work is for, so that one with two hundred apps keeps no other waiting.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot;

/// Where one of them waits for the next turn. A clone is the same one.
#[derive(Debug, Clone)]
pub(crate) struct Turns {
    shared: Arc<TurnsShared>,
    lane: u64,
}

#[derive(Debug)]
struct TurnsShared {
    at_once: usize,
    state: Mutex<TurnsState>,
}

#[derive(Debug)]
struct TurnsState {
    free: usize,
    lanes: u64,
    /// Who waits, the lane first whose turn is next.
    waiting: VecDeque<(u64, VecDeque<oneshot::Sender<Turn>>)>,
}

/// One call under way.
#[derive(Debug)]
pub(crate) struct Turn(Option<Arc<TurnsShared>>);

impl Turns {
    /// So many turns, and the first lane.
    pub(crate) fn new(at_once: usize) -> Self {
        Self {
            shared: Arc::new(TurnsShared {
                at_once,
                state: Mutex::new(TurnsState {
                    free: at_once,
                    lanes: 0,
                    waiting: VecDeque::new(),
                }),
            }),
            lane: 0,
        }
    }

    /// A lane beside this one.
    pub(crate) fn another(&self) -> Self {
        let mut state = self.shared.lock();
        state.lanes += 1;
        let lane = state.lanes;
        drop(state);
        Self {
            shared: Arc::clone(&self.shared),
            lane,
        }
    }

    /// How many there are.
    pub(crate) fn at_once(&self) -> usize {
        self.shared.at_once
    }

    /// The next turn of this lane.
    pub(crate) async fn take(&self) -> Turn {
        let turn = {
            let mut state = self.shared.lock();
            if state.free > 0 {
                state.free -= 1;
                return Turn(Some(Arc::clone(&self.shared)));
            }
            let (mine, turn) = oneshot::channel();
            let mut lanes = state.waiting.iter_mut();
            match lanes.find(|(lane, _)| *lane == self.lane) {
                Some((_, queue)) => queue.push_back(mine),
                None => state.waiting.push_back((self.lane, VecDeque::from([mine]))),
            }
            turn
        };
        match turn.await {
            Ok(turn) => turn,
            // Nobody drops a sender that waits, for whoever waits holds what holds it.
            Err(_) => std::future::pending().await,
        }
    }
}

impl TurnsShared {
    fn lock(&self) -> MutexGuard<'_, TurnsState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who is next; a turn that nobody wants is free.
    fn next(&self) -> Option<oneshot::Sender<Turn>> {
        let mut state = self.lock();
        let Some((lane, mut queue)) = state.waiting.pop_front() else {
            state.free += 1;
            return None;
        };
        let next = queue.pop_front();
        if !queue.is_empty() {
            state.waiting.push_back((lane, queue));
        }
        next
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let Some(shared) = self.0.take() else { return };
        while let Some(next) = shared.next() {
            match next.send(Self(Some(Arc::clone(&shared)))) {
                Ok(()) => return,
                // They wait no more: it goes to the next one from here.
                Err(mut unwanted) => unwanted.0 = None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_goes_round_and_whoever_left_is_passed_over() {
        let one = Turns::new(1);
        let other = one.another();
        let first = one.take().await;
        let told = Arc::new(Mutex::new(Vec::new()));
        let gone = {
            let one = one.clone();
            tokio::spawn(async move { drop(one.take().await) })
        };
        tokio::task::yield_now().await;
        let mut waiting = Vec::new();
        for (name, turns) in [("a1", &one), ("a2", &one), ("b1", &other), ("b2", &other)] {
            let (turns, told) = (turns.clone(), Arc::clone(&told));
            waiting.push(tokio::spawn(async move {
                let _turn = turns.take().await;
                told.lock().unwrap().push(name);
            }));
            tokio::task::yield_now().await;
        }
        gone.abort();
        tokio::task::yield_now().await;
        drop(first);
        for task in waiting {
            task.await.unwrap();
        }
        assert_eq!(*told.lock().unwrap(), ["b1", "a1", "b2", "a2"]);
        assert_eq!(one.shared.lock().free, 1);
    }
}

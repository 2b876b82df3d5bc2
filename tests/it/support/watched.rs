//! A child process that cannot outlive its test.
//!
//! The one decision: the child leads a process group of its own, and the group dies when the deadline passes or the
//! test lets go of it, so that neither a hung child nor a browser that it started is left behind. A thread waits
//! for it; a waiting test sleeps on that thread's message.

use std::{
    process::{Child, ExitStatus},
    sync::mpsc::{self, Receiver},
    thread,
    time::Instant,
};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

/// A child under watch.
pub(crate) struct Watched {
    pid: Pid,
    ended: Receiver<ExitStatus>,
    status: Option<ExitStatus>,
}

impl Watched {
    /// Takes over a child that leads its process group (or session).
    pub(crate) fn new(mut child: Child) -> Self {
        let pid = Pid::from_child(&child);
        let (tell, ended) = mpsc::channel();
        thread::spawn(move || {
            let _ = child.wait().map(|status| tell.send(status));
        });
        Self {
            pid,
            ended,
            status: None,
        }
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> i32 {
        self.pid.as_raw_nonzero().get()
    }

    /// Sends a signal to the child alone, as `kill` does.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.pid, signal).expect("the child is there to be signalled");
    }

    /// Waits until it ends; `None` when the deadline passed, and then it was killed with its group.
    pub(crate) fn wait(&mut self, deadline: Instant) -> Option<ExitStatus> {
        if self.status.is_none() {
            let left = deadline.saturating_duration_since(Instant::now());
            self.status = self.ended.recv_timeout(left).ok();
        }
        if self.status.is_none() {
            self.kill_group();
        }
        self.status
    }

    /// Whether it has ended; it goes on if it has not.
    pub(crate) fn has_ended(&mut self) -> bool {
        if self.status.is_none() {
            self.status = self.ended.try_recv().ok();
        }
        self.status.is_some()
    }

    /// Kills the child and what it started.
    pub(crate) fn kill_group(&self) {
        // The group may be gone, which is what we want.
        let _ = kill_process_group(self.pid, Signal::KILL);
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.kill_group();
    }
}

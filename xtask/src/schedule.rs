//! Jobs side by side, as many as the machine has room for.

use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::channel;
use std::thread;

/// What is known of a job before it runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// The jobs that must have ended first, by their place in the list.
    pub after: Vec<usize>,
    /// How much of a core it keeps busy, in percent. Nothing is kept waiting by a job with 0, nor keeps one waiting.
    pub load: u32,
    /// Of the jobs with the same word, one runs at a time.
    pub alone: Option<&'static str>,
}

pub struct Job<'a, T> {
    pub needs: Needs,
    pub work: Box<dyn FnOnce() -> T + Send + 'a>,
}

/// Runs the jobs, each on a thread, and calls `ended` on this one with each job's place and result. What comes first
/// in the list starts first, where it can; what has room beside it starts too. After a `Break` nothing starts any more,
/// and what runs is waited for.
pub fn run<T: Send>(jobs: Vec<Job<'_, T>>, room: u32, mut ended: impl FnMut(usize, T) -> ControlFlow<()>) {
    let (needs, work): (Vec<Needs>, Vec<_>) = jobs.into_iter().map(|job| (job.needs, Some(job.work))).unzip();
    let mut work = work;
    let mut plan = Plan::new(needs, room);
    let (send, receive) = channel();
    thread::scope(|scope| {
        let mut stopped = false;
        loop {
            while let Some(place) = (!stopped).then(|| plan.start()).flatten() {
                if let Some(work) = work[place].take() {
                    let send = send.clone();
                    scope.spawn(move || send.send((place, catch_unwind(AssertUnwindSafe(work)))));
                }
            }
            if !plan.is_running() {
                return;
            }
            let Ok((place, result)) = receive.recv() else { return };
            plan.end(place);
            match result {
                Ok(result) => stopped |= ended(place, result).is_break(),
                Err(panic) => resume_unwind(panic),
            }
        }
    });
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Waiting,
    Running,
    Ended,
}

/// Who may start next.
struct Plan {
    jobs: Vec<(Needs, State)>,
    room: u32,
}

impl Plan {
    fn new(needs: Vec<Needs>, room: u32) -> Self {
        Self { jobs: needs.into_iter().map(|needs| (needs, State::Waiting)).collect(), room }
    }

    /// The first job that can start, which counts as running from now on.
    fn start(&mut self) -> Option<usize> {
        let place = self.jobs.iter().position(|(needs, state)| *state == State::Waiting && self.can_start(needs))?;
        self.jobs[place].1 = State::Running;
        Some(place)
    }

    fn can_start(&self, needs: &Needs) -> bool {
        let used: u32 = self.running().map(|needs| needs.load).sum();
        needs.after.iter().all(|&place| self.jobs[place].1 == State::Ended)
            && (needs.load == 0 || used == 0 || used + needs.load <= self.room)
            && !self.running().any(|other| needs.alone.is_some() && other.alone == needs.alone)
    }

    fn end(&mut self, place: usize) {
        self.jobs[place].1 = State::Ended;
    }

    fn running(&self) -> impl Iterator<Item = &Needs> {
        self.jobs.iter().filter(|(_, state)| *state == State::Running).map(|(needs, _)| needs)
    }

    fn is_running(&self) -> bool {
        self.running().next().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::{Job, Needs, Plan, run};
    use std::ops::ControlFlow;
    use std::sync::Barrier;

    fn load(load: u32) -> Needs {
        Needs { load, ..Needs::default() }
    }

    fn all_that_start(plan: &mut Plan) -> Vec<usize> {
        std::iter::from_fn(|| plan.start()).collect()
    }

    #[test]
    fn what_has_room_starts_in_the_order_of_the_list() {
        let mut plan = Plan::new(vec![load(100), load(150), load(50), load(50), load(0)], 200);
        assert_eq!(all_that_start(&mut plan), [0, 2, 3, 4]);
        plan.end(2);
        assert_eq!(all_that_start(&mut plan), []);
        plan.end(0);
        assert_eq!(all_that_start(&mut plan), [1]);
    }

    #[test]
    fn what_needs_more_than_there_is_runs_beside_nothing_but_idlers() {
        let mut plan = Plan::new(vec![load(400), load(10), load(0)], 100);
        assert_eq!(all_that_start(&mut plan), [0, 2]);
        plan.end(0);
        assert_eq!(all_that_start(&mut plan), [1]);
    }

    #[test]
    fn nothing_starts_before_what_it_needs_has_ended() {
        let after = |after: &[usize]| Needs { after: after.to_vec(), ..Needs::default() };
        let mut plan = Plan::new(vec![after(&[2]), after(&[0, 2]), after(&[])], 100);
        assert_eq!(all_that_start(&mut plan), [2]);
        plan.end(2);
        assert_eq!(all_that_start(&mut plan), [0]);
        plan.end(0);
        assert_eq!(all_that_start(&mut plan), [1]);
    }

    #[test]
    fn of_those_with_one_word_one_runs() {
        let alone = |word| Needs { alone: Some(word), ..Needs::default() };
        let mut plan = Plan::new(vec![alone("cargo"), alone("cargo"), alone("apt"), load(0)], 100);
        assert_eq!(all_that_start(&mut plan), [0, 2, 3]);
        plan.end(0);
        assert_eq!(all_that_start(&mut plan), [1]);
    }

    fn job<'a, T>(needs: Needs, work: impl FnOnce() -> T + Send + 'a) -> Job<'a, T> {
        Job { needs, work: Box::new(work) }
    }

    #[test]
    fn jobs_really_run_at_the_same_time_and_all_are_heard_of() {
        // Each waits for the other: one after the other they would never end.
        let both = Barrier::new(2);
        let meet = |word| {
            let both = &both;
            move || {
                both.wait();
                word
            }
        };
        let last = Needs { after: vec![0, 1], ..Needs::default() };
        let mut heard = Vec::new();
        run(vec![job(load(50), meet("a")), job(load(50), meet("b")), job(last, || "c")], 100, |place, word| {
            heard.push((place, word));
            ControlFlow::Continue(())
        });
        assert_eq!(heard.pop(), Some((2, "c")));
        heard.sort_unstable();
        assert_eq!(heard, [(0, "a"), (1, "b")]);
    }

    #[test]
    fn after_a_break_nothing_starts() {
        let mut heard = Vec::new();
        run(vec![job(load(100), || 0), job(load(100), || 1)], 100, |place, _| {
            heard.push(place);
            ControlFlow::Break(())
        });
        assert_eq!(heard, [0]);
    }

    #[test]
    #[should_panic(expected = "a fault in here")]
    fn a_panic_is_not_waited_for_in_vain() {
        run(vec![job(load(0), || panic!("a fault in here"))], 100, |_, ()| ControlFlow::Continue(()));
    }
}

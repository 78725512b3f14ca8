//! Ctrl-C and `kill`: children run in process groups of their own, so a signal that ends this
//! program has to be passed on by hand or servers and browsers would outlive it.

use std::process::Child;
use std::sync::atomic::{AtomicBool, Ordering};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

pub fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

#[cfg(unix)]
mod sys {
    pub const SIGHUP: i32 = 1;
    pub const SIGINT: i32 = 2;
    pub const SIGKILL: i32 = 9;
    pub const SIGTERM: i32 = 15;

    unsafe extern "C" {
        pub fn signal(number: i32, handler: extern "C" fn(i32)) -> usize;
        pub fn kill(pid: i32, number: i32) -> i32;
    }
}

#[cfg(unix)]
pub fn catch() {
    extern "C" fn note(_: i32) {
        INTERRUPTED.store(true, Ordering::Relaxed);
    }
    for number in [sys::SIGHUP, sys::SIGINT, sys::SIGTERM] {
        // SAFETY: the handler only stores to an atomic, which is allowed in a signal handler.
        unsafe { sys::signal(number, note) };
    }
}

#[cfg(not(unix))]
pub fn catch() {}

/// Asks the child's whole group to end, or makes it.
#[cfg(unix)]
pub fn end_group(child: &mut Child, force: bool) {
    let number = if force { sys::SIGKILL } else { sys::SIGTERM };
    if let Ok(group) = i32::try_from(child.id()) {
        // SAFETY: takes two integers; a group that no longer exists is an error code, ignored.
        unsafe { sys::kill(-group, number) };
    }
}

#[cfg(not(unix))]
pub fn end_group(child: &mut Child, _force: bool) {
    let _ = child.kill();
}

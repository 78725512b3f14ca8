//! Starting other programs: always bounded in time, always with their whole process group, so that
//! nothing that a test started outlives it.

use crate::project::Project;
use crate::signals;
use std::ffi::OsStr;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::ScopedJoinHandle;
use std::time::{Duration, Instant};

pub const MINUTE: Duration = Duration::from_secs(60);

pub struct Finished {
    pub ok: bool,
    /// Standard output and standard error in the order in which they were written.
    pub output: String,
}

/// A program that will run in the project's root, without what `cargo run` told this one about itself.
pub fn command(project: &Project, program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(&project.root).stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    group(&mut command);
    command
}

/// The cargo that runs this program.
pub fn cargo(project: &Project) -> Command {
    command(project, std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The same command, which takes only the time that others leave; where there is no `nice`, as it is.
pub fn patient(project: &Project, of: Command) -> Command {
    let Some(nice) = on_path(&["nice"]) else {
        return of;
    };
    let mut patient = command(project, nice);
    patient.args(["-n", "10"]).arg(of.get_program()).args(of.get_args());
    if let Some(folder) = of.get_current_dir() {
        patient.current_dir(folder);
    }
    for (name, value) in of.get_envs() {
        match value {
            Some(value) => patient.env(name, value),
            None => patient.env_remove(name),
        };
    }
    patient
}

#[cfg(unix)]
fn group(command: &mut Command) {
    std::os::unix::process::CommandExt::process_group(command, 0);
}

#[cfg(not(unix))]
fn group(_: &mut Command) {}

/// Runs to the end or to the limit and keeps what was printed.
pub fn captured(project: &Project, mut command: Command, limit: Duration) -> Result<Finished, String> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = command.get_program().to_string_lossy().into_owned();
    // A file and not a pipe: a grandchild that keeps a pipe open would make the reader wait for it.
    let log =
        project.path(&format!("target/xtask-{}-{}.log", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed)));
    let failed = |e: std::io::Error| format!("cannot write {}: {e}", log.display());
    std::fs::create_dir_all(project.path("target")).map_err(failed)?;
    let file = File::create(&log).map_err(failed)?;
    command.stdout(file.try_clone().map_err(failed)?).stderr(file);
    let child = command.spawn().map_err(|e| format!("cannot start {name}: {e}"));
    let ended = child.and_then(|mut child| wait(&mut child, limit).map_err(|e| format!("{name}: {e}")));
    let bytes = std::fs::read(&log).unwrap_or_default();
    let _ = std::fs::remove_file(&log);
    let mut output = String::from_utf8_lossy(&bytes).into_owned();
    let status = ended?;
    let ok = status.is_some_and(|status| status.success());
    if status.is_none() {
        output.push_str(&format!("\nstopped: still running after {} s\n", limit.as_secs()));
    }
    Ok(Finished { ok, output })
}

/// Runs quietly; on failure the error is what the program printed.
pub fn quiet(project: &Project, command: Command, limit: Duration) -> Result<String, String> {
    let line = line(&command);
    let done = captured(project, command, limit)?;
    if done.ok { Ok(done.output) } else { Err(format!("`{line}` failed:\n{}", done.output.trim_end())) }
}

/// Runs with its output on the terminal; answers with its exit status.
pub fn shown(mut command: Command, limit: Duration) -> Result<ExitCode, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let mut child = command.spawn().map_err(|e| format!("cannot start {name}: {e}"))?;
    let ended = wait(&mut child, limit).map_err(|e| format!("{name}: {e}"))?;
    // No code at all: a signal ended it, or the limit did.
    let code = ended.and_then(|status| u8::try_from(status.code()?).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// What a program answers to a quick question; nothing when it is not there or refuses.
pub fn answer(project: &Project, program: impl AsRef<OsStr>, args: &[&str]) -> Option<String> {
    let mut command = command(project, program);
    command.args(args).stderr(Stdio::null());
    let output = command.output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The first of these programs that is on PATH.
pub fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names.iter().find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|file| is_program(file)))
}

pub fn is_program(file: &Path) -> bool {
    file.is_file() || file.with_extension("exe").is_file()
}

pub fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

/// The child's own end, or nothing when the limit came first.
fn wait(child: &mut Child, limit: Duration) -> Result<Option<ExitStatus>, String> {
    let started = Instant::now();
    loop {
        match child.try_wait().map_err(|e| e.to_string())? {
            Some(status) => {
                // Servers that the program forgot.
                signals::end_group(child, true);
                return Ok(Some(status));
            }
            None if signals::interrupted() => {
                stop(child);
                return Err("interrupted".to_owned());
            }
            None if started.elapsed() >= limit => {
                stop(child);
                return Ok(None);
            }
            None => std::thread::sleep(Duration::from_millis(10)),
        }
    }
}

/// What a thread came to; its panic is this one's, too.
pub fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Lets the group end by itself for ten seconds, then ends it.
pub fn stop(child: &mut Child) {
    signals::end_group(child, false);
    let asked = Instant::now();
    while asked.elapsed() < Duration::from_secs(10) {
        if matches!(child.try_wait(), Ok(Some(_)) | Err(_)) {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    signals::end_group(child, true);
    let _ = child.wait();
}

#[cfg(test)]
mod tests {
    use super::{command, line, on_path, patient};
    use crate::project::Project;

    #[test]
    fn a_patient_command_is_the_same_one() {
        let project = Project::find();
        let of = || {
            let mut of = command(&project, "cargo");
            of.arg("test").current_dir("target").env("ONE", "1").env_remove("TWO");
            of
        };
        let (of, patient) = (of(), patient(&project, of()));
        let nice = on_path(&["nice"]).map_or(String::new(), |nice| format!("{} -n 10 ", nice.display()));
        assert_eq!(line(&patient), format!("{nice}{}", line(&of)));
        assert_eq!(patient.get_current_dir(), of.get_current_dir());
        assert!(patient.get_envs().eq(of.get_envs()));
    }
}

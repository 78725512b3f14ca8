//! `cargo xtask demo`: the clouds' emulator and the page that calls it, until Ctrl-C; or with
//! `--check` every call and a safe removal on each cloud once, without a page, and one that is
//! killed, gone on with and undone.

use crate::project::Project;
use crate::run::{MINUTE, command, joined, shown, stop};
use crate::setup::{npm, python};
use crate::{signals, wasm};
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

pub fn demo(project: &Project, flags: &[String]) -> Result<ExitCode, String> {
    const KNOWN: [&str; 3] = ["--check", "--wrong-secret", "--openstack"];
    if let Some(flag) = flags.iter().find(|flag| !KNOWN.contains(&flag.as_str())) {
        return Err(format!("demo has no option `{flag}`; it has {}", KNOWN.join(", ")));
    }
    let given = |name: &str| flags.iter().any(|flag| flag == name);
    if given("--wrong-secret") && !given("--check") {
        return Err("--wrong-secret belongs to --check: on the page, edit the secret".to_owned());
    }
    let check = given("--check");
    let python = ready(project, !check, given("--openstack"))?;
    let with_python = |mut command: Command| {
        // The variable that tests/openstack/octavia-up.sh reads.
        command.envs(python.as_ref().map(|python| ("PY", python)));
        command
    };
    if check {
        let mut check = with_python(command(project, "node"));
        check.arg(project.path("tests/demo/check.mjs")).env("UNPOOL_PKG", project.package());
        check.args(flags.iter().filter(|flag| *flag != "--check"));
        return shown(check, 20 * MINUTE);
    }
    page(project, given("--openstack"), &with_python)
}

/// Builds the package, and installs what else is needed meanwhile. Answers with the interpreter for OpenStack, where
/// that is wanted.
fn ready(project: &Project, page: bool, openstack: bool) -> Result<Option<PathBuf>, String> {
    let _lock = project.lock()?;
    thread::scope(|scope| {
        let page = page.then(|| scope.spawn(|| npm::ready(project, "www")));
        let python = openstack.then(|| scope.spawn(|| python::openstack(project)));
        wasm::build_aloud(project)?;
        page.map_or(Ok(()), joined)?;
        python.map(joined).transpose()
    })
}

/// Starts everything, prints the URL and stops everything when asked or when a part ends.
fn page(project: &Project, openstack: bool, with_python: &dyn Fn(Command) -> Command) -> Result<ExitCode, String> {
    let mut emulator = command(project, "node");
    emulator.arg(project.path("tests/emulator/main.mjs")).args(["--port", "0", "--cors"]);
    let emulator = Server::start("the emulator", emulator)?;
    let clouds = emulator.line(MINUTE, |line| line.starts_with('{'))?;

    let mut vite = command(project, "node");
    vite.current_dir(project.path("www"))
        .arg(project.path("www/node_modules/vite/bin/vite.js"))
        .args(["--host", "127.0.0.1"])
        .env("NO_COLOR", "1")
        .env("VITE_EMULATOR", clouds);
    let mut servers = vec![emulator];
    if openstack {
        println!("starting Keystone and Octavia (a minute or more the first time)");
        let mut lab = with_python(command(project, "node"));
        lab.arg(project.path("xtask/openstack.mjs"));
        let lab = Server::start("OpenStack", lab)?;
        vite.env("VITE_OPENSTACK", lab.line(15 * MINUTE, |line| line.starts_with('{'))?);
        servers.push(lab);
    }
    let vite = Server::start("the page", vite)?;
    let line = vite.line(MINUTE, |line| line.contains("http://"))?;
    servers.push(vite);
    let url = line.find("http://").map_or("", |start| line[start..].trim());
    println!("demo: {url}  (Ctrl-C ends it)");
    loop {
        if signals::interrupted() {
            return Ok(ExitCode::SUCCESS);
        }
        for server in &mut servers {
            server.still_runs()?;
        }
        thread::sleep(Duration::from_millis(100));
    }
}

/// A child that runs until it is dropped.
struct Server {
    name: &'static str,
    child: Child,
    lines: Receiver<String>,
}

impl Server {
    fn start(name: &'static str, mut command: Command) -> Result<Self, String> {
        // Standard input stays open and empty: Vite ends when it is closed.
        let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = spawned.map_err(|e| format!("cannot start {name}: {e}"))?;
        let (send, lines) = channel();
        if let Some(stdout) = child.stdout.take() {
            // Reads on after the line that was waited for, or the child would block on a full pipe.
            thread::spawn(move || {
                for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                    let _ = send.send(line);
                }
            });
        }
        Ok(Self { name, child, lines })
    }

    /// The first line that fits.
    fn line(&self, limit: Duration, fits: impl Fn(&str) -> bool) -> Result<String, String> {
        let started = Instant::now();
        loop {
            match self.lines.recv_timeout(Duration::from_millis(100)) {
                Ok(line) if fits(&line) => return Ok(line),
                Ok(_) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(format!("{} ended before it was ready", self.name));
                }
                Err(RecvTimeoutError::Timeout) if signals::interrupted() => {
                    return Err("interrupted".to_owned());
                }
                Err(RecvTimeoutError::Timeout) if started.elapsed() >= limit => {
                    return Err(format!("{} was not ready in {} s", self.name, limit.as_secs()));
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    fn still_runs(&mut self) -> Result<(), String> {
        while let Ok(line) = self.lines.try_recv() {
            println!("{line}");
        }
        match self.child.try_wait() {
            Ok(None) => Ok(()),
            Ok(Some(status)) => Err(format!("{} ended: {status}", self.name)),
            Err(error) => Err(format!("{}: {error}", self.name)),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        stop(&mut self.child);
    }
}

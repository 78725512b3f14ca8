//! `cargo xtask`: one command line for everything a contributor or CI does.
//! Each command first installs what it needs and is missing.

mod bench;
mod counts;
mod demo;
mod matrix;
mod project;
mod reference;
mod run;
mod schedule;
mod setup;
mod signals;
mod suites;
mod test;
mod tools;
mod types;
mod wasm;

use project::Project;
use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask <command>

  setup                 install what is missing for all the others
  build                 compile, optimise and pack the npm package into pkg/
  demo                  build, start the cloud emulator and the demo page, print its URL
    --check             no page: do every call once and print a table
    --wrong-secret      with --check: every call must be refused
    --openstack         also use a real Keystone and Octavia
  test                  all tests, as many at once as the cores allow, ending with
                        `N passed, N failed`
    --quick             without browsers, OpenStack and the clients from PyPI
    --verbose           show the output of passing suites too
    --only <name>       only the suites whose name contains <name>
  matrix                the package in every runtime, bundler and browser that is known, and a table
    --only <name>       only those whose name contains <name>
  bench                 speed and size of the built package
    --peers             beside the vendors' clients and other signers
  docs                  write docs/operations.md from the operation tables
";

fn main() -> ExitCode {
    signals::catch();
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (command, flags) = match args.split_first() {
        Some((command, flags)) => (command.as_str(), flags),
        None => ("help", &[][..]),
    };
    let project = Project::find();
    let done = match command {
        "setup" => no_flags(flags).and_then(|()| setup::everything(&project)),
        "build" => no_flags(flags).and_then(|()| {
            wasm::build_and_say(&project).map(|report| {
                print!("{report}");
                ExitCode::SUCCESS
            })
        }),
        "demo" => demo::demo(&project, flags),
        "test" => test::test(&project, flags),
        "matrix" => matrix::matrix(&project, flags),
        "bench" => bench::bench(&project, flags),
        "docs" => no_flags(flags).and_then(|()| reference::docs(&project)),
        "help" | "--help" | "-h" => {
            print!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        other => Err(format!("there is no command `{other}`\n\n{USAGE}")),
    };
    done.unwrap_or_else(|message| {
        eprintln!("error: {message}");
        // What a shell expects of a command that Ctrl-C ended.
        if signals::interrupted() { ExitCode::from(130) } else { ExitCode::FAILURE }
    })
}

fn no_flags(flags: &[String]) -> Result<(), String> {
    match flags.first() {
        None => Ok(()),
        Some(flag) => Err(format!("this command takes no `{flag}`\n\n{USAGE}")),
    }
}

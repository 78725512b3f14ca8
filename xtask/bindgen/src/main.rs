//! `xtask-bindgen <module.wasm> <folder>`: writes `core_bg.wasm` and its glue `core.js`.
//!
//! What the command `wasm-bindgen` writes with `--target web --out-name core --omit-default-module-path
//! --remove-name-section --remove-producers-section --no-typescript`, to the byte.
#![forbid(unsafe_code)]

use std::ffi::OsString;
use std::process::ExitCode;
use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let [module, folder] = arguments.as_slice() else {
        eprintln!("usage: xtask-bindgen <module.wasm> <folder>");
        return ExitCode::from(2);
    };
    let mut bindgen = Bindgen::new();
    let web = bindgen.input_path(module).out_name("core").web(true);
    let written = web.and_then(|bindgen| {
        bindgen
            // Without it the glue names its module by URL, and bundlers emit that file a second time.
            .omit_default_module_path(true)
            .remove_name_section(true)
            .remove_producers_section(true)
            .typescript(false)
            .generate(folder)
    });
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:?}");
            ExitCode::FAILURE
        }
    }
}

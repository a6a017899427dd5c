//! `server`: see `server --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    dung_hen_server::cli::main()
}

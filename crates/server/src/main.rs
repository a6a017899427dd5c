//! `server`: see `server --help`.

use std::process::ExitCode;

/// Many small pieces of memory for each request: docs/PERFORMANCE-HISTORY.md, "Look-ups".
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    dung_hen_server::cli::main()
}

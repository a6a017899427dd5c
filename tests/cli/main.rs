//! The program as a person at a terminal meets it.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests: to fail is their way of telling"
)]

mod calendar;
mod database;
mod deadline;
mod mistakes;
mod own_key;
mod serving;
mod typed;

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use dung_hen_tests::program;

fn run(arguments: &[&str], input: &str) -> Output {
    let program = program();
    let mut child = Command::new(&program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{}: {error}; build the server first", program.display()));
    let mut stdin = child.stdin.take().expect("stdin");
    // A program that needs no input may be gone already.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    child.wait_with_output().expect("the program's output")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

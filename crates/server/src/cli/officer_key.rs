//! `server officer-key`: a key for an officer, and the hash that goes into the province's file.

use std::process::ExitCode;

use crate::keys::{random, readable};
use crate::service::officer::key_hash;

pub(super) fn run() -> ExitCode {
    let Ok(bytes) = random() else {
        eprintln!("no random bytes from the machine");
        return ExitCode::FAILURE;
    };
    // 28 characters of 30: 137 bits, and still to be typed from paper.
    let key = readable(&bytes, 7);
    tell!("key, for the officer alone: {key}");
    tell!(
        "for the province's file:    key_sha256 = \"{}\"",
        key_hash(&key)
    );
    ExitCode::SUCCESS
}

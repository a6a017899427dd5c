//! The blinding of ballots, as a WebAssembly module without glue: `public/ballot.js` writes into one shared buffer,
//! calls, and reads from it. No allocator, no imports; randomness is drawn by the browser and written in.
//!
//! | offset | bytes | holds |
//! |---:|---:|---|
//! | 0 | 24 | the number; before `draw` its random bytes |
//! | 32 | 64 | before `ask` random bytes, after it the blind; its last 32 bytes are the request |
//! | 96 | 96 | the server's answer |
//! | 192 | 32 | the key, before `hash` unused, after it the hash |
//! | 224 | 64 | the output |
//! | 288 | 8192 | the label, or what is to be hashed |

#![cfg_attr(target_arch = "wasm32", no_std)]
#![expect(
    unsafe_code,
    reason = "an exported name is an unsafe attribute; there is no other unsafe code here"
)]

use core::sync::atomic::{AtomicU8, Ordering::Relaxed};

use dung_hen_ballot::{Client, Number};
use sha2::{Digest as _, Sha256};

const TEXT: usize = 288;
const TEXT_LEN: usize = 8192;

static BUFFER: [AtomicU8; TEXT + TEXT_LEN] = [const { AtomicU8::new(0) }; TEXT + TEXT_LEN];

fn take<const N: usize>(at: usize) -> [u8; N] {
    let mut out = [0; N];
    copy(at, &mut out);
    out
}

fn copy(at: usize, out: &mut [u8]) {
    for (slot, byte) in out.iter_mut().zip(BUFFER.iter().skip(at)) {
        *slot = byte.load(Relaxed);
    }
}

fn put(at: usize, bytes: &[u8]) {
    for (byte, slot) in bytes.iter().zip(BUFFER.iter().skip(at)) {
        slot.store(*byte, Relaxed);
    }
}

/// Where the buffer is.
#[unsafe(no_mangle)]
pub extern "C" fn buffer() -> *const AtomicU8 {
    BUFFER.as_ptr()
}

/// Makes a number of the 22 random bytes at 0.
#[unsafe(no_mangle)]
pub extern "C" fn draw() {
    put(0, Number::from_random(take(0)).as_bytes());
}

/// Whether the text of this length at 288 is a number; then it stands at 0, as the server knows it.
#[unsafe(no_mangle)]
pub extern "C" fn read(len: usize) -> bool {
    let mut text = [0; 96];
    let Some(text) = text.get_mut(..len) else {
        return false;
    };
    copy(TEXT, text);
    let number = core::str::from_utf8(text)
        .ok()
        .and_then(|text| Number::parse(text).ok());
    if let Some(number) = number {
        put(0, number.as_bytes());
    }
    number.is_some()
}

/// Blinds the number with the 64 random bytes at 32.
#[unsafe(no_mangle)]
pub extern "C" fn ask() -> bool {
    match Client::blind(&take::<24>(0), take(32)) {
        Ok(blind) => {
            put(32, &blind);
            true
        }
        Err(_) => false,
    }
}

/// Checks the answer against the key, for the label of this length, and unblinds it.
#[unsafe(no_mangle)]
pub extern "C" fn finish(len: usize) -> bool {
    let mut label = [0; 512];
    let Some(label) = label.get_mut(..len) else {
        return false;
    };
    copy(TEXT, label);
    let key = take(192);
    match Client::finish(&take::<24>(0), &take(32), &take(96), &key, label) {
        Ok(output) => {
            put(224, &output);
            true
        }
        Err(_) => false,
    }
}

/// SHA-256 of the bytes of this length at 288: the browser's own is closed to pages without https.
#[unsafe(no_mangle)]
pub extern "C" fn hash(len: usize) {
    let mut hash = Sha256::new();
    for byte in BUFFER.iter().skip(TEXT).take(len.min(TEXT_LEN)) {
        hash.update([byte.load(Relaxed)]);
    }
    put(192, &hash.finalize());
}

#[cfg(target_arch = "wasm32")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

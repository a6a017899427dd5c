//! What a citizen lives, in a real browser against the real server: Chromium, or the one that `DUNG_HEN_ENGINE` names.

mod baseline;
mod board;
mod case;
mod delivery;
mod embedding;
mod engines;
mod everyone;
mod fallback;
mod hosts;
mod journey;
mod kiosk;
mod lookup;
mod notice;
mod paper;
mod rating;
mod sheet;
mod spoken;
mod trouble;

mod objection;

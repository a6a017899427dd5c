//! The API through real HTTP on a real SQLite file.

mod access;
mod bad_input;
mod figures;
mod import;
mod objections;
mod pages;
mod ratings;
mod support;
mod surface;

//! With the feature `embedded`, the built element becomes part of the program: a file added to `dist/` must lead
//! to a new build, which the embedding alone does not notice.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var_os("CARGO_FEATURE_EMBEDDED").is_some() {
        println!("cargo::rerun-if-changed=../../dist");
    }
}

//! Readers of the small answers. A field that is missing fails the whole, as in the derived readers.
//! The views of a case are not read but drawn as they came (`components/`).

use dung_hen_domain::wire::{Problem, Text};

use super::json::Json;

/// What can be read.
pub(super) trait Read: Sized {
    /// Reads it; `None` where it has another form.
    fn read(json: &impl Json) -> Option<Self>;
}

impl Read for String {
    fn read(json: &impl Json) -> Option<Self> {
        json.text()
    }
}

impl Read for u32 {
    fn read(json: &impl Json) -> Option<Self> {
        json.number()
    }
}

impl Read for u16 {
    fn read(json: &impl Json) -> Option<Self> {
        json.number()?.try_into().ok()
    }
}

impl<T: Read> Read for Option<T> {
    fn read(json: &impl Json) -> Option<Self> {
        if json.is_nothing() {
            return Some(None);
        }
        T::read(json).map(Some)
    }
}

/// A reader for a structure: each field by its own name.
macro_rules! read {
    ($($name:ident { $($field:ident),+ })+) => { $(
        impl Read for $name {
            #[inline(never)]
            fn read(json: &impl Json) -> Option<Self> {
                Some(Self { $($field: Read::read(&json.field(stringify!($field)))?),+ })
            }
        }
    )+ };
}

read! {
    Text { vi, en }
}

impl Read for Problem {
    fn read(json: &impl Json) -> Option<Self> {
        Some(Self {
            // Not shown: `code` tells the kinds apart, `message` is the sentence.
            kind: "about:blank".into(),
            title: String::new(),
            status: Read::read(&json.field("status"))?,
            code: Read::read(&json.field("code"))?,
            message: Read::read(&json.field("message"))?,
            retry_after_s: Read::read(&json.field("retry_after_s"))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::de::DeserializeOwned;
    use serde_json::{Value, json};

    fn same<T: Read + DeserializeOwned + PartialEq + std::fmt::Debug>(json: Value) {
        let derived = serde_json::from_value::<T>(json.clone()).ok();
        assert_eq!(T::read(&json), derived, "{json}");
    }

    #[test]
    fn the_readers_agree_with_the_derived_ones() {
        same::<Problem>(
            json!({ "type": "about:blank", "status": 429, "code": "x", "message": { "vi": "a", "en": "b" }, "retry_after_s": 3 }),
        );
        for nonsense in [json!([]), json!({ "code": 7 }), json!(null), json!("x")] {
            same::<Problem>(nonsense);
        }
    }
}

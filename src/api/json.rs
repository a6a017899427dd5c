//! JSON without a parser of our own: the browser parses, and what it parsed is read field by field.
//!
//! The readers are generic over [`Json`], so that natively they are tested against the derived ones
//! that the server uses.

use wasm_bindgen::{JsCast, JsValue};

/// A parsed value.
pub(super) trait Json: Sized {
    /// The field with this key; a missing one reads as nothing.
    fn field(&self, key: &str) -> Self;
    /// Whether it is missing or null.
    fn is_nothing(&self) -> bool;
    /// As a text.
    fn text(&self) -> Option<String>;
    /// As a whole number.
    fn number(&self) -> Option<u32>;
    /// As yes or no.
    fn flag(&self) -> Option<bool>;
    /// As a list.
    fn list(&self) -> Option<Vec<Self>>;
}

impl Json for JsValue {
    #[inline(never)]
    fn field(&self, key: &str) -> Self {
        // Throws where there is no object to have fields.
        js_sys::Reflect::get(self, &Self::from_str(key)).unwrap_or(Self::UNDEFINED)
    }

    fn is_nothing(&self) -> bool {
        self.is_undefined() || self.is_null()
    }

    fn text(&self) -> Option<String> {
        self.as_string()
    }

    fn number(&self) -> Option<u32> {
        let number = self.as_f64()?;
        let whole = number as u32;
        (f64::from(whole) == number).then_some(whole)
    }

    fn flag(&self) -> Option<bool> {
        self.as_bool()
    }

    fn list(&self) -> Option<Vec<Self>> {
        Some(self.dyn_ref::<js_sys::Array>()?.iter().collect())
    }
}

/// Writes the bodies of our questions.
#[derive(Default)]
pub(super) struct Body(String);

impl Body {
    /// Punctuation and keys of this program.
    pub(super) fn raw(mut self, json: &'static str) -> Self {
        self.0.push_str(json);
        self
    }

    /// A text, quoted and escaped.
    #[inline(never)]
    pub(super) fn text(mut self, text: &str) -> Self {
        const HEX: [char; 16] = [
            '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
        ];
        self.0.push('"');
        for letter in text.chars() {
            match letter {
                '"' | '\\' => {
                    self.0.push('\\');
                    self.0.push(letter);
                }
                '\0'..' ' => {
                    self.0.push_str("\\u00");
                    let code = letter as usize;
                    self.0.extend(HEX.get(code >> 4));
                    self.0.extend(HEX.get(code & 15));
                }
                _ => self.0.push(letter),
            }
        }
        self.0.push('"');
        self
    }

    /// A key and a text, where there is a text.
    pub(super) fn maybe(self, key: &'static str, text: Option<&String>) -> Self {
        match text {
            Some(text) => self.raw(key).text(text),
            None => self,
        }
    }

    /// A digit.
    pub(super) fn digit(mut self, digit: u8) -> Self {
        dung_hen_domain::civil::push_padded(&mut self.0, digit.into(), 1);
        self
    }

    /// What has been written.
    pub(super) fn finish(self) -> String {
        self.0
    }
}

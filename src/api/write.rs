//! Writes a question as JSON: fields that are texts or left out. A writer for anything at all costs every citizen more
//! than the one question there is; the wire type's own serde says what it holds.

use std::fmt::{self, Display};

use serde::ser::{self, Impossible, Serialize, SerializeStruct, Serializer};

/// The question as it is sent; nothing where a field is of another kind.
pub(super) fn json(question: &impl Serialize) -> Option<String> {
    let mut out = Json(String::new());
    question.serialize(&mut out).ok()?;
    Some(out.0)
}

struct Json(String);

impl Json {
    /// A text in quotes, with what JSON lets no text hold escaped.
    #[inline(never)]
    fn text(&mut self, text: &str) {
        self.0.push('"');
        for letter in text.chars() {
            match letter {
                '"' => self.0.push_str("\\\""),
                '\\' => self.0.push_str("\\\\"),
                '\n' => self.0.push_str("\\n"),
                '\t' => self.0.push_str("\\t"),
                // Nothing else of the kind is ever typed into a field.
                '\0'..='\x1f' => self.0.push(' '),
                _ => self.0.push(letter),
            }
        }
        self.0.push('"');
    }
}

/// A kind of value that no question has.
#[derive(Debug)]
pub(super) struct Unknown;

impl Display for Unknown {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Unknown {}

impl ser::Error for Unknown {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }
}

impl SerializeStruct for &mut Json {
    type Ok = ();
    type Error = Unknown;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Unknown> {
        self.0.push(if self.0.is_empty() { '{' } else { ',' });
        self.text(name);
        self.0.push(':');
        value.serialize(&mut **self)
    }

    fn end(self) -> Result<(), Unknown> {
        self.0.push('}');
        Ok(())
    }
}

macro_rules! unknown {
    ($($name:ident: $kind:ty),+ $(,)?) => {
        $(fn $name(self, _: $kind) -> Result<(), Unknown> {
            Err(Unknown)
        })+
    };
}

impl Serializer for &mut Json {
    type Ok = ();
    type Error = Unknown;
    type SerializeSeq = Impossible<(), Unknown>;
    type SerializeTuple = Impossible<(), Unknown>;
    type SerializeTupleStruct = Impossible<(), Unknown>;
    type SerializeTupleVariant = Impossible<(), Unknown>;
    type SerializeMap = Impossible<(), Unknown>;
    type SerializeStruct = Self;
    type SerializeStructVariant = Impossible<(), Unknown>;

    fn serialize_str(self, value: &str) -> Result<(), Unknown> {
        self.text(value);
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Unknown> {
        value.serialize(self)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Unknown> {
        Ok(self)
    }

    unknown! {
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64,
        serialize_f32: f32, serialize_f64: f64, serialize_char: char, serialize_bytes: &[u8],
        serialize_unit_struct: &'static str,
    }

    fn serialize_none(self) -> Result<(), Unknown> {
        Err(Unknown)
    }

    fn serialize_unit(self) -> Result<(), Unknown> {
        Err(Unknown)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
    ) -> Result<(), Unknown> {
        Err(Unknown)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: &T,
    ) -> Result<(), Unknown> {
        Err(Unknown)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Unknown> {
        Err(Unknown)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, Unknown> {
        Err(Unknown)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Unknown> {
        Err(Unknown)
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, Unknown> {
        Err(Unknown)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Unknown> {
        Err(Unknown)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Unknown> {
        Err(Unknown)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Unknown> {
        Err(Unknown)
    }
}

#[cfg(test)]
mod tests {
    use dung_hen_domain::wire::LookupRequest;
    use serde_json::{Value, json};

    fn read(text: Option<String>) -> Value {
        serde_json::from_str(&text.unwrap()).unwrap()
    }

    #[test]
    fn a_question_is_what_serde_writes_whatever_was_typed() {
        for typed in [
            "",
            "H98.1-261005-0001",
            "a\"b\\c\nd\te</script>",
            "Nguyễn Thị Ánh 🇻🇳",
            "{}[],:",
        ] {
            let lookup = LookupRequest {
                case_code: typed.to_owned(),
                proof: (!typed.is_empty()).then(|| typed.to_owned()),
                have: None,
            };
            assert_eq!(read(super::json(&lookup)), json!(lookup));
        }
    }

    #[test]
    fn what_no_text_may_hold_becomes_a_blank_and_what_no_question_has_is_not_sent() {
        #[derive(serde::Serialize)]
        struct Asked<T> {
            what: T,
        }
        let written = super::json(&Asked { what: "a\0\u{1b}b" });
        assert_eq!(read(written), json!({ "what": "a  b" }));
        assert_eq!(super::json(&Asked { what: 7 }), None);
        assert_eq!(super::json(&Asked { what: true }), None);
        assert_eq!(super::json(&Asked { what: ["a"] }), None);
    }
}

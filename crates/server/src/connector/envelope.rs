//! The envelopes in their own field names. Fields that are not listed here are not read:
//! name, address, e-mail and attachment paths end at this door.

use chrono::NaiveDateTime;
use dung_hen_domain::case::{CaseStatus, Decision};
use dung_hen_domain::case_code::{CaseCode, CaseCodeError, MAX_LENGTH, narrow};
use dung_hen_domain::civil::parse_stamp;
use serde::Deserialize;
use serde::de::{self, Deserializer};
use serde_json::value::RawValue;

/// What was expected, and the form of what was found: never the value, which may be about a person.
fn wrong<E: de::Error>(expected: &str, found: &str) -> E {
    de::Error::custom(format!("{expected}, found {}", form(found)))
}

fn form(text: &str) -> String {
    let count = text.chars().count();
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let of_a_date = |byte: u8| byte.is_ascii_digit() || b"-/.: TZ+".contains(&byte);
    match count {
        0 => "nothing".to_owned(),
        14 if digits => "14 digits that are no day and hour".to_owned(),
        1 if digits => "1 digit".to_owned(),
        _ if digits => format!("{count} digits"),
        // As spreadsheets and other systems write a day.
        6..=25 if text.bytes().all(of_a_date) => {
            let nines = text
                .chars()
                .map(|one| if one.is_ascii_digit() { '9' } else { one });
            format!("{} (9 stands for any digit)", nines.collect::<String>())
        }
        _ => format!("a text of {count} characters"),
    }
}

/// A moment as fourteen digits; empty or null is missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamp(pub Option<NaiveDateTime>);

impl<'de> Deserialize<'de> for Stamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Words::deserialize(deserializer)?.0;
        match text {
            None => Ok(Self(None)),
            Some(text) => parse_stamp(&text)
                .map(|moment| Self(Some(moment)))
                .ok_or_else(|| wrong("a moment as yyyyMMddHHmmss expected", &text)),
        }
    }
}

/// A text; numbers are read as text, empty and null as missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words(pub Option<String>);

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Words;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a text")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Words, E> {
                let text = text.trim();
                Ok(Words((!text.is_empty()).then(|| text.to_owned())))
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Words, E> {
                Ok(Words(Some(number.to_string())))
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Words, E> {
                Ok(Words(Some(number.to_string())))
            }
            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Words, E> {
                // 12000.0 is a way of writing 12000; a fraction is nothing that any of these fields could hold.
                let whole = number.fract() == 0.0 && number.abs() < 1e15;
                whole
                    .then(|| Words(Some(format!("{number:.0}"))))
                    .ok_or_else(|| E::custom("a text expected"))
            }
            // `"True"` and `"False"` are how these systems write it.
            fn visit_bool<E: de::Error>(self, value: bool) -> Result<Words, E> {
                Ok(Words(Some(if value { "True" } else { "False" }.to_owned())))
            }
            fn visit_unit<E: de::Error>(self) -> Result<Words, E> {
                Ok(Words(None))
            }
            fn visit_none<E: de::Error>(self) -> Result<Words, E> {
                Ok(Words(None))
            }
            fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Words, D::Error> {
                deserializer.deserialize_any(Visitor)
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

/// A text of which it depends on the state whether it is read: what is no text is told there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// A text, or none.
    Words(Words),
    /// Neither.
    Other,
}

impl Default for Note {
    fn default() -> Self {
        Self::Words(Words::default())
    }
}

impl<'de> Deserialize<'de> for Note {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?;
        Ok(serde_json::from_str(raw.get()).map_or(Self::Other, Self::Words))
    }
}

/// A case code, cleaned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code(pub CaseCode);

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Words::deserialize(deserializer)?.0.unwrap_or_default();
        let text: String = text.chars().map(narrow).collect();
        CaseCode::parse(&text).map(Self).map_err(|error| {
            // What was sent is not repeated.
            let found = match error {
                CaseCodeError::Empty => "found nothing".to_owned(),
                CaseCodeError::TooLong => format!("found more than {MAX_LENGTH} characters"),
                CaseCodeError::BadCharacter(other) => {
                    let place = text.chars().take_while(|one| *one != other).count() + 1;
                    format!("found another character at place {place}")
                }
            };
            de::Error::custom(format!(
                "a case code expected (letters, digits and . - / _), {found}"
            ))
        })
    }
}

/// A national state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status(pub CaseStatus);

impl<'de> Deserialize<'de> for Status {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Words::deserialize(deserializer)?.0.unwrap_or_default();
        CaseStatus::from_code(&text)
            .map(Self)
            .ok_or_else(|| wrong("a state \"1\" to \"10\" expected", &text))
    }
}

/// What a result says; empty or null is missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decided(pub Option<Decision>);

impl<'de> Deserialize<'de> for Decided {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Words::deserialize(deserializer)?.0 {
            None => Ok(Self(None)),
            Some(text) => Decision::from_code(&text)
                .map(|decision| Self(Some(decision)))
                .ok_or_else(|| wrong("\"1\" (granted) or \"2\" (refused) expected", &text)),
        }
    }
}

/// A list; null and an empty text are an empty list.
#[derive(Clone, Debug)]
pub struct List<T>(pub Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> de::Visitor<'de> for Visitor<T> {
            type Value = List<T>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a list")
            }
            fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<List<T>, A::Error> {
                let mut all = Vec::new();
                while let Some(item) = seq.next_element()? {
                    all.push(item);
                }
                Ok(List(all))
            }
            fn visit_unit<E: de::Error>(self) -> Result<List<T>, E> {
                Ok(List::default())
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<List<T>, E> {
                if text.trim().is_empty() {
                    Ok(List::default())
                } else {
                    Err(E::custom("a list expected"))
                }
            }
        }
        deserializer.deserialize_any(Visitor(std::marker::PhantomData))
    }
}

/// The part of an envelope that tells which service it is.
#[derive(Clone, Debug, Deserialize)]
pub struct Head {
    /// `DongBoHoSoMC` or `CapNhatTienDoHoSoMC`.
    pub service: String,
}

/// A service of the national portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// `DongBoHoSoMC`.
    Cases,
    /// `CapNhatTienDoHoSoMC`.
    Progress,
}

impl Service {
    /// Its name in envelopes.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cases => "DongBoHoSoMC",
            Self::Progress => "CapNhatTienDoHoSoMC",
        }
    }

    /// By its name, with or without spaces around it.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Cases, Self::Progress]
            .into_iter()
            .find(|service| service.name() == name.trim())
    }
}

/// An envelope of one service.
#[derive(Clone, Debug, Deserialize)]
#[serde(bound = "Items<T>: Deserialize<'de>")]
pub struct Envelope<T> {
    /// The sending agency.
    #[serde(default, alias = "MaDinhDanhDV", alias = "MaDonVi")]
    pub madonvi: Words,
    /// Its items.
    pub data: Items<T>,
}

/// The items of an envelope; one item without a list around it is one item.
#[derive(Clone, Debug)]
pub struct Items<T>(pub Vec<T>);

impl<'de> Deserialize<'de> for Items<&'de RawValue> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?;
        match raw.get().as_bytes().first() {
            Some(b'[') => serde_json::from_str(raw.get())
                .map(Self)
                .map_err(|_| de::Error::custom("a list expected")),
            Some(b'{') => Ok(Self(vec![raw])),
            _ => Err(de::Error::custom("a list expected")),
        }
    }
}

/// What tells of which case an item is.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Coded {
    /// Case code.
    pub ma_ho_so: Code,
}

/// A case as `DongBoHoSoMC` sends it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CaseItem {
    /// Case code.
    pub ma_ho_so: Code,
    /// Procedure code.
    #[serde(rename = "MaTTHC", default)]
    pub ma_tthc: Words,
    /// Procedure name.
    #[serde(rename = "TenTTHC", default)]
    pub ten_tthc: Words,
    /// Field.
    #[serde(default)]
    pub ten_linh_vuc: Words,
    /// Identity number or tax code: hashed, then dropped.
    #[serde(default)]
    pub ma_doi_tuong: Words,
    /// Phone: hashed, then dropped.
    #[serde(default)]
    pub so_dien_thoai: Words,
    /// Extension of ours: the secret on the receipt: hashed, then dropped.
    #[serde(default)]
    pub ma_tra_cuu: Words,
    /// Reception.
    #[serde(default)]
    pub ngay_tiep_nhan: Stamp,
    /// Promise.
    #[serde(default)]
    pub ngay_hen_tra: Stamp,
    /// End of processing.
    #[serde(default)]
    pub ngay_ket_thuc_xu_ly: Stamp,
    /// Collection.
    #[serde(default)]
    pub ngay_tra: Stamp,
    /// State.
    pub trang_thai_ho_so: Status,
    /// Extension of ours: 1 where the result grants, 2 where it refuses; absent where the sender does not tell.
    #[serde(default)]
    pub ket_qua_giai_quyet: Decided,
    /// What was said on returning.
    #[serde(default)]
    pub thong_tin_tra: Words,
    /// What the agency noted: read where it refused or stopped the case, dropped otherwise.
    #[serde(default)]
    pub ghi_chu: Note,
    /// 0: at the counter; 1: by post.
    #[serde(default)]
    pub hinh_thuc: Words,
    /// 1 direct, 2 online, 3 postal.
    #[serde(default)]
    pub kenh_thuc_hien: Words,
    /// Handling unit.
    #[serde(default)]
    pub don_vi_xu_ly: Words,
    /// Extension of ours: 1 where it was handed in at another agency's one-stop unit, whatever the boundary.
    #[serde(default)]
    pub phi_dia_gioi: Words,
    /// Extension of ours: 1 where its fees were paid without cash, 0 where in cash; absent where nothing was paid.
    #[serde(default)]
    pub thanh_toan_khong_tien_mat: Words,
    /// Extension of ours: when the competent agency received it then.
    #[serde(default)]
    pub ngay_co_quan_tham_quyen_nhan: Stamp,
    /// Fees.
    #[serde(default)]
    pub danh_sach_le_phi: List<FeeItem>,
    /// Supplements.
    #[serde(default)]
    pub danh_sach_ho_so_bo_sung: List<SupplementItem>,
    /// Result papers.
    #[serde(default)]
    pub danh_sach_giay_to_ket_qua: List<ResultItem>,
    /// Extension of ours: letters of apology issued by the agency.
    #[serde(default)]
    pub danh_sach_xin_loi: List<LetterItem>,
}

/// A fee.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct FeeItem {
    /// Name.
    #[serde(default)]
    pub ten_phi_le_phi: Words,
    /// Amount in đồng.
    #[serde(default)]
    pub gia: Words,
}

/// A request for documents.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct SupplementItem {
    /// What is missing.
    #[serde(default)]
    pub noi_dung_bo_sung: Words,
    /// Who asked for it.
    #[serde(default)]
    pub nguoi_yeu_cau_bo_sung: Words,
    /// When it was asked for.
    #[serde(default)]
    pub ngay_bo_sung: Stamp,
    /// When the documents came in.
    #[serde(default)]
    pub ngay_tiep_nhan_bo_sung: Stamp,
    /// The promise before.
    #[serde(default)]
    pub ngay_hen_tra_truoc: Stamp,
    /// The promise after.
    #[serde(default)]
    pub ngay_hen_tra_moi: Stamp,
}

/// A result paper.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ResultItem {
    /// Name.
    #[serde(default)]
    pub ten_giay_to: Words,
    /// Address of the file.
    #[serde(default)]
    pub duong_dan_tep_tin_ket_qua: Words,
}

/// A letter of apology.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct LetterItem {
    /// Number.
    #[serde(default)]
    pub so_van_ban: Words,
    /// Day of issue.
    pub ngay_ban_hanh: Stamp,
    /// Issuing agency.
    #[serde(default)]
    pub co_quan_ban_hanh: Words,
    /// Reason.
    #[serde(default)]
    pub ly_do: Words,
    /// Date replaced.
    #[serde(default)]
    pub ngay_hen_tra_truoc: Stamp,
    /// New date.
    #[serde(default)]
    pub ngay_hen_tra_moi: Stamp,
    /// Signer.
    #[serde(default)]
    pub nguoi_ky: Words,
}

/// A step as `CapNhatTienDoHoSoMC` sends it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ProgressItem {
    /// Case code.
    pub ma_ho_so: Code,
    /// Officer.
    #[serde(default)]
    pub nguoi_xu_ly: Words,
    /// Title of the officer.
    #[serde(default)]
    pub chuc_danh: Words,
    /// When.
    pub thoi_diem_xu_ly: Stamp,
    /// Unit.
    #[serde(default)]
    pub phong_ban_xu_ly: Words,
    /// What was done.
    #[serde(default)]
    pub noi_dung_xu_ly: Words,
}

/// An item as its envelope, to be read once more.
#[must_use]
pub fn envelope_of(service: Service, agency: Option<&str>, item: &str) -> String {
    let agency = serde_json::Value::from(agency);
    format!(
        "{{\"service\":\"{}\",\"madonvi\":{agency},\"data\":[{item}]}}",
        service.name()
    )
}

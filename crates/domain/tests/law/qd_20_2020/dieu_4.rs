//! QĐ 20/2020/QĐ-TTg Điều 4: agency codes of up to 35 characters, level 1 first.

use dung_hen_domain::case_code::{CaseCode, Grammar};

use crate::date;

fn grammar(text: &str) -> Grammar {
    CaseCode::parse(text).unwrap().hints().grammar
}

/// `H19` the province, below it 01 and 02, 230502 the 2nd of May 2023.
#[test]
fn level_1_stands_first() {
    let hints = CaseCode::parse("H19.01.02-230502-0001").unwrap().hints();
    assert_eq!(hints.grammar, Grammar::Decision2020);
    assert_eq!(hints.level1.as_deref(), Some("H19"));
    assert_eq!(hints.received, Some(date("2023-05-02")));
}

/// The letter runs from A to Y: Z is the scheme of other organisations (Điều 6).
/// `H19` and eight groups of `.ABC` are 3 + 8 × 4 = 35 characters; one more is too many.
#[test]
fn the_letter_and_the_length_have_ends() {
    assert_eq!(grammar("Y19.01-230502-0001"), Grammar::Decision2020);
    assert_eq!(grammar("Z19.01-230502-0001"), Grammar::Opaque);
    let agency = format!("H19{}", ".ABC".repeat(8));
    assert_eq!(
        grammar(&format!("{agency}-230502-0001")),
        Grammar::Decision2020
    );
    assert_eq!(grammar(&format!("{agency}.A-230502-0001")), Grammar::Opaque);
}

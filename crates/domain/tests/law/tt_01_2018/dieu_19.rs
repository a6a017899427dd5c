//! TT 01/2018/TT-VPCP Điều 19: the case code `V1V2V3.Z1Z2.Y1Y2.MX1X2-YYMMDD-XXXX`.

use dung_hen_domain::case_code::{CaseCode, Grammar};

use crate::date;

/// `000.00.01` is the agency below level 1, `H19` the province, 230502 the 2nd of May 2023, 0001 the first of that day.
#[test]
fn level_1_stands_last() {
    let code = CaseCode::parse("000.00.01.H19-230502-0001").unwrap();
    let hints = code.hints();
    assert_eq!(hints.grammar, Grammar::Circular2018);
    assert_eq!(hints.level1.as_deref(), Some("H19"));
    assert_eq!(hints.received, Some(date("2023-05-02")));
}

/// Three digits, two, two: 00.00.01 is no agency of this scheme. Month 13 is no date. Both stay keys to look up by.
#[test]
fn what_does_not_fit_is_an_opaque_key() {
    for text in ["000.00.01.H19-231302-0001", "00.00.01.H19-230502-0001"] {
        let code = CaseCode::parse(text).unwrap();
        assert_eq!(code.as_str(), text);
        assert_eq!(code.hints().grammar, Grammar::Opaque, "{text}");
    }
}

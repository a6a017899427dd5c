//! The frame of every page and the look-up form.

use dung_hen_domain::words::Lang;
use maud::{DOCTYPE, Markup, html};

pub(super) fn page(lang: Lang, title: &str, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(lang.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " – Đúng Hẹn" }
                link rel="stylesheet" href="/page.css";
            }
            body {
                main { (body) }
                footer { p { (lang.pick(
                    "Trang này không dùng JavaScript. Thông tin tra cứu không nằm trong địa chỉ trang.",
                    "This page uses no JavaScript. What you look up is not part of the address.",
                )) } }
            }
        }
    }
}

pub(super) fn lookup_form(lang: Lang, case_code: &str) -> Markup {
    html! {
        form method="post" action="/tra-cuu" {
            input type="hidden" name="lang" value=(lang.tag());
            p {
                label for="case_code" { (lang.pick("Mã hồ sơ", "Case code")) }
                input id="case_code" name="case_code" value=(case_code) required autocomplete="off" spellcheck="false" maxlength="200";
            }
            p {
                label for="proof" { (lang.pick("Mã tra cứu, hoặc số cuối giấy tờ (không bắt buộc)", "Secret, or last digits (optional)")) }
                input id="proof" name="proof" aria-describedby="proof-help" autocomplete="off" spellcheck="false" maxlength="64";
                span id="proof-help" class="help" { (lang.pick(
                    "Mã tra cứu trên giấy hẹn, hoặc 6 số cuối số định danh, hoặc 4 số cuối điện thoại. Bỏ trống thì chỉ thấy trạng thái.",
                    "The secret on the receipt, or the last 6 digits of the identity number, or the last 4 of the phone. Left empty, you see the state only.",
                )) }
            }
            p { button { (lang.pick("Tra cứu", "Look up")) } }
        }
    }
}

//! What the plain forms of rating and correction send.
//!
//! Without JavaScript nobody can blind: the server draws the number, puts it into the form, does the citizen's part of
//! the protocol when it comes back, and forgets it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dung_hen_ballot::{Client, Number};
use dung_hen_domain::case::{Channel, WireName as _};
use dung_hen_domain::satisfaction::sheet::THREE;
use dung_hen_domain::wire::{
    Answers, Ballot, BallotRequest, CorrectionRequest, RatingReceipt, RatingRequest,
};
use dung_hen_domain::words::Lang;
use maud::{Markup, html};

use super::fields::Fields;
use super::{
    Sent, Tongue, failure, layout, page, rating, refused, refused_unread, sheet, unreadable,
};
use crate::error::AppError;
use crate::keys::{Purpose, random};
use crate::service::asker::Asker;
use crate::service::ballot::{self, Way};
use crate::service::rating as ratings;
use crate::state::AppState;

/// A number for a form.
pub(super) fn fresh_number() -> Result<Number, AppError> {
    let random = random().map_err(|_| AppError::Internal("randomness"))?;
    let mut bytes = [0; 22];
    bytes.copy_from_slice(&random[..22]);
    Ok(Number::from_random(bytes))
}

/// Rating: the ballot and the rating in one request.
pub async fn rate(
    State(state): State<AppState>,
    asker: Asker,
    sent: Sent<Vec<(String, String)>>,
) -> Response {
    let fields = match unreadable(sent) {
        Ok(fields) => Fields(fields),
        Err(error) => return refused_unread(&state, error).await,
    };
    let lang = Lang::from_tag(fields.one("lang"));
    let form = || layout::lookup_form(lang, fields.one("case_code"));
    // Before the ballot is given: answers that are refused use none up.
    let read = fields.answers(lang).and_then(|answers| {
        ratings::check(&answers)?;
        let number = Number::parse(fields.one("number"));
        Ok((answers, number.map_err(|_| AppError::BallotRequestInvalid)?))
    });
    let read = match read {
        Ok(read) => read,
        Err(error) => return refused(&state, error, lang, form()).await,
    };
    match rate_for(
        &state,
        &asker.with_ticket(fields.one("ticket")),
        &fields,
        read,
    )
    .await
    {
        Ok((receipt, ballot)) => {
            let online = fields.one("channel") == Channel::Online.name();
            let more: Vec<String> = receipt
                .more
                .iter()
                .filter(|id| online || *id != THREE)
                .cloned()
                .collect();
            page(
                StatusCode::CREATED,
                lang,
                lang.pick("Cảm ơn ông/bà đã đánh giá", "Thank you for your rating"),
                html! {
                    (thanks(&receipt, lang, false))
                    (sheet::form(&ballot, &more, lang))
                },
            )
        }
        Err(error) => failure(error, lang, form()),
    }
}

async fn rate_for(
    state: &AppState,
    asker: &Asker,
    fields: &Fields,
    (answers, number): (Answers, Number),
) -> Result<(RatingReceipt, Ballot), AppError> {
    // Derived, not drawn: the same form sent twice asks for the same ballot.
    let mut randomness = [0; 64];
    for (half, name) in randomness.chunks_mut(32).zip([b"a", b"b"]) {
        half.copy_from_slice(
            &state
                .keys
                .hash(Purpose::PageBlind, &[number.as_bytes(), name]),
        );
    }
    let blind =
        Client::blind(number.as_bytes(), randomness).map_err(|_| AppError::Internal("blind"))?;
    let ask = BallotRequest {
        case_code: fields.one("case_code").to_owned(),
        proof: fields.one("proof").to_owned(),
        blinded: URL_SAFE_NO_PAD.encode(Client::request(&blind)),
        contest: fields.one("contest") == "1",
    };
    let given = ballot::give(state, asker, &ask, Way::Page).await?;
    let output = ballot::finish(state, &number, &given)?;
    let rating = RatingRequest {
        ballot: Ballot {
            label: given.label,
            number: number.as_str().to_owned(),
            output,
        },
        answers,
    };
    let ballot = rating.ballot.clone();
    let receipt = ratings::store(state, rating).await?;
    Ok((receipt, ballot))
}

/// The form of a correction.
pub async fn correction(tongue: Tongue) -> Response {
    let lang = Lang::from_tag(&tongue.lang);
    let body = html! {
        (rating::correction(lang, ""))
        (layout::other_language("/sua-danh-gia", lang))
    };
    let title = lang.pick("Sửa đánh giá", "Change a rating");
    page(StatusCode::OK, lang, title, body)
}

/// A correction, by whoever holds the number.
pub async fn correct(State(state): State<AppState>, sent: Sent<Vec<(String, String)>>) -> Response {
    let fields = match unreadable(sent) {
        Ok(fields) => Fields(fields),
        Err(error) => return refused_unread(&state, error).await,
    };
    let lang = Lang::from_tag(fields.one("lang"));
    let form = || rating::correction(lang, fields.one("number"));
    let request = match fields.answers(lang) {
        Ok(answers) => CorrectionRequest {
            number: fields.one("number").to_owned(),
            answers,
        },
        Err(error) => return refused(&state, error, lang, form()).await,
    };
    match ratings::correct(&state, request).await {
        Ok(receipt) => page(
            StatusCode::OK,
            lang,
            lang.pick("Đã sửa đánh giá", "Your rating has been changed"),
            thanks(&receipt, lang, true),
        ),
        Err(error) => failure(error, lang, form()),
    }
}

fn thanks(receipt: &RatingReceipt, lang: Lang, corrected: bool) -> Markup {
    let until = dung_hen_domain::civil::parse_date(&receipt.correct_until);
    html! {
        h1 {
            @if corrected { (lang.pick("Đã sửa đánh giá", "Your rating has been changed")) }
            @else { (lang.pick("Cảm ơn ông/bà đã đánh giá", "Thank you for your rating")) }
        }
        p { (lang.pick("Số biên nhận đánh giá:", "Receipt of the rating:")) " " strong class="number" { (receipt.receipt) } }
        p {
            (lang.pick(
                "Hãy ghi lại số này nếu muốn sửa đánh giá. Ai có số này đều sửa được, và chỉ số này sửa được. Sửa được đến hết",
                "Write this number down if you may want to change your rating. Whoever has it can change the rating, and nothing else can. Until the end of",
            ))
            " "
            @if let Some(until) = until { (dung_hen_domain::words::long_date(until, lang)) "." }
        }
        p { a href={ "/sua-danh-gia?lang=" (lang.tag()) } { (lang.pick("Sửa đánh giá", "Change a rating")) } }
        p { a href="/" { (lang.pick("Về trang đầu", "Back to the first page")) } }
    }
}

//! A JSON body, with rejections in our own envelope.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header;
use serde::de::DeserializeOwned;

use crate::error::AppError;

/// A JSON body of type `T`.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let is_json = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| {
                value
                    .split(';')
                    .next()
                    .unwrap_or("")
                    .trim()
                    .eq_ignore_ascii_case("application/json")
            });
        if !is_json {
            return Err(AppError::UnsupportedMediaType);
        }
        let bytes = Bytes::from_request(request, state).await?;
        // What is read by names is not read by places: serde would take an array for a struct.
        if bytes.trim_ascii_start().first() != Some(&b'{') {
            return Err(unread());
        }
        match serde_json::from_slice(&bytes) {
            Ok(value) => Ok(Self(value)),
            Err(_) => Err(AppError::BadRequestBody(place::<T>(&bytes))),
        }
    }
}

/// Where a body is not what was expected. Read a second time for it: to keep the way costs more than to read.
fn place<T: DeserializeOwned>(bytes: &[u8]) -> String {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    // Where the value is and something follows it, it is the body as a whole.
    serde_path_to_error::deserialize::<_, T>(&mut reader)
        .map_or_else(|error| field(&error), |_| String::new())
}

const fn unread() -> AppError {
    AppError::BadRequestBody(String::new())
}

/// The way to the field that is wrong or missing; empty where it is the body as a whole. Never a value.
fn field(error: &serde_path_to_error::Error<serde_json::Error>) -> String {
    let path = error.path().to_string();
    let path = if path == "." { "" } else { &*path };
    let message = error.inner().to_string();
    let missing = message
        .strip_prefix("missing field `")
        .and_then(|rest| rest.split_once('`'));
    match missing {
        Some((name, _)) if path.is_empty() => name.to_owned(),
        Some((name, _)) => format!("{path}.{name}"),
        None => path.to_owned(),
    }
}

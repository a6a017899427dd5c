//! The built element and portal page: from a directory, or out of this very program where it was built with the
//! feature `embedded`. Both are compressed when they are built, never while someone waits.

use std::path::{Path, PathBuf};

use axum::Router;
use tower_http::services::ServeDir;

use crate::error::AppError;

/// Whether this program carries the element.
pub const EMBEDDED: bool = cfg!(feature = "embedded");

/// Where the files come from.
#[derive(Clone, Debug)]
pub enum Assets {
    /// A directory, as `make widget` lays it out.
    Directory(PathBuf),
    /// This program.
    #[cfg(feature = "embedded")]
    Carried,
}

impl Assets {
    /// The directory that was named, or what this program carries; `None`: neither.
    #[must_use]
    pub fn of(dist: Option<&Path>) -> Option<Self> {
        #[cfg(feature = "embedded")]
        let carried = Some(Self::Carried);
        #[cfg(not(feature = "embedded"))]
        let carried = None;
        dist.map(|dist| Self::Directory(dist.to_owned()))
            .or(carried)
    }

    /// The files below `path`, such as `embed/v1`; empty: all of them.
    pub fn below(&self, path: &'static str) -> Router {
        let nothing = Router::new().fallback(|| async { AppError::NotFound });
        match self {
            Self::Directory(dist) => Router::new().fallback_service(
                ServeDir::new(dist.join(path))
                    .precompressed_br()
                    .precompressed_gzip()
                    .fallback(nothing),
            ),
            #[cfg(feature = "embedded")]
            Self::Carried => carried::files(path),
        }
    }
}

#[cfg(feature = "embedded")]
mod carried {
    use axum::Router;
    use axum::body::Body;
    use axum::extract::Request;
    use axum::http::{HeaderMap, Method, StatusCode, header};
    use axum::response::{IntoResponse as _, Response};
    use rust_embed::{Embed, EmbeddedFile};

    use crate::error::AppError;
    use crate::http::etag;
    use crate::tag;

    #[derive(Embed)]
    #[folder = "../../dist"]
    struct Dist;

    /// The files below `prefix`.
    pub(super) fn files(prefix: &'static str) -> Router {
        Router::new().fallback(move |request: Request| async move { answer(prefix, &request) })
    }

    fn answer(prefix: &str, request: &Request) -> Response {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return AppError::MethodNotAllowed.into_response();
        }
        let below = request.uri().path().trim_start_matches('/');
        let mut path = match prefix {
            "" => below.to_owned(),
            _ => format!("{prefix}/{below}"),
        };
        if path.is_empty() || path.ends_with('/') {
            path.push_str("index.html");
        }
        let Some(plain) = Dist::get(&path) else {
            return AppError::NotFound.into_response();
        };
        let kind = plain.metadata.mimetype().to_owned();
        let tag = format!("\"{}\"", tag::of(&plain.metadata.sha256_hash()));
        let weak = format!("W/{tag}");
        let common = [
            (header::ETAG, weak.clone()),
            (header::VARY, "accept-encoding".to_owned()),
        ];
        if etag::has(request.headers(), &weak) {
            return (StatusCode::NOT_MODIFIED, common).into_response();
        }
        let (encoding, file) = smallest(&path, request.headers()).unwrap_or((None, plain));
        let mut response = (common, Body::from(file.data.into_owned())).into_response();
        let headers = response.headers_mut();
        let kind = if kind.starts_with("text/") {
            format!("{kind}; charset=utf-8")
        } else {
            kind
        };
        if let Ok(kind) = kind.parse() {
            headers.insert(header::CONTENT_TYPE, kind);
        }
        if let Some(encoding) = encoding {
            headers.insert(
                header::CONTENT_ENCODING,
                header::HeaderValue::from_static(encoding),
            );
        }
        response
    }

    /// The smallest form that the asker takes; `None`: the plain one.
    fn smallest(path: &str, headers: &HeaderMap) -> Option<(Option<&'static str>, EmbeddedFile)> {
        let takes = headers.get(header::ACCEPT_ENCODING)?.to_str().ok()?;
        [("br", "br"), ("gzip", "gz")]
            .into_iter()
            .filter(|(name, _)| accepts(takes, name))
            .find_map(|(name, ending)| Some((Some(name), Dist::get(&format!("{path}.{ending}"))?)))
    }

    fn accepts(takes: &str, name: &str) -> bool {
        takes.split(',').any(|one| {
            let (coding, weight) = one.split_once(';').unwrap_or((one, ""));
            let refused = weight
                .trim()
                .strip_prefix("q=")
                .is_some_and(|q| q.trim().parse() == Ok(0.0_f32));
            coding.trim().eq_ignore_ascii_case(name) && !refused
        })
    }

    #[cfg(test)]
    mod tests {
        #[test]
        fn a_form_that_is_refused_is_not_sent() {
            assert!(super::accepts("gzip, br;q=0.5", "br"));
            assert!(!super::accepts("gzip, br;q=0", "br"));
            assert!(!super::accepts("brotli", "br"));
        }
    }
}

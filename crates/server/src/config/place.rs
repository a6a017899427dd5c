//! Another system as the configuration names it: what is asked of its name and address, and where its secrets stand.

use std::path::Path;

use ureq::http::Uri;

/// A table of the configuration that names another system: `[[webhooks]]`, `[[pulls]]`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    /// The table's name.
    pub(crate) table: &'static str,
    /// Its short name: in metrics, in lists, and in the name of the variable of its secret.
    pub(crate) name: &'a str,
    /// Where it is asked.
    pub(crate) url: &'a str,
    /// Whether it may stand at a private address and without TLS.
    pub(crate) private_network: bool,
}

impl Place<'_> {
    /// A key of this table, as messages name it.
    #[must_use]
    pub(crate) fn key(&self, key: &str) -> String {
        format!("{}, {}: {key}", self.table, self.name)
    }

    /// What is wrong with name or address, as (key, what was expected).
    #[must_use]
    pub(crate) fn fault(&self) -> Option<(String, &'static str)> {
        let letters = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if self.name.is_empty() || self.name.len() > 32 || !self.name.bytes().all(letters) {
            return Some((
                self.key("name"),
                "small letters, digits and hyphens, 32 at most,",
            ));
        }
        let parsed: Result<Uri, _> = self.url.parse();
        let whole = parsed.is_ok_and(|uri| {
            uri.authority()
                .is_some_and(|authority| !authority.as_str().contains('@'))
        });
        let plain = self.url.starts_with("http://") && self.private_network;
        if !whole || !(plain || self.url.starts_with("https://")) {
            return Some((
                self.key("url"),
                "an https address without a password (http with private_network = true)",
            ));
        }
        None
    }

    /// The variable of the environment that holds its secret.
    #[must_use]
    pub(crate) fn variable(&self, prefix: &str) -> String {
        format!("{prefix}{}", self.name.to_uppercase().replace('-', "_"))
    }

    /// The file that this key names; `directory` is the configuration's.
    ///
    /// # Errors
    /// A sentence that names the key and the file.
    pub(crate) fn read(&self, key: &str, directory: &Path, file: &Path) -> Result<Vec<u8>, String> {
        let path = directory.join(file);
        std::fs::read(&path)
            .map_err(|error| format!("{} {}: {error}", self.key(key), path.display()))
    }
}

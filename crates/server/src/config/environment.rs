//! Keys that the environment gives otherwise: `DUNG_HEN__HTTP__CALL_SECONDS=20` is `call_seconds = 20` in `[http]`.

use std::ffi::OsString;

use super::ConfigError;

/// What the names of variables that override a key begin with.
const OVERRIDE: &str = "DUNG_HEN__";

/// What the environment gives otherwise.
pub(crate) fn overrides() -> Vec<(String, String)> {
    ours(std::env::vars_os())
}

/// Those of these variables that override a key. What others hold need not be text.
fn ours(all: impl IntoIterator<Item = (OsString, OsString)>) -> Vec<(String, String)> {
    let named = |(name, value): (OsString, OsString)| {
        let name = name.into_string().ok()?;
        let ours = name.starts_with(OVERRIDE);
        ours.then(|| (name, value.to_string_lossy().into_owned()))
    };
    all.into_iter().filter_map(named).collect()
}

/// Sets the key that a variable names: tables and key are parted by two underscores.
pub(super) fn set(table: &mut toml::Table, name: &str, value: &str) -> Result<(), ConfigError> {
    let unknown = || ConfigError::Value {
        key: name.to_owned(),
        expected: "a key of the configuration, DUNG_HEN__TABLE__KEY,",
    };
    let path = name
        .strip_prefix(OVERRIDE)
        .ok_or_else(unknown)?
        .to_lowercase();
    let mut tables: Vec<&str> = path.split("__").collect();
    let key = tables
        .pop()
        .filter(|key| !key.is_empty())
        .ok_or_else(unknown)?;
    let mut at = table;
    for part in tables {
        at = at
            .entry(part)
            .or_insert_with(|| toml::Value::Table(toml::Table::new()))
            .as_table_mut()
            .ok_or_else(unknown)?;
    }
    // A number, a truth value or a list as TOML writes it; anything else is a text.
    let value = toml::from_str::<toml::Table>(&format!("value = {value}"))
        .ok()
        .and_then(|mut one| one.remove("value"))
        .unwrap_or_else(|| toml::Value::String(value.to_owned()));
    at.insert(key.to_owned(), value);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::Province;
    use super::*;

    const FILE: &str = "code = \"H98\"\nname = { vi = \"Tỉnh Mẫu\", en = \"Sample\" }\n";

    fn with(name: &str, value: &str) -> Result<Province, String> {
        Province::parse_with(FILE, &[(name.to_owned(), value.to_owned())])
            .map_err(|error| error.to_string())
    }

    #[test]
    fn the_environment_overrides_a_key() {
        let province = with("DUNG_HEN__HTTP__CALL_SECONDS", "7").unwrap();
        assert_eq!(province.http.call_seconds, 7);
        assert_eq!(
            with("DUNG_HEN__HOTLINE", "1022 nhánh 3")
                .unwrap()
                .hotline
                .as_deref(),
            Some("1022 nhánh 3")
        );
        let origins = with("DUNG_HEN__ORIGINS", "[\"https://a.vn\"]")
            .unwrap()
            .origins;
        assert_eq!(origins, ["https://a.vn"]);
    }

    /// A terminal or another program may have set it.
    #[cfg(unix)]
    #[test]
    fn a_variable_of_others_that_is_no_text_is_passed_over() {
        use std::os::unix::ffi::OsStringExt as _;
        let no_text = || OsString::from_vec(vec![0xff]);
        let all = [
            ("LC_X".into(), no_text()),
            (no_text(), "1".into()),
            ("DUNG_HEN__HOTLINE".into(), "1022".into()),
        ];
        let hotline = ("DUNG_HEN__HOTLINE".to_owned(), "1022".to_owned());
        assert_eq!(ours(all), [hotline]);
    }

    /// Whoever made a mistake reads the key it is in.
    #[test]
    fn a_wrong_value_is_named_by_its_key() {
        for (name, value, key) in [
            ("DUNG_HEN__HTTP__CALL_SECONDS", "soon", "http.call_seconds"),
            ("DUNG_HEN__HTTP__CALL_SECONDS", "0", "http.call_seconds"),
            ("DUNG_HEN__HTTP__CALLS", "3", "calls"),
            ("DUNG_HEN__ORIGINS", "[\"https://a.vn/\"]", "origins"),
            ("DUNG_HEN__CODE__X", "1", "DUNG_HEN__CODE__X"),
        ] {
            let error = with(name, value).unwrap_err();
            assert!(error.contains(key), "{name}={value}: {error}");
        }
        let error = Province::parse(&format!("{FILE}[http]\nhead_seconds = -1"))
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("head_seconds") && error.contains("line 4"),
            "{error}"
        );
    }
}

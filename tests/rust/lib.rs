//! What the suites share: the vectors as data.

use std::path::Path;

use serde::de::DeserializeOwned;

/// Reads the cases of a vector file.
pub fn vectors<T: DeserializeOwned>(file: &str) -> Vec<T> {
    #[derive(serde::Deserialize)]
    struct Vectors<T> {
        cases: Vec<T>,
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors").join(file);
    let text = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let vectors: Vectors<T> =
        serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert!(!vectors.cases.is_empty(), "{} has no cases", path.display());
    vectors.cases
}

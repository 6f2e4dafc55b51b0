//! The job itself: which words stand in which files. It knows nothing of progress.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

/// Every file below a folder, but for hidden ones and what builds leave behind.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let wanted = |name: &str| !name.starts_with('.') && name != "target" && name != "node_modules";
    WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || entry.file_name().to_str().is_some_and(wanted))
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .collect()
}

/// In which files each word stands.
#[derive(Default)]
pub struct Index {
    files_by_word: HashMap<String, HashSet<usize>>,
}

impl Index {
    /// Adds a file's words, unless it is not text.
    pub fn add(&mut self, number: usize, file: &Path) {
        let Ok(text) = std::fs::read_to_string(file) else {
            return;
        };
        for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            self.files_by_word.entry(word.to_lowercase()).or_default().insert(number);
        }
    }

    /// How many different words there are.
    pub fn words(&self) -> usize {
        self.files_by_word.len()
    }
}

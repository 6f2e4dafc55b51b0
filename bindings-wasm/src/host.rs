//! What the runtime gives to the core: its variables and files, read when they are needed.

use std::path::Path;

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// An object with two functions that throw only what `read_file` says.
    pub type Host;

    /// A variable of the environment.
    #[wasm_bindgen(method, structural)]
    fn variable(this: &Host, name: &str) -> Option<String>;

    /// A file's text; what it throws says why there is none.
    #[wasm_bindgen(method, structural, catch, js_name = readFile)]
    fn read_file(this: &Host, path: &str) -> Result<String, JsValue>;
}

/// The core's view of it.
pub(crate) struct Runtime(pub(crate) Host);

impl activitysmith_kit::session::Host for Runtime {
    fn variable(&self, name: &str) -> Option<String> {
        self.0.variable(name).filter(|value| !value.is_empty())
    }

    fn read_file(&self, path: &Path) -> Result<String, String> {
        let read = self.0.read_file(&path.to_string_lossy());
        read.map_err(|problem| problem.as_string().unwrap_or_else(|| "it cannot be read".to_owned()))
    }
}

//! What the files of a Rust crate name of each other, by imports, by paths and in macros.
//!
//! Every path is looked up as the compiler does, also one that begins with a child or an import, since a module and its child
//! are a circle like any other. Not seen is what has no path: methods, and names that a macro puts together.

use super::graph::{Graph, Sources};
use std::collections::BTreeMap;
use syn::buffer::{Cursor, TokenBuffer};
use syn::visit::{self, Visit};
use syn::{Attribute, Ident, ImplItemFn, Item, ItemUse, Macro, Meta, Path, UseTree, Visibility};

/// How many re-exports are followed; a name that is still not found leads back to itself.
const MOST_IMPORTS: usize = 8;

/// Reads a crate from its root on; files that no `mod` declares are no part of it.
pub(super) fn graph(sources: &Sources) -> Result<Graph, String> {
    let root = if sources.contains_key("lib.rs") { "lib.rs" } else { "main.rs" };
    let root = Module { file: root.to_owned(), ..Module::default() };
    let mut krate = Crate { sources, modules: vec![root], current: 0, unread: vec![0] };
    while let Some(number) = krate.unread.pop() {
        let file = &krate.modules[number].file;
        let text = sources.get(file).ok_or_else(|| format!("{file} is declared by `mod`, and not there"))?;
        let syntax = syn::parse_file(text).map_err(|error| format!("{file}: {error}"))?;
        krate.current = number;
        krate.visit_file(&syntax);
    }
    Ok(krate.graph())
}

struct Crate<'a> {
    sources: &'a Sources,
    /// The root first.
    modules: Vec<Module>,
    /// The module that is being read.
    current: usize,
    /// Those whose files are still to be read.
    unread: Vec<usize>,
}

#[derive(Default)]
struct Module {
    parent: usize,
    file: String,
    /// Where the files of its children lie; empty or ending with a slash.
    folder: String,
    /// What each name in it may mean: a module and a function may have the same.
    names: BTreeMap<String, Vec<Meaning>>,
    /// The modules that it imports all names of.
    globs: Vec<Vec<String>>,
    /// What it names, in paths and in imports; not in re-exports, which are followed.
    paths: Vec<Vec<String>>,
}

/// What a name stands for.
enum Meaning {
    Module(usize),
    Item,
    Import(Vec<String>),
}

/// A module, and the item in it unless it is meant itself.
type Found<'a> = (usize, Option<&'a str>);

impl Crate<'_> {
    fn graph(&self) -> Graph {
        let mut graph = Graph::default();
        for (number, module) in self.modules.iter().enumerate() {
            for path in &module.paths {
                // A module alone is no item: what is named through it is.
                if let Some((other, Some(item))) = self.find(number, path, 0) {
                    graph.add(&module.file, &self.modules[other].file, item);
                }
            }
        }
        graph
    }

    /// What a path in a module leads to, unless that is in another crate.
    fn find<'a>(&'a self, module: usize, path: &'a [String], imports: usize) -> Option<Found<'a>> {
        let mut at = module;
        for (place, name) in path.iter().enumerate() {
            at = match name.as_str() {
                "crate" => 0,
                "self" => at,
                "super" => self.modules[at].parent,
                _ => match self.named(at, name, place + 1 == path.len(), imports) {
                    Some((module, None)) => module,
                    None if place == 0 => return None,
                    // A macro may have made what is not found.
                    found => return found.or(Some((at, Some(name)))),
                },
            };
        }
        Some((at, None))
    }

    /// What a name in a module means: at the end of a path rather an item, before that rather a module.
    fn named<'a>(&'a self, module: usize, name: &'a str, is_last: bool, imports: usize) -> Option<Found<'a>> {
        if imports > MOST_IMPORTS {
            return None;
        }
        let Module { names, globs, .. } = &self.modules[module];
        let own = names.get(name).into_iter().flatten().filter_map(|meaning| match meaning {
            Meaning::Module(number) => Some((*number, None)),
            Meaning::Item => Some((module, Some(name))),
            Meaning::Import(path) => self.find(module, path, imports + 1),
        });
        let by_glob = globs.iter().filter_map(|path| {
            let (other, None) = self.find(module, path, imports + 1)? else { return None };
            self.named(other, name, is_last, imports + 1)
        });
        own.chain(by_glob).min_by_key(|(_, item)| item.is_none() == is_last)
    }

    /// Adds a child of the current module, and reads it if it is in the same file.
    fn child(&mut self, name: &str, items: Option<&[Item]>) {
        let Module { file, folder, .. } = &self.modules[self.current];
        let folder = format!("{folder}{name}/");
        let file = match format!("{folder}mod.rs") {
            _ if items.is_some() => file.clone(),
            file if self.sources.contains_key(&file) => file,
            _ => format!("{}.rs", folder.trim_end_matches('/')),
        };
        let number = self.modules.len();
        self.define(name, Meaning::Module(number));
        self.modules.push(Module { parent: self.current, file, folder, ..Module::default() });
        let Some(items) = items else { return self.unread.push(number) };
        let parent = std::mem::replace(&mut self.current, number);
        for item in items {
            self.visit_item(item);
        }
        self.current = parent;
    }

    fn define(&mut self, name: &str, meaning: Meaning) {
        self.modules[self.current].names.entry(name.to_owned()).or_default().push(meaning);
    }

    fn take(&mut self, path: Vec<String>) {
        self.modules[self.current].paths.push(path);
    }

    /// Takes the names out of a `use`, each with the path before it.
    fn import(&mut self, mut path: Vec<String>, tree: &UseTree, is_private: bool) {
        let (name, alias) = match tree {
            UseTree::Path(of) => {
                path.push(of.ident.to_string());
                return self.import(path, &of.tree, is_private);
            }
            UseTree::Group(group) => {
                return group.items.iter().for_each(|tree| self.import(path.clone(), tree, is_private));
            }
            UseTree::Glob(_) => return self.modules[self.current].globs.push(path),
            UseTree::Name(name) => (&name.ident, &name.ident),
            UseTree::Rename(rename) => (&rename.ident, &rename.rename),
        };
        if name != "self" {
            path.push(name.to_string());
        }
        let alias = if alias == "self" { path.last().cloned().unwrap_or_default() } else { alias.to_string() };
        self.define(&alias, Meaning::Import(path.clone()));
        if is_private {
            self.take(path);
        }
    }

    /// Takes the paths out of what has no syntax tree: names that `::` joins. A name alone may be anything there.
    fn scan(&mut self, mut cursor: Cursor<'_>) {
        let mut path = Vec::new();
        while !cursor.eof() {
            if let Some((name, rest)) = cursor.ident() {
                path.push(name.to_string());
                cursor = rest;
                if let Some(rest) = colon(cursor).and_then(colon) {
                    cursor = rest;
                    continue;
                }
            } else if let Some((inside, _, _, rest)) = cursor.any_group() {
                self.scan(inside);
                cursor = rest;
            } else if let Some((_, rest)) = cursor.token_tree() {
                cursor = rest;
            }
            let path = std::mem::take(&mut path);
            if path.len() > 1 {
                self.take(path);
            }
        }
    }
}

impl<'ast> Visit<'ast> for Crate<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        let (attributes, name) = head(item);
        if attributes.iter().any(is_test) {
            return;
        }
        if let Item::Mod(module) = item {
            return self.child(&module.ident.to_string(), module.content.as_ref().map(|(_, items)| &items[..]));
        }
        if let Some(name) = name {
            self.define(&name.to_string(), Meaning::Item);
        }
        visit::visit_item(self, item);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        if !function.attrs.iter().any(is_test) {
            visit::visit_impl_item_fn(self, function);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        if item.leading_colon.is_none() {
            self.import(Vec::new(), &item.tree, matches!(item.vis, Visibility::Inherited));
        }
    }

    fn visit_path(&mut self, path: &'ast Path) {
        if path.leading_colon.is_none() {
            self.take(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        self.visit_path(&call.path);
        self.scan(TokenBuffer::new2(call.tokens.clone()).begin());
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if let Meta::List(list) = &attribute.meta {
            self.scan(TokenBuffer::new2(list.tokens.clone()).begin());
        }
    }
}

/// The attributes of an item, and the name that paths find it by.
fn head(item: &Item) -> (&[Attribute], Option<&Ident>) {
    match item {
        Item::Const(item) => (&item.attrs, Some(&item.ident)),
        Item::Enum(item) => (&item.attrs, Some(&item.ident)),
        Item::Fn(item) => (&item.attrs, Some(&item.sig.ident)),
        Item::Impl(item) => (&item.attrs, None),
        Item::Macro(item) => (&item.attrs, item.ident.as_ref()),
        Item::Mod(item) => (&item.attrs, Some(&item.ident)),
        Item::Static(item) => (&item.attrs, Some(&item.ident)),
        Item::Struct(item) => (&item.attrs, Some(&item.ident)),
        Item::Trait(item) => (&item.attrs, Some(&item.ident)),
        Item::Type(item) => (&item.attrs, Some(&item.ident)),
        Item::Union(item) => (&item.attrs, Some(&item.ident)),
        Item::Use(item) => (&item.attrs, None),
        _ => (&[], None),
    }
}

/// Whether an attribute leaves what it belongs to to tests; a condition that tests need not meet does not.
fn is_test(attribute: &Attribute) -> bool {
    let Meta::List(list) = &attribute.meta else { return attribute.path().is_ident("test") };
    let condition = list.tokens.to_string();
    let has = |word| condition.split(|c: char| !c.is_alphanumeric()).any(|part| part == word);
    list.path.is_ident("cfg") && has("test") && !has("any") && !has("not")
}

fn colon(cursor: Cursor<'_>) -> Option<Cursor<'_>> {
    cursor.punct().filter(|(punct, _)| punct.as_char() == ':').map(|(_, rest)| rest)
}

#[cfg(test)]
mod tests {
    use super::super::graph::sources;
    use super::*;

    fn arrows(files: &[(&str, &str)]) -> Vec<String> {
        graph(&sources(files)).unwrap().arrows()
    }

    #[test]
    fn imports_and_paths_lead_to_files() {
        let files = [
            ("lib.rs", "mod a; mod b; mod c;"),
            ("a.rs", "use crate::b::{self, B}; use std::fmt; fn f() { super::c::child::g(); b::h(); fmt::x() }"),
            ("b.rs", "pub struct B; mod inline { use super::super::a::f; }"),
            ("c/mod.rs", "pub(crate) mod child; fn f() -> child::T {}"),
            ("c/child.rs", "fn g() { std::b::B } pub struct T;"),
        ];
        let expected = ["a.rs -> b.rs (B)", "a.rs -> c/child.rs (g)", "b.rs -> a.rs (f)", "c/mod.rs -> c/child.rs (T)"];
        assert_eq!(arrows(&files), expected);
    }

    #[test]
    fn re_exports_are_followed_and_no_arrows() {
        let files = [
            ("main.rs", "mod a; mod b; pub use a::Name;"),
            ("a.rs", "mod child; pub(crate) use child::Item as Name; pub(super) use self::child::*;"),
            ("a/child.rs", "pub struct Item; pub const OTHER: u8 = 0; made! { Made {} }"),
            ("b.rs", "use crate::Name; fn f() { crate::a::OTHER }"),
        ];
        assert_eq!(arrows(&files), ["b.rs -> a/child.rs (Item)"]);
        assert_eq!(
            arrows(&[files[0], files[1], files[2], ("b.rs", "use super::a::OTHER;")]),
            ["b.rs -> a/child.rs (OTHER)"]
        );
    }

    #[test]
    fn macros_and_attributes_are_read() {
        let files = [
            ("lib.rs", "mod a; mod b; mod c;"),
            ("a.rs", "macro_rules! m { () => { [$crate::b::B] } } #[arg(parser = crate::c::parse)] struct A;"),
            ("b.rs", "use serde::B; fn f() { println!(\"crate::a::A {}\", super::c::C) }"),
            ("c.rs", "use m; pub(crate) use m;"),
        ];
        let expected = ["a.rs -> b.rs (B)", "a.rs -> c.rs (parse)", "b.rs -> c.rs (C)"];
        assert_eq!(arrows(&files), expected);
    }

    #[test]
    fn code_of_tests_is_left_out() {
        let a = "#[cfg(test)] mod tests { use crate::b::B; } #[cfg(all(test, unix))] mod missing; #[test] fn t() { crate::b::B }
            impl A { #[cfg(test)] fn f() -> crate::b::B {} } #[cfg(not(test))] use crate::c::C;";
        let files = [("lib.rs", "mod a; mod b; mod c;"), ("a.rs", a), ("b.rs", ""), ("c.rs", "")];
        assert_eq!(arrows(&files), ["a.rs -> c.rs (C)"]);
    }

    #[test]
    fn a_module_without_a_file_is_an_error() {
        assert!(graph(&sources(&[("lib.rs", "mod a;")])).is_err());
    }
}

//! The routes of the control endpoints, written down while they are made, so that the document about them can be held
//! against them.

use std::sync::Arc;

use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodRouter, delete, get, post, put};

use crate::shared::Shared;

#[derive(Default)]
pub(super) struct Routes {
    router: Router<Arc<Shared>>,
    table: Vec<(&'static str, &'static str)>,
}

impl Routes {
    pub(super) fn get<T: 'static>(self, path: &'static str, handler: impl Handler<T, Arc<Shared>>) -> Self {
        self.add("get", path, get(handler))
    }

    pub(super) fn put<T: 'static>(self, path: &'static str, handler: impl Handler<T, Arc<Shared>>) -> Self {
        self.add("put", path, put(handler))
    }

    pub(super) fn post<T: 'static>(self, path: &'static str, handler: impl Handler<T, Arc<Shared>>) -> Self {
        self.add("post", path, post(handler))
    }

    pub(super) fn delete<T: 'static>(self, path: &'static str, handler: impl Handler<T, Arc<Shared>>) -> Self {
        self.add("delete", path, delete(handler))
    }

    fn add(mut self, method: &'static str, path: &'static str, handler: MethodRouter<Arc<Shared>>) -> Self {
        self.table.push((method, path));
        Self { router: self.router.route(path, handler), table: self.table }
    }

    /// Methods and paths, in the order in which they were added.
    #[cfg(test)]
    pub(super) fn table(&self) -> &[(&'static str, &'static str)] {
        &self.table
    }

    pub(super) fn into_router(self) -> Router<Arc<Shared>> {
        self.router
    }
}

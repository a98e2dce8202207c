//! Toasts: short messages at the edge of the screen, which disappear by themselves.

use dioxus::prelude::*;

use super::navigation::go;
use parlor_engine::PersonId;

use super::people::{self, Restriction};
use super::rooms::{self, KnownRoom};
use crate::route::{Invitation, Route};

/// The largest number of toasts at a time: more would hide the page that they are about.
const MOST: usize = 3;

#[derive(Clone, Debug, PartialEq)]
pub struct Toast {
    pub id: u32,
    pub text: String,
    /// The action that the toast offers to undo.
    pub undo: Option<Undo>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Undo {
    ForgetRoom(KnownRoom, usize),
    ReturnToCall(Invitation),
    /// Restores the earlier restriction of a person with this name.
    Restrict(PersonId, String, Restriction),
}

impl Undo {
    pub fn run(self) {
        match self {
            Self::ForgetRoom(room, place) => rooms::restore(room, place),
            Self::ReturnToCall(invitation) => go(Route::Room(invitation)),
            Self::Restrict(person, name, before) => people::restrict(person, &name, before),
        }
    }
}

static TOASTS: GlobalSignal<(u32, Vec<Toast>)> = Signal::global(Default::default);

pub fn shown() -> Vec<Toast> {
    TOASTS.read().1.clone()
}

pub fn show(text: String) {
    add(text, None);
}

pub fn show_with_undo(text: String, undo: Undo) {
    add(text, Some(undo));
}

fn add(text: String, undo: Option<Undo>) {
    let mut toasts = TOASTS.write();
    let (next, shown) = &mut *toasts;
    *next += 1;
    if shown.len() == MOST {
        shown.remove(0);
    }
    shown.push(Toast {
        id: *next,
        text,
        undo,
    });
}

pub fn dismiss(id: u32) {
    TOASTS.write().1.retain(|toast| toast.id != id);
}

/// Removes the toasts that offer a way back into a call.
pub fn dismiss_returns() {
    let is_return = |toast: &Toast| matches!(toast.undo, Some(Undo::ReturnToCall(_)));
    if TOASTS.peek().1.iter().any(is_return) {
        TOASTS.write().1.retain(|toast| !is_return(toast));
    }
}

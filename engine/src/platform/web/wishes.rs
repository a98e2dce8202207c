//! How senders were told to send, so that they can be told again.
//!
//! Where an offer is taken back, Chromium forgets what the senders of its sections were told, and
//! never answers what they are told then: not before their sections are negotiated anew. So this is
//! no part of the chain of operations, which would stand still for ever.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Object;
use tokio::sync::oneshot;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::chain::{Answer, Outcome};
use super::js::Section;
use super::parameters;

/// All of a connection's.
#[derive(Default)]
pub(super) struct Wishes(RefCell<Vec<Wish>>);

struct Wish {
    section: Section,
    changes: Object,
    /// Who was not answered yet.
    waiting: Vec<Rc<Waiting>>,
}

type Waiting = Cell<Option<Answer>>;

impl Wishes {
    /// Changes parameters; gives where the outcome comes out.
    pub(super) fn set(&self, section: &Section, changes: Object) -> oneshot::Receiver<Outcome> {
        let (answer, outcome) = oneshot::channel();
        let waiting = Rc::new(Cell::new(Some(answer)));
        let mut wishes = self.0.borrow_mut();
        let known = |wish: &Wish| JsValue::from(&wish.section) == JsValue::from(section);
        let place = wishes.iter().position(known);
        let place = place.unwrap_or_else(|| {
            wishes.push(Wish {
                section: section.clone(),
                changes: Object::new(),
                waiting: Vec::new(),
            });
            wishes.len() - 1
        });
        if let Some(wish) = wishes.get_mut(place) {
            wish.changes = changes;
            wish.waiting.retain(is_waiting);
            wish.waiting.push(waiting.clone());
            wish.tell(vec![waiting]);
        }
        outcome
    }

    /// Signaling is stable again: tells those senders again that forgot.
    pub(super) fn settle(&self) {
        for wish in &*self.0.borrow() {
            // Others would not answer now either.
            if wish.section.mid().is_some() && wish.is_open() {
                wish.tell(wish.waiting.clone());
            }
        }
    }

    /// Whoever waits learns that the connection is closed.
    pub(super) fn close(&self) {
        for waiting in self.0.take().iter().flat_map(|wish| &wish.waiting) {
            waiting.take();
        }
    }
}

fn is_waiting(waiting: &Rc<Waiting>) -> bool {
    let answer = waiting.take();
    let is_waiting = answer.is_some();
    waiting.set(answer);
    is_waiting
}

impl Wish {
    /// Whether it was not answered, or is forgotten.
    fn is_open(&self) -> bool {
        let parameters = self.section.sender().get_parameters();
        self.waiting.iter().any(is_waiting) || !parameters::are_applied(&self.changes, &parameters)
    }

    fn tell(&self, waiting: Vec<Rc<Waiting>>) {
        let sender = self.section.sender();
        // Browsers take only what they gave in the same moment, with changes.
        let parameters = sender.get_parameters();
        let told = parameters::apply(&self.changes, &parameters)
            .map(|()| sender.set_parameters_with_parameters(&parameters));
        spawn_local(async move {
            let outcome = match told {
                Ok(promise) => JsFuture::from(promise).await,
                Err(error) => Err(error),
            };
            for answer in waiting.iter().filter_map(|waiting| waiting.take()) {
                // Nobody waiting for it is as good.
                let _ = answer.send(outcome.clone());
            }
        });
    }
}

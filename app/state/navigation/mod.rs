//! The current page and the views that are open over it, in step with the address and the history.

mod views;

use dioxus::prelude::*;

pub use self::views::View;

use self::views::{Step, Views};
use crate::platform;
use crate::route::Route;

static ROUTE: GlobalSignal<Route> = Signal::global(|| Route::from_fragment(&platform::fragment()));

static VIEWS: GlobalSignal<Views> = Signal::global(|| {
    let mut views = Views::default();
    // A page that is loaded again stands where it stood.
    carry_out(views.arrived(&platform::history_entry()));
    views
});

/// Returns the page that the address names.
pub fn route() -> Route {
    ROUTE.read().clone()
}

/// Goes to another page, with a step back to this one.
pub fn go(route: Route) {
    match &route {
        Route::Room(invitation) => platform::set_fragment(&invitation.fragment()),
        Route::Verify(code) => platform::set_fragment(&code.fragment()),
        Route::Start | Route::Damaged => platform::set_fragment(""),
    }
    VIEWS.write().reset();
    *ROUTE.write() = route;
}

/// Follows the person's steps through the history, as long as the component is shown.
pub fn use_history() {
    use_future(|| async {
        let mut changes = platform::fragment_changes();
        while changes.next().await.is_some() {
            change(|views| views.arrived(&platform::history_entry()));
            let route = Route::from_fragment(&platform::fragment());
            if *ROUTE.peek() != route {
                *ROUTE.write() = route;
            }
        }
    });
}

/// Returns a memo that is `true` while a view is open.
pub fn use_is_open(view: View) -> Memo<bool> {
    use_memo(move || VIEWS.read().is_open(view))
}

/// Opens a view over the room, with a step back that closes it.
pub fn open(view: View) {
    change(|views| views.open(view));
}

/// Closes a view, whatever was opened after it.
pub fn close(view: View) {
    change(|views| views.close(view));
}

/// Closes every view: a page begins with none.
pub fn close_all() {
    change(Views::close_all);
}

fn change(change: impl FnOnce(&mut Views) -> Vec<Step>) {
    let steps = change(&mut VIEWS.write());
    carry_out(steps);
}

fn carry_out(steps: Vec<Step>) {
    for step in steps {
        match step {
            Step::Push(entry) => platform::push_history_entry(&entry),
            Step::Back(entries) => platform::go_back(entries),
        }
    }
}

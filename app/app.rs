use dioxus::prelude::*;

use crate::components::toast::toasts;
use crate::platform;
use crate::route::Route;
use crate::state::{people, settings};
use crate::views::{Damaged, RoomFlow, Start, Verify};

/// The address, as a signal: writing goes through [`go`].
static ROUTE: GlobalSignal<Route> = Signal::global(|| Route::from_fragment(&platform::fragment()));

/// Goes to another page, with a step back to this one.
pub fn go(route: Route) {
    match &route {
        Route::Room(invitation) => platform::set_fragment(&invitation.fragment()),
        Route::Verify(code) => platform::set_fragment(&code.fragment()),
        Route::Start | Route::Damaged => platform::set_fragment(""),
    }
    *ROUTE.write() = route;
}

/// The root: the page that the address names, and what is above every page.
#[component]
pub fn App() -> Element {
    use_hook(|| {
        settings::current().theme.apply();
        settings::show_language();
    });
    people::use_other_windows();
    use_future(|| async {
        let mut changes = platform::fragment_changes();
        while changes.next().await.is_some() {
            let route = Route::from_fragment(&platform::fragment());
            if *ROUTE.peek() != route {
                *ROUTE.write() = route;
            }
        }
    });
    rsx! {
        match ROUTE.read().clone() {
            Route::Start => rsx! { Start {} },
            // A list of one, so that another key makes another room, also without a page between.
            Route::Room(invitation) => rsx! {
                for invitation in [invitation] {
                    RoomFlow { key: "{invitation.key}", invitation }
                }
            },
            Route::Verify(code) => rsx! { Verify { code } },
            Route::Damaged => rsx! { Damaged {} },
        }
        {toasts()}
    }
}

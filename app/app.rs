use dioxus::prelude::*;

use crate::components::toast::toasts;
use crate::route::Route;
pub use crate::state::navigation::go;
use crate::state::{navigation, settings};
use crate::views::{Damaged, RoomFlow, Start};

/// The root: the page that the address names, and what is above every page.
#[component]
pub fn App() -> Element {
    use_hook(|| {
        settings::current().theme.apply();
        settings::show_language();
    });
    navigation::use_history();
    rsx! {
        match navigation::route() {
            Route::Start => rsx! { Start {} },
            // A list of one, so that another key makes another room, also without a page between.
            Route::Room(invitation) => rsx! {
                for invitation in [invitation] {
                    RoomFlow { key: "{invitation.key}", invitation }
                }
            },
            Route::Damaged => rsx! { Damaged {} },
        }
        {toasts()}
    }
}

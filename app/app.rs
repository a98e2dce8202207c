use dioxus::prelude::*;

use crate::components::toast::toasts;
use crate::platform;
use crate::route::Route;
pub use crate::state::navigation::go;
use crate::state::{navigation, people, rooms, settings};
use crate::views::{Damaged, RoomFlow, Start, Verify};

/// The root: the page that the address names, and what is above every page.
#[component]
pub fn App() -> Element {
    use_hook(|| {
        settings::current().theme.apply();
        settings::show_language();
    });
    navigation::use_history();
    use_stored_changes();
    rsx! {
        match navigation::route() {
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

/// Applies the changes that other windows of this device store.
fn use_stored_changes() {
    let refresh = |key: Option<&str>| {
        rooms::refresh(key);
        settings::refresh(key);
        people::refresh();
    };
    use_future(move || async move {
        let mut changes = platform::stored_changes();
        while let Some(key) = changes.next().await {
            refresh(key.as_deref());
        }
    });
    use_future(move || async move {
        let mut returns = platform::returns();
        while returns.next().await.is_some() {
            refresh(None);
        }
    });
}

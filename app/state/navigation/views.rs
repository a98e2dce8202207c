//! The views that are open over the room, in step with the browser's history.
//!
//! Each open view is an entry of the history, whose state names all that are open there. So a step
//! back closes the view that was opened last, and closing one by its button leaves no entry behind.

/// A view that opens over the room.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum View {
    /// The call that we are in. A step back from it asks before it ends.
    Call,
    /// The chat during a call, on a narrow screen.
    Chat,
    /// The list of people in the room.
    People,
    /// The link to the room.
    Invite,
    /// The card of a person.
    Person,
}

impl View {
    const ALL: [Self; 5] = [
        Self::Call,
        Self::Chat,
        Self::People,
        Self::Invite,
        Self::Person,
    ];

    fn tag(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Chat => "chat",
            Self::People => "people",
            Self::Invite => "invite",
            Self::Person => "person",
        }
    }
}

/// Returns the state of a history entry in which these views are open.
fn to_entry(views: &[View]) -> String {
    let tags: Vec<_> = views.iter().map(|view| view.tag()).collect();
    tags.join(" ")
}

/// Parses the state of a history entry. Words that name no view, such as those of another version
/// of the app, are left out.
fn from_entry(entry: &str) -> Vec<View> {
    let mut views = Vec::new();
    for tag in entry.split(' ') {
        let view = View::ALL.into_iter().find(|view| view.tag() == tag);
        views.extend(view.filter(|view| !views.contains(view)));
    }
    views
}

/// A change of the browser's history.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Step {
    /// A new entry with this state.
    Push(String),
    /// A step back by this number of entries, which the browser takes later and reports.
    Back(u32),
}

/// The open views, and the views of the history's entry.
#[derive(Debug, Default)]
pub struct Views {
    /// The open views, in the order in which they were opened.
    open: Vec<View>,
    /// The views of the history's current entry.
    entry: Vec<View>,
    /// The browser is on its way back to an earlier entry.
    is_going_back: bool,
}

impl Views {
    pub fn is_open(&self, view: View) -> bool {
        self.open.contains(&view)
    }

    pub fn open(&mut self, view: View) -> Vec<Step> {
        if !self.is_open(view) {
            self.open.push(view);
        }
        self.settle()
    }

    /// Closes a view and the view that is a part of it.
    pub fn close(&mut self, view: View) -> Vec<Step> {
        let goes = |open: &View| *open == view || (view == View::Call && *open == View::Chat);
        self.open.retain(|open| !goes(open));
        self.settle()
    }

    pub fn close_all(&mut self) -> Vec<Step> {
        self.open.clear();
        self.settle()
    }

    /// Closes all views, after another page was opened in a new entry.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// Follows the history to another entry, which has this state.
    pub fn arrived(&mut self, entry: &str) -> Vec<Step> {
        self.entry = from_entry(entry);
        if std::mem::take(&mut self.is_going_back) {
            // A view that was opened in the meantime still needs its entry.
            return self.settle();
        }
        self.open.clone_from(&self.entry);
        Vec::new()
    }

    /// Brings the history in step with the open views. The history only grows at its end, so the
    /// entries of closed views are removed first, with all that came after them.
    fn settle(&mut self) -> Vec<Step> {
        if self.is_going_back {
            return Vec::new();
        }
        let pairs = self.open.iter().zip(&self.entry);
        let shared = pairs.take_while(|(open, entry)| open == entry).count();
        let too_many = self.entry.len() - shared;
        if too_many > 0 {
            self.is_going_back = true;
            return vec![Step::Back(u32::try_from(too_many).unwrap_or(u32::MAX))];
        }
        let missing = shared + 1..=self.open.len();
        let steps = missing.map(|end| Step::Push(to_entry(&self.open[..end])));
        let steps = steps.collect();
        self.entry.clone_from(&self.open);
        steps
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn push(entry: &str) -> Step {
        Step::Push(entry.to_owned())
    }

    #[test]
    fn each_view_has_an_entry_and_a_step_back_closes_the_last() {
        let mut views = Views::default();
        assert_eq!(views.open(View::Call), [push("call")]);
        assert_eq!(views.open(View::Chat), [push("call chat")]);
        assert_eq!(views.open(View::Chat), []);
        // The person steps back, and forward again.
        assert_eq!(views.arrived("call"), []);
        assert!(views.is_open(View::Call) && !views.is_open(View::Chat));
        assert_eq!(views.arrived("call chat"), []);
        assert!(views.is_open(View::Chat));
    }

    #[test]
    fn closing_by_a_button_leaves_no_entry_behind() {
        let mut views = Views::default();
        views.open(View::People);
        assert_eq!(views.close(View::People), [Step::Back(1)]);
        assert!(!views.is_open(View::People));
        assert_eq!(views.arrived(""), []);
        assert_eq!(views.open(View::People), [push("people")]);
    }

    #[test]
    fn a_view_below_another_closes_alone() {
        let mut views = Views::default();
        views.open(View::Call);
        views.open(View::Chat);
        views.open(View::Invite);
        assert_eq!(views.close(View::Call), [Step::Back(3)]);
        assert!(!views.is_open(View::Chat));
        assert!(views.is_open(View::Invite));
        assert_eq!(views.arrived(""), [push("invite")]);
        assert!(views.is_open(View::Invite));
    }

    #[test]
    fn what_opens_while_the_browser_is_on_its_way_back_stays_open() {
        let mut views = Views::default();
        views.open(View::Invite);
        assert_eq!(views.close(View::Invite), [Step::Back(1)]);
        assert_eq!(views.open(View::People), []);
        assert!(views.is_open(View::People));
        assert_eq!(views.arrived(""), [push("people")]);
        assert!(views.is_open(View::People));
    }

    #[test]
    fn a_page_that_comes_back_at_a_views_entry_leaves_it() {
        let mut views = Views::default();
        assert_eq!(views.arrived("call chat"), []);
        assert_eq!(views.close_all(), [Step::Back(2)]);
        assert_eq!(views.arrived(""), []);
    }

    #[test]
    fn entries_of_others_are_no_views() {
        assert_eq!(
            from_entry("call wall call  people"),
            [View::Call, View::People]
        );
        assert_eq!(from_entry(""), []);
        assert_eq!(from_entry(&to_entry(&View::ALL)), View::ALL);
    }
}

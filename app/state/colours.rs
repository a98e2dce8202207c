//! Assigns colours to people. No two people in a room share a colour while another one is free.

use parlor_engine::PersonId;

/// The number of colours that people can tell apart. The style sheet defines them, the calm ones
/// first.
pub const COLOURS: u8 = 20;
/// The number of calm colours, which are assigned first.
const CALM: u8 = 10;
/// The largest number of people who left and keep their colours in case they come back.
const MOST_ABSENT: usize = 64;

/// The colours of a room.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Colours(Vec<(PersonId, u8)>);

impl Colours {
    /// Assigns colours to a list of people, none of whom has one yet.
    pub fn distinct(people: impl IntoIterator<Item = PersonId>) -> Self {
        let mut colours = Self::default();
        colours.settle(&people.into_iter().collect::<Vec<_>>(), &[]);
        colours
    }

    pub fn of(&self, person: PersonId) -> u8 {
        self.given(person).unwrap_or_else(|| own(person))
    }

    fn given(&self, person: PersonId) -> Option<u8> {
        self.0
            .iter()
            .find(|given| given.0 == person)
            .map(|given| given.1)
    }

    /// Assigns colours to the people in the room who have none yet and, where there are enough, to
    /// those who wrote here before. Nobody's colour changes because somebody else comes or goes.
    pub fn settle(&mut self, present: &[PersonId], authors: &[PersonId]) {
        // The same for everybody who comes into a room of the same people.
        let mut new: Vec<_> = present
            .iter()
            .filter(|person| self.given(**person).is_none())
            .collect();
        new.sort();
        new.dedup();
        for person in new {
            let colour = self
                .free(*person)
                .unwrap_or_else(|| self.take_over(*person, present));
            self.0.push((*person, colour));
        }
        for author in authors {
            if self.given(*author).is_none()
                && let Some(colour) = self.free(*author)
            {
                self.0.push((*author, colour));
            }
        }
        let is_absent = |given: &(PersonId, u8)| !present.contains(&given.0);
        while self.0.iter().filter(|given| is_absent(given)).count() > MOST_ABSENT
            && let Some(place) = self.0.iter().position(is_absent)
        {
            self.0.remove(place);
        }
    }

    /// Returns the first free colour, counting from the person's own.
    fn free(&self, person: PersonId) -> Option<u8> {
        let own = own(person);
        let calm = (0..CALM).map(|step| (own + step) % CALM);
        calm.chain(CALM..COLOURS)
            .find(|colour| self.0.iter().all(|given| given.1 != *colour))
    }

    /// Returns a colour when none is free: that of somebody who left or, in a crowd, the person's
    /// own.
    fn take_over(&mut self, person: PersonId, present: &[PersonId]) -> u8 {
        let is_free = |colour: u8| {
            let mut holders = self.0.iter().filter(|given| given.1 == colour);
            holders.all(|given| !present.contains(&given.0))
        };
        let Some(colour) = self
            .0
            .iter()
            .map(|given| given.1)
            .find(|colour| is_free(*colour))
        else {
            return own(person);
        };
        self.0.retain(|given| given.1 != colour);
        colour
    }
}

/// Returns the person's own colour, which they get if it is free.
fn own(person: PersonId) -> u8 {
    person.as_bytes()[0] % CALM
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Returns people who share a few own colours.
    fn people(count: u8) -> Vec<PersonId> {
        let person = |number: u8| {
            let letter = char::from(b'A' + number % 26);
            let other = char::from(b'a' + number / 26);
            format!("A{letter}{other}{}A", "w".repeat(39))
                .parse()
                .ok()
                .unwrap()
        };
        (0..count).map(person).collect()
    }

    fn count(colours: &Colours, people: &[PersonId]) -> usize {
        people
            .iter()
            .map(|person| colours.of(*person))
            .collect::<BTreeSet<_>>()
            .len()
    }

    #[test]
    fn as_many_people_as_there_are_colours_have_different_ones() {
        for number in 1..=COLOURS {
            let people = people(number);
            let colours = Colours::distinct(people.iter().copied());
            assert_eq!(count(&colours, &people), usize::from(number));
        }
    }

    #[test]
    fn the_order_of_a_list_changes_nothing() {
        let mut people = people(9);
        let colours = Colours::distinct(people.iter().copied());
        people.reverse();
        let other = Colours::distinct(people.iter().copied());
        assert!(people.iter().all(|one| colours.of(*one) == other.of(*one)));
    }

    #[test]
    fn nobodys_colour_changes_when_others_come_and_go() {
        let people = people(20);
        let mut colours = Colours::default();
        let mut seen = vec![None; people.len()];
        for step in 0..40 {
            // A room of six, one of whom leaves with each step, while another comes.
            let here: Vec<_> = (0..6)
                .map(|seat| (step * 3 + seat * 2) % people.len())
                .collect();
            let present: Vec<_> = here.iter().map(|one| people[*one]).collect();
            colours.settle(&present, &[]);
            assert_eq!(
                count(&colours, &present),
                count(&Colours::distinct(present.iter().copied()), &present)
            );
            for one in here {
                let colour = colours.of(people[one]);
                assert_eq!(*seen[one].get_or_insert(colour), colour, "{one} at {step}");
            }
        }
    }

    #[test]
    fn who_is_here_gets_the_colour_of_who_has_left_when_there_are_no_others() {
        let all = people(COLOURS + 3);
        let (before, late) = all.split_at(usize::from(COLOURS));
        let mut colours = Colours::distinct(before.iter().copied());
        let present = [&before[5..], late].concat();
        colours.settle(&present, before);
        assert_eq!(count(&colours, &present), present.len());
    }

    #[test]
    fn in_a_crowd_colours_are_shared_and_still_stay() {
        let all = people(32);
        let mut colours = Colours::distinct(all.iter().copied());
        assert_eq!(count(&colours, &all), usize::from(COLOURS));
        let before: Vec<_> = all.iter().map(|one| colours.of(*one)).collect();
        colours.settle(&all[20..], &[]);
        assert!(
            all[20..]
                .iter()
                .zip(&before[20..])
                .all(|(one, colour)| colours.of(*one) == *colour)
        );
    }

    #[test]
    fn those_who_wrote_have_colours_of_their_own_while_there_are_some() {
        let all = people(12);
        let mut colours = Colours::default();
        colours.settle(&all[..3], &all[3..]);
        assert_eq!(count(&colours, &all), all.len());
    }
}

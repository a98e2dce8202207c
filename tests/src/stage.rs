//! A play: a server, people, and a check at the end for errors on their pages.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::PathBuf;

use futures_util::FutureExt as _;
use tokio::sync::Semaphore;

use crate::faulty::FaultyWay;
use crate::person::Person;
use crate::place;
use crate::server::RunningServer;
use crate::setup::Setup;

/// The largest number of browsers at once: as many as two cores can keep in a call.
const SEATS: u32 = 3;

static FREE_SEATS: Semaphore = Semaphore::const_new(SEATS as usize);

/// Runs a play with up to `seats` browsers. Plays wait for each other if together they would have
/// more browsers than the machine can carry.
pub async fn play(seats: u32, scene: impl AsyncFnOnce(&mut Stage)) {
    play_on(place::site(), seats, scene).await;
}

/// Runs a play with another site than the web app.
pub async fn play_on(site: PathBuf, seats: u32, scene: impl AsyncFnOnce(&mut Stage)) {
    let _seats = FREE_SEATS
        .acquire_many(seats.min(SEATS))
        .await
        .expect("never closed");
    let mut stage = Stage {
        server: RunningServer::start(Some(site)).await,
        seats,
        people: Vec::new(),
    };
    let outcome = AssertUnwindSafe(scene(&mut stage)).catch_unwind().await;
    let complaints = stage.complaints().await;
    if let Err(panic) = outcome {
        for person in &stage.people {
            person.picture("end").await;
        }
        for complaint in complaints {
            #[allow(clippy::disallowed_macros, reason = "shown with the failed test")]
            {
                eprintln!("console of {complaint}");
            }
        }
        resume_unwind(panic);
    }
    assert!(
        complaints.is_empty(),
        "pages complained:\n{}",
        complaints.join("\n")
    );
}

/// A server, and the people who came.
#[derive(Debug)]
pub struct Stage {
    server: RunningServer,
    seats: u32,
    people: Vec<Person>,
}

impl Stage {
    /// Starts a person with the default setup.
    pub async fn person(&mut self, name: &str) -> Person {
        self.person_with(name, Setup::default()).await
    }

    /// Starts a person with another setup.
    pub async fn person_with(&mut self, name: &str, setup: Setup) -> Person {
        assert!(
            self.people.len() < self.seats as usize,
            "this play has {} seats",
            self.seats
        );
        let person = Person::new(name, self.origin(), setup).await;
        self.people.push(person.clone());
        person
    }

    /// Connects two people in a new room. Returns them and the room's link.
    pub async fn pair(&mut self) -> (Person, Person, String) {
        self.pair_with(Setup::default(), Setup::default()).await
    }

    /// The same with other browsers.
    pub async fn pair_with(&mut self, first: Setup, second: Setup) -> (Person, Person, String) {
        let ada = self.person_with("Ada", first).await;
        let ben = self.person_with("Ben", second).await;
        let link = ada.make_room_with(&ben).await;
        (ada, ben, link)
    }

    /// Connects two people who see each other in a call. Returns them and the room's link.
    pub async fn pair_in_call(&mut self) -> (Person, Person, String) {
        let (ada, ben, link) = self.pair().await;
        ada.call().await;
        ben.accept().await;
        ada.sees(&[&ben], crate::SOON).await;
        ben.sees(&[&ada], crate::SOON).await;
        (ada, ben, link)
    }

    /// Returns the site's origin.
    pub fn origin(&self) -> String {
        format!("http://{}", self.server.addr())
    }

    /// Returns the address of the server's WebSocket.
    pub fn socket(&self) -> String {
        self.server.socket()
    }

    /// Opens another address of the server, on which files can fail to arrive.
    pub async fn faulty_way(&self) -> FaultyWay {
        FaultyWay::to(self.server.addr()).await
    }

    /// Kills the server: sockets break, and it forgets everybody.
    pub async fn kill_server(&mut self) {
        for person in &self.people {
            person.expect_errors("WebSocket connection to");
        }
        self.server.kill().await;
    }

    /// Starts the server again, with the flag `--public-url`.
    pub async fn start_server_again_as(&mut self, public_url: &str) {
        self.server.set_public_url(public_url);
        self.start_server_again().await;
    }

    /// Starts the server again, at the same address.
    pub async fn start_server_again(&mut self) {
        self.server.start_again().await;
    }

    async fn complaints(&self) -> Vec<String> {
        let mut complaints = Vec::new();
        for person in &self.people {
            complaints.extend(person.complaints().await);
        }
        complaints
    }
}

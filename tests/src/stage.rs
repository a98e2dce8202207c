//! A play: a server, people, and the question at the end whether all went well.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::PathBuf;

use futures_util::FutureExt as _;
use tokio::sync::Semaphore;

use crate::faulty::FaultyWay;
use crate::person::Person;
use crate::place;
use crate::server::RunningServer;
use crate::setup::Setup;

/// As many browsers at once as two cores can keep in a call.
const SEATS: u32 = 3;

static FREE_SEATS: Semaphore = Semaphore::const_new(SEATS as usize);

/// Runs a play with up to so many browsers. Plays wait for each other when together they would be
/// more than the machine can carry.
pub async fn play(seats: u32, scene: impl AsyncFnOnce(&mut Stage)) {
    play_on(place::site(), seats, scene).await;
}

/// The same with another site than the web app.
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

/// A server and the people who came.
#[derive(Debug)]
pub struct Stage {
    server: RunningServer,
    seats: u32,
    people: Vec<Person>,
}

impl Stage {
    /// Somebody with an ordinary browser.
    pub async fn person(&mut self, name: &str) -> Person {
        self.person_with(name, Setup::default()).await
    }

    /// Somebody with another one.
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

    /// Two people in a new room who are connected; gives its link too.
    pub async fn pair(&mut self) -> (Person, Person, String) {
        self.pair_with(Setup::default(), Setup::default()).await
    }

    /// The same with other browsers.
    pub async fn pair_with(&mut self, first: Setup, second: Setup) -> (Person, Person, String) {
        let ada = self.person_with("Ada", first).await;
        let ben = self.person_with("Ben", second).await;
        let link = ada.make_room().await;
        ada.enter().await;
        ben.arrive(&link).await;
        ben.enter().await;
        ada.meets(&[&ben]).await;
        ben.meets(&[&ada]).await;
        (ada, ben, link)
    }

    /// Two people who see and hear each other in a call; gives the room's link too.
    pub async fn pair_in_call(&mut self) -> (Person, Person, String) {
        let (ada, ben, link) = self.pair().await;
        ada.call().await;
        ben.accept().await;
        ada.sees(&[&ben], crate::SOON).await;
        ben.sees(&[&ada], crate::SOON).await;
        (ada, ben, link)
    }

    /// The site's address, without a slash at its end.
    pub fn origin(&self) -> String {
        format!("http://{}", self.server.addr())
    }

    /// The address of the server's web socket.
    pub fn socket(&self) -> String {
        self.server.socket()
    }

    /// Another address of the server, on which files can fail to arrive.
    pub async fn faulty_way(&self) -> FaultyWay {
        FaultyWay::to(self.server.addr()).await
    }

    /// The server dies: sockets break, and it forgets everybody.
    pub async fn kill_server(&mut self) {
        for person in &self.people {
            person.expect_errors("WebSocket connection to");
        }
        self.server.kill().await;
    }

    /// The server comes back with the flag `--public-url`.
    pub async fn start_server_again_as(&mut self, public_url: &str) {
        self.server.set_public_url(public_url);
        self.start_server_again().await;
    }

    /// It comes back at the same address.
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

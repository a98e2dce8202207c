//! Who is in a room, seen from outside: sealed cards turned into names.

use std::sync::Arc;

use parlor_signaling_protocol::Member;
use tokio::sync::{mpsc, watch};

use super::signaling::{Handle, Request, RoomEvent};
use crate::call::Card;
use crate::engine::{Presence, Watch};
use crate::platform::{Current, Platform as _};
use crate::seal::Sealer;
use crate::{PeerId, RoomKey};

/// Watches until the returned value is dropped.
pub(crate) fn watch(platform: &Current, signaling: &Handle, key: &RoomKey) -> Watch {
    let (told, people) = watch::channel(None);
    let (events, inbox) = crate::inbox::unbounded();
    let room = key.room_id();
    // If the engine is gone the inbox ends at once, and the watch with it.
    let _ = signaling.send(Request::Watch { room, events });
    let task = follow(Sealer::new(key), inbox, told);
    let signaling = signaling.clone();
    platform.spawn(async move {
        task.await;
        let _ = signaling.send(Request::Unwatch { room });
    });
    Watch { people }
}

async fn follow(
    sealer: Sealer,
    mut inbox: mpsc::UnboundedReceiver<RoomEvent>,
    told: watch::Sender<Option<Arc<Vec<Presence>>>>,
) {
    let mut people: Vec<Presence> = Vec::new();
    loop {
        let event = tokio::select! {
            biased;
            event = inbox.recv() => event,
            () = told.closed() => None,
        };
        let Some(event) = event else { return };
        match event {
            RoomEvent::Watching { members } => {
                people = members
                    .iter()
                    .filter_map(|member| presence(&sealer, member))
                    .collect();
            }
            RoomEvent::PeerJoined { member } | RoomEvent::PeerCard { member } => {
                let Some(newer) = presence(&sealer, &member) else {
                    continue;
                };
                match place(&people, member.peer) {
                    Some(place) => people[place] = newer,
                    None => people.push(newer),
                }
            }
            RoomEvent::PeerLeft { peer, .. } => people.retain(|present| present.peer != peer),
            // What was seen last is the best there is while the server is away.
            _ => continue,
        }
        told.send_replace(Some(Arc::new(people.clone())));
    }
}

fn place(people: &[Presence], peer: PeerId) -> Option<usize> {
    people.iter().position(|present| present.peer == peer)
}

fn presence(sealer: &Sealer, member: &Member) -> Option<Presence> {
    let card = Card::open(sealer, member)?;
    Some(Presence {
        peer: member.peer,
        person: card.person(),
        name: card.name.into(),
    })
}

//! The native engine and a browser's own `RTCPeerConnection`: no code of ours is in the page but the
//! few lines of JavaScript that anybody would write there.

mod channels;
mod ends;
mod far;
mod media;
mod negotiating;
mod relayed;

# What Parlor says in English. Short, warm, plain; sentence case; "you", never "the user".
# A failure says what happened, what still works and what to do, without blame.

app-name = Parlor
close = Close
undo = Undo
join = Join
send = Send
share = Share…
menu = Menu
guest = Guest
somebody = Somebody
you = You
to-start = Back to the start
text-too-long = { $count ->
    [one] This is too long. Shorten it by { $count } character.
   *[other] This is too long. Shorten it by { $count } characters.
}

## Start

welcome-title = A room to talk in
welcome-how = Make a room, send its link to somebody, and talk, see each other or write. There is nothing to install and no account.
welcome-private = What you say is encrypted from your device to the people in the room. Nobody in between can listen.
new-room = New room
room-name = Name of the room
room-names = Kitchen table | Window seat | Reading lamp | Garden bench | Front porch | Tea corner | Fireside | Long sofa | Round table | Quiet corner | Sunday morning | Back garden
have-a-link = Have a link?
paste-it-here = Paste it here
link-empty = Paste the link that somebody sent you.
link-damaged = A part of this link is missing. Copy the whole link and try again.
link-not = This is not a link to a room. It looks like an address with a # in it.
your-rooms = Your rooms
unnamed-room = Room without a name
nobody-there = Nobody is there now
there-now = There now: { $names }
forget-room = Forget { $name }
room-forgotten = { $name } is no longer in your list.

## Times

when-now = just now
when-minutes = { $count } min ago
when-hours = { $count } h ago
when-today = Today
when-yesterday = Yesterday
when-date-time = { $date }, { $time }

## Lobby

lobby-preview = How you look and sound
title-in = { $room } · Parlor
title-ringing = { $name } is calling · { $room }
title-unread = ({ $count }) { $room } · Parlor
your-name = Your name
your-name-hint = The others in the room see it.
your-name-missing = Write your name first, so that the others know who comes in.
enter = Enter
lobby-note = This picture is only for you. Camera and microphone stay off in the room until you start or answer a call.
inside-unknown = Looking who is there…
inside-nobody = Nobody is there yet.
microphone = Microphone
camera = Camera
speaker = Speaker
microphone-turn-on = Turn the microphone on
microphone-turn-off = Turn the microphone off
camera-turn-on = Turn the camera on
camera-turn-off = Turn the camera off
microphone-turn-on-key = Turn the microphone on (M)
microphone-turn-off-key = Turn the microphone off (M)
camera-turn-on-key = Turn the camera on (V)
camera-turn-off-key = Turn the camera off (V)
device-system = Default
device-unnamed = Without a name
devices = Microphone, camera and speaker
preview-asking = Your browser may ask whether Parlor can use the camera and the microphone.
preview-off = Your camera is off.

## Devices that do not work

trouble-enter-anyway = You can enter without it, listen and write.
trouble-both-denied = Parlor may not use your camera and microphone.
trouble-both-missing = No camera and no microphone were found.
trouble-both-busy = Another program is using your camera and microphone.
trouble-both-taken = Permission for your camera and microphone was taken away.
trouble-both-gone = Your camera and microphone stopped or were unplugged.
trouble-camera-denied = Parlor may not use your camera.
trouble-camera-missing = No camera was found.
trouble-camera-busy = Another program is using your camera.
trouble-camera-other = Your camera did not start.
trouble-camera-taken = Permission for your camera was taken away.
trouble-camera-gone = Your camera stopped or was unplugged.
trouble-camera-paused = Your system has paused your camera, so nobody sees you.
trouble-microphone-denied = Parlor may not use your microphone.
trouble-microphone-missing = No microphone was found.
trouble-microphone-busy = Another program is using your microphone.
trouble-microphone-other = Your microphone did not start.
trouble-microphone-taken = Permission for your microphone was taken away.
trouble-microphone-gone = Your microphone stopped or was unplugged.
trouble-microphone-paused = Your system has muted your microphone, so nobody hears you.
trouble-unsupported = This page cannot use a camera or a microphone.
remedy-denied = Allow it with the symbol at the left of the address, then turn it on here.
remedy-both-missing = Plug one in, then turn it on here.
remedy-camera-missing = Plug one in, then turn it on here.
remedy-microphone-missing = Plug one in, then turn it on here.
remedy-busy = Close that program, then turn it on here.
remedy-taken = Allow it again with the symbol at the left of the address, then turn it on here.
remedy-gone = Plug it in or choose another one, then turn it on here.
remedy-camera-paused = Check its switch and other programs that use it. It goes on by itself.
remedy-microphone-paused = Check the mute switch of your headset or keyboard. It goes on by itself.
remedy-other = Turn it on here to try again, or choose another device.
remedy-unsupported = Open Parlor with an address that begins with https, or in another browser.
microphone-substituted = The microphone you chose is not connected, so Parlor uses { $name }.
camera-substituted = The camera you chose is not connected, so Parlor uses { $name }.
microphone-moved = Your microphone stopped or was unplugged. Parlor uses { $name } now.
device-another = another one

## Room

leave-room = Leave the room
people-count = { $count ->
    [one] { $count } person
   *[other] { $count } people
}
people-here = In the room
invite = Invite
call = Call
join-call = Join the call
call-lasts = Length of the call
in-call = In the call
in-call-muted = In the call, muted
chat = Chat
messages = Messages
chat-unread = { $count ->
    [one] Chat, { $count } new message
   *[other] Chat, { $count } new messages
}
new-messages = { $count ->
    [one] { $count } new message
   *[other] { $count } new messages
}
show-earlier = Show earlier messages
write-message = Write a message
message-left = { $count ->
    [one] { $count } character left
   *[other] { $count } characters left
}
message-too-long = { $count ->
    [one] Too long to send. Shorten it by { $count } character, or send it in parts.
   *[other] Too long to send. Shorten it by { $count } characters, or send it in parts.
}
sender-clock = { $time } · sender’s clock
sender-clock-differs = This clock does not agree with the others in the room.
message-waiting = Waiting until somebody can get it
message-contradicted = { $name } sent others something else in this place.
message-delivered = Delivered
message-not-sent = Your message was not sent, because this page had left the room. It is entering again: send it once more in a moment.
alone-title = Nobody else is here yet
alone-what = Send the room’s link to whom you want to talk to. They need nothing but a browser.
invite-somebody = Invite somebody
quiet-title = Nothing was said yet
quiet-what = Write the first message, or call everybody who is here.
server-offline = Reconnecting to the server. Calls and chat go on.

## How we stand with somebody

link-connecting = Connecting…
link-repairing = Reconnecting…
link-failed = No connection yet, still trying
discovery-allow = No connection to { $names } yet. If you are on the same network, allowing the microphone usually helps: then your browser lets nearby devices find this one. The microphone stays off.
discovery-unblock = No connection to { $names } yet. If you are on the same network, allowing the microphone usually helps. Allow it with the symbol at the left of the address, then reload this page.
allow-microphone = Allow the microphone

## People

person-options = Options for { $name }
person-verified = Verified
person-new = You meet for the first time.
person-met = You first met on { $date }.
person-not-verified = This is not the { $name } whom you verified: the key is another one. Trust it only once you have verified it too.
person-not-verified-short = Not the { $name } whom you verified
person-other-key = Not the device that you met as { $name } on { $date }. It can be a new device, or somebody else.
person-same-name = More than one person here is called { $name }.
person-our-name = Has the same name as you. It can be another device of yours, or somebody else.
person-renamed = Was called { $name } before.
person-muted = Muted for you
person-hidden = Hidden for you
person-muted-hidden = Muted and hidden for you
person-blocked = Blocked
person-mute = Mute for me
person-unmute = Hear again
person-mute-what = You do not hear { $name }. The others do.
person-hide = Hide for me
person-unhide = Show again
person-hide-what = The picture and the messages of { $name } are folded for you.
person-block = Block
person-unblock = Unblock
person-unblock-name = Unblock { $name }
person-block-what = Mutes and hides { $name }. There are no calls between you, and your sound and picture are not sent there. Nobody is told.
person-was-blocked = { $name } is blocked.
blocked-people = { $count ->
    [one] { $count } blocked person
   *[other] { $count } blocked people
}
messages-folded = { $count ->
    [one] { $count } message from { $name }
   *[other] { $count } messages from { $name }
}
show-messages = Show
show-picture = Show the picture

## Verification

verify = Verify
verify-again = Compare again
verify-undo = No longer verified
verify-why = A name is easy to copy, a key is not. Compare your keys once, and Parlor recognizes this device from then on.
verify-title = Verify { $name }
verify-no-words = The words could not be loaded. Compare the numbers: they stand for the same.
verify-how = Compare both lists with { $name }, face to face or where you know the voice. The other screen shows the same two.
verify-yours = Yours
verify-theirs = { $name }’s
verify-languages = In another language the words differ. The numbers are the same.
verify-same = They match
verify-different = They differ
verify-done = { $name } is verified.
verify-failed = Do not trust this connection: somebody may pose as { $name }, or stand between you. Check that both of you look at the right person, and talk about it another way.
verify-camera = With a camera
verify-camera-how = { $name } can scan this code. If it fits there, choose “They match” here too.
verify-qr = Both keys as a QR code
verify-scan = Scan the code of { $name }
verify-scan-end = Stop scanning
verify-other-code = This is another kind of code. Scan the one under “Verify” on the other screen.
verify-page-fits = This is the code of { $name }
verify-page-ask = It fits the { $name } whom you first met on { $date }. Did you scan it from the screen of { $name } yourself? A link that somebody sent proves nothing.
verify-page-confirm = I scanned it myself
verify-page-end = From now on Parlor tells you if somebody else comes under this name.
verify-page-not-us = This code is not for this device
verify-page-not-us-what = It shows another key than the one of this browser. Scan it with the device that you use in the room. If you did, do not trust the connection: somebody may stand between you.
verify-page-unknown = Nobody you met has this code
verify-page-unknown-what = Meet in a room first, then scan again. If you have met, do not trust the connection: somebody may stand between you.

## Calls

call-ongoing = A call is going on.
call-ongoing-with = A call is going on with { $names }.
call-elsewhere = You are in a call in another window. Who calls here is told so.
calls-in = is calling in { $room }
answer-with-camera = Camera
answer-with-voice = Voice
decline = Decline
calling = Calling…
calling-nobody = Nobody else is here to call
calling-nobody-what = Whoever comes into the room now can join you.
call-alone = You are alone in the call
call-alone-what = It stays open for half a minute, so that the others can come back.
cancel-call = Cancel
answer-ringing = Ringing…
answer-declined = Declined
answer-busy = In another call
answer-none = No answer
leave-call = Leave the call
leave-question = Leave the call?
leave-question-what = You went back during a call. It goes on until you leave it.
stay-in-call = Stay in the call
left-call = You left the call in { $room }.
back-to-call = Back to the call
call-controls = Call controls
share-screen = Share your screen
share-screen-key = Share your screen (S)
share-stop = Stop sharing
share-stop-key = Stop sharing (S)
# What is shared, in the middle of "sharing" and "sharing-alone".
sharing-monitor = your whole screen
sharing-window = a window
sharing-tab = a tab
sharing-screen = your screen
sharing = You are sharing { $what } with { $names }.
sharing-alone = You are sharing { $what }. Nobody else is in the call.
shared-by = { $name }’s screen
screen-failed = The screen could not be shared. Try again, or choose another window.
zoom-in = Zoom in
zoom-out = Zoom out
full-screen = Full screen
tile-muted = Microphone off
tile-camera-off = Camera off
tile-muted-camera-off = Microphone and camera off
tap-to-hear = Tap to hear
notice-ended = The call has ended.
notice-missed = You missed a call from { $name }.
notice-not-answered = { $name } called. You did not answer.
notice-no-answer = Nobody answered your call.
notice-declined = { $name } declined.
notice-busy = { $name } is in another call.
notice-impersonated = Somebody else spoke in the name of { $name }, and was refused. Compare words with { $name } in person, or make a new room.
notice-contradiction = { $name } said different things to different people. Those messages are marked.
notice-ice-server = The server names a STUN or TURN address that cannot be used here: { $url }. People in other networks may not be reachable.
notice-garbled = Messages from { $name } cannot be read. Their app may be another version, or something disturbs them.

## Invitation

invite-to = Invite to { $room }
invite-gives = Whoever has this link can come in, read the chat and talk. The key to the room is in the link. The server does not get it.
invite-ends = The link cannot be taken back. For a conversation without it, make a new room.
invite-this-computer = This link works on this computer only. For other devices, start the server with --bind 0.0.0.0, or name its public address with --public-url.
invite-without-https = On other devices, this link gives the chat, but neither camera nor microphone: browsers ask for an address that begins with https.
invite-link = Link to the room
invite-qr = The link as a QR code
copy = Copy
copied = Copied

## Trouble

damaged-title = This link is not whole
damaged-what = A part of it was lost on the way, so it opens no room.
damaged-remedy = Copy the whole link from the message it came in, or ask for it again.
refused-title = You cannot enter now
refused-remedy = Go back to the start and try again in a while.
refused-version = This page is older or newer than its server. Reload it.
refused-room-full = The room is full.
refused-server-full = The server has no room for more visitors.
refused-rate = That was too much in too short a time.
refused-too-large = That was too long for the server.
refused-other = The server did not understand this page.
unsupported-title = This browser cannot make calls
unsupported-what = It has no WebRTC, or it is turned off.
unsupported-remedy = Open the link in a current version of Firefox, Chrome, Edge or Safari.
unsupported-line = This browser cannot make calls: it has no WebRTC, or it is turned off. Open Parlor in a current version of Firefox, Chrome, Edge or Safari.

## Menu

theme = Appearance
theme-system = System
theme-light = Light
theme-dark = Dark
language = Language
language-system = System
ring = When somebody calls
ring-sound = Ring
ring-quiet = No sound

## Before the app runs. These texts are in a script of their own (app/boot.js): each is one line and takes no values.

boot-loading = Loading Parlor…
boot-failed-title = Parlor could not start
boot-no-module = This browser has no WebAssembly, or it is turned off. Turn it on for this page if you can.
boot-old = This browser is too old for Parlor.
boot-browser = Open this address in a current version of Firefox, Chrome, Edge or Safari.
boot-script = The app’s script is missing.
boot-module = A part of the app’s program is missing.
boot-remedy = Check your connection and try again. If that does not help, tell the person who runs this server.
boot-stalled-title = This takes longer than usual
boot-stalled = Nothing more has arrived for a while. Parlor starts by itself as soon as the rest is there.
boot-stopped-title = Parlor has stopped
boot-stopped = A fault in the app stopped it. Reload the page to go on. If you are in a call, the others may see and hear you until then.
boot-again = Try again
boot-reload = Reload
boot-no-script = Parlor needs JavaScript. Turn it on for this page and load it again.
boot-late = Parlor did not load. Check your connection and load the page again.

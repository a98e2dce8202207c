'use strict';

// One member of a room, at a terminal. It reads commands and writes events, one JSON object in each line.
// node main.js LINK NAME [LONGEST PAUSE BEFORE CONNECTING AGAIN, in milliseconds]

const { createInterface } = require('node:readline');

const { readLink } = require('./keys.js');
const { Member } = require('./member.js');
const { Session } = require('./session.js');

const [link, name, longestPause] = process.argv.slice(2);
const invitation = readLink(link);
const session = new Session(invitation.socket, longestPause && Number(longestPause));
const member = new Member(session, invitation.secret, name);

function tell(event) {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

session.on('welcome', ({ resumed }) => tell({ event: 'welcome', resumed }));
session.on('cut', () => tell({ event: 'cut' }));
session.on('refused', ({ code, room }) => tell({ event: 'refused', code, room }));
member.on('joined', () => tell({ event: 'joined', me: member.id, room: invitation.name }));
member.on('met', (peer, name) => tell({ event: 'met', peer, name }));
member.on('renamed', (peer, name) => tell({ event: 'renamed', peer, name }));
member.on('gone', (peer, reason) => tell({ event: 'gone', peer, reason }));
member.on('said', (peer, message) => tell({ event: 'said', peer, message }));
member.on('dropped', (peer, why) => tell({ event: 'dropped', peer, why }));

const commands = {
  say: ({ to, message }) => member.say(to, message),
  publish: ({ state }) => member.publish(state),
  rename: ({ name }) => member.rename(name),
  leave: () => {
    member.leave();
    session.end();
    process.stdin.destroy();
  },
};

session.connect();
const input = createInterface({ input: process.stdin });
input.on('line', (line) => {
  const command = JSON.parse(line);
  commands[command.do](command);
});

// node phone.js SERVER USER PASSWORD TARGET: a phone that a browser would be. Registers USER with digest at
// the WebSocket SERVER, calls TARGET and hangs up, then takes one call and waits until the other side hangs
// up. Ends with 0 when all of that went well, and says on standard output what it is at.
import WebSocket from "ws";
import { Inviter, Registerer, RegistererState, SessionState, UserAgent, UserAgentState } from "sip.js";

globalThis.WebSocket = WebSocket; // what a browser has by itself

const [server, user, password, target] = process.argv.slice(2);
const say = (text) => console.log(`sip.js: ${text}`);
const sdp = (version) =>
  `v=0\r\no=phone 1 ${version} IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n` +
  "m=audio 40000 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=sendrecv\r\n";

// A browser's would be WebRTC's; here it is the description of a stream that is never sent.
class Session {
  constructor() {
    this.version = 1;
  }
  close() {}
  hasDescription(contentType) {
    return contentType === "application/sdp";
  }
  async getDescription() {
    return { body: sdp(this.version++), contentType: "application/sdp" };
  }
  async setDescription(text) {
    if (!text.startsWith("v=0")) throw new Error("this is no SDP");
  }
  async rollbackDescription() {}
  sendDtmf() {
    return false;
  }
}

const fail = (why) => {
  console.error(`sip.js: ${why}`);
  process.exit(1);
};
setTimeout(() => fail("not done after 60 s"), 60000).unref();

// Resolves when the emitter's state is `wanted`; fails on a state that it cannot come back from.
const reached = (subject, wanted, lost) =>
  new Promise((resolve) => {
    const look = (state) => {
      if (state === lost) fail(`is ${state} instead of ${wanted}`);
      if (state !== wanted) return;
      subject.stateChange.removeListener(look);
      resolve();
    };
    subject.stateChange.addListener(look);
    look(subject.state);
  });

let incoming;
const invited = new Promise((resolve) => (incoming = resolve));
const domain = target.replace(/^.*@/, "");
const agent = new UserAgent({
  uri: UserAgent.makeURI(`sip:${user}@${domain}`),
  authorizationUsername: user,
  authorizationPassword: password,
  transportOptions: { server },
  sessionDescriptionHandlerFactory: () => new Session(),
  delegate: { onInvite: (invitation) => incoming(invitation) },
  logBuiltinEnabled: process.env.SIPJS_LOG !== undefined,
  logLevel: "debug",
});

await agent.start();
say("connected");
const registerer = new Registerer(agent, { expires: 600 });
await registerer.register();
await reached(registerer, RegistererState.Registered, RegistererState.Terminated);
say("registered");

const call = new Inviter(agent, UserAgent.makeURI(target));
await call.invite();
await reached(call, SessionState.Established, SessionState.Terminated);
say("the call is up");
await call.bye();
say("hung up");

const invitation = await invited;
say("a call comes in");
await invitation.accept();
await reached(invitation, SessionState.Established, SessionState.Terminated);
await reached(invitation, SessionState.Terminated);
say("the other side hung up");

await registerer.unregister();
await reached(registerer, RegistererState.Unregistered, RegistererState.Terminated);
await agent.stop();
if (agent.state !== UserAgentState.Stopped) fail("did not stop");
say("all well");
process.exit(0);

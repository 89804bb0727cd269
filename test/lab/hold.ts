// A reference host for as long as somebody holds on to it: prints its address as one line of JSON and ends the host when
// standard input closes. `npm run demo -- --live` holds one.
import { startReferenceHost } from './reference-host.ts';

const host = await startReferenceHost();
const { user, address, port, keyFile, knownHostsFile } = host;
console.log(JSON.stringify({ user, host: address, port, keyFile, knownHosts: knownHostsFile }));
for await (const _ of process.stdin) {
  // Nothing is expected: what counts is its end.
}
await host.stop();

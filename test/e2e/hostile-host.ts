// The reference host's transcript with other names in it: what somebody could call a machine, a container, an interface or
// a process to get more than text out of whoever looks at it.
import { hostTranscript } from '../helpers/host-fixture.ts';

const turn = '\u202e';
const escape = '\u001b';

export const hostile = {
  /** What the header calls the host. */
  label: '<img src=x onerror=hacked=1>',
  hostName: '<b>host</b>',
  container: '<img src=x onerror=hacked=1>',
  link: '</text><script>hacked=1</script>',
} as const;

/** As the collector would have brought it. */
export function hostileTranscript(): Uint8Array {
  // Latin 1 keeps every byte as it is; what is put in goes through UTF-8 first.
  const bytes = (text: string): string => Buffer.from(text).toString('latin1');
  const text = Buffer.from(hostTranscript('reference-host')).toString('latin1');
  const changed = text
    .replaceAll('nginx-d8e2d', bytes(hostile.container))
    .replaceAll('redis-3f1c9', 'R'.repeat(4096))
    .replaceAll('ip-172-31-40-91', bytes(hostile.hostName))
    .replaceAll('"buildkit0"', JSON.stringify(hostile.link))
    .replaceAll('nginx: master process', bytes(`nginx: ${turn}master${escape}[31m <b>process</b>\u0007`));
  return Buffer.from(changed, 'latin1');
}

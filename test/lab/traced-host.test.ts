// Traces on the reference host against what really happens there: each routing decision is the one `ip route get` gives in that
// network namespace, a connection is answered where the trace ends, and one that is refused or unanswered is told so.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { collectorScript } from '../../electron/collect/collector-script.ts';
import type { Model } from '../../shared/model/model.ts';
import { deriveModel } from '../../shared/snapshot/derive.ts';
import type { TracedPath } from '../../shared/trace/path.ts';
import { readStart, readTarget } from '../../shared/trace/read-place.ts';
import { tracePath } from '../../shared/trace/trace.ts';
import type { LabHost } from './reference-host.ts';
import { startReferenceHost } from './reference-host.ts';

let host: LabHost;
let model: Model;
beforeAll(async () => {
  host = await startReferenceHost();
  const { stdout } = await host.execAsRoot(`sh -s <<'COLLECTOR'\n${collectorScript}\nCOLLECTOR\n`);
  ({ model } = deriveModel(Buffer.from(stdout)));
});
afterAll(async () => {
  await host.stop();
});

function pathOf(from: string, to: string): TracedPath {
  const [start, target] = [readStart(model, from), readTarget(model, to)];
  if ('problem' in start || 'problem' in target) throw new Error(JSON.stringify([start, target]));
  const trace = tracePath(model, { from: start, ...target });
  if ('problem' in trace) throw new Error(trace.problem);
  const [only, second] = trace.paths;
  if (!only || second) throw new Error(`${trace.paths.length} paths`);
  return only;
}

/** A path that enters a network namespace, as root on the host. */
function wayInto(netns: string): string {
  const found = model.namespaces.find(({ id }) => id === netns);
  const leader = found?.leaderIds[0];
  if (leader !== undefined) return `/proc/${leader.slice('process:'.length)}/ns/net`;
  const paths = (found?.keptBy ?? []).flatMap((keeper) => (keeper.by === 'mount' ? [keeper.reachableAs] : []));
  const path = paths.find((one) => one !== undefined);
  if (path === undefined) throw new Error(`no way into ${netns}`);
  return path;
}

const inNetns = async (netns: string, command: string): Promise<string> =>
  (await host.execAsRoot(`nsenter --net=${wayInto(netns)} ${command} 2>&1 || true`)).stdout.trim();

/** A connection of TCP: `open`, `refused`, or what else came of it. */
async function connect(from: string, to: string): Promise<string> {
  const start = readStart(model, from);
  const netns =
    'problem' in start || start.kind !== 'container'
      ? model.host.initialNamespaces.net?.id
      : model.processes.find(({ container }) => container === start.container)?.namespaces.net;
  const [address = '', port = ''] = to.split(':');
  const said = await inNetns(netns ?? '', `timeout 2 bash -c '</dev/tcp/${address}/${port} && echo open'`);
  return said === 'open' ? 'open' : /refused/.test(said) ? 'refused' : 'no answer';
}

interface KernelRoute {
  readonly type?: string;
  readonly dev?: string;
  readonly gateway?: string;
  readonly prefsrc?: string;
}

/** Where what is sent goes, hop by hop, is what the kernel says in each network namespace. */
async function expectKernelAgrees({ hops }: TracedPath): Promise<void> {
  let sending = false;
  let destination = '';
  for (const { event, netns } of hops) {
    if (event.kind === 'sent') [sending, destination] = [true, event.packet.destination];
    if (event.kind === 'pair') sending = false;
    if (event.kind === 'rewritten' && event.by === 'dnat') destination = event.after?.address ?? destination;
    if (event.kind !== 'routed' || !sending || netns === undefined) continue;
    const said = await inNetns(netns, `ip -j route get ${destination}`);
    const [route] = JSON.parse(said) as readonly KernelRoute[];
    const kernel = route?.type === 'local' ? 'local' : [route?.dev, route?.gateway].join(' via ');
    expect(event.type === 'local' ? 'local' : [event.device, event.gateway].join(' via '), said).toBe(kernel);
    if (event.source !== undefined) expect(event.source).toBe(route?.prefsrc);
  }
}

test.each([
  ['redis-3f1c9', '10.4.0.9:80', 'delivered', 'open'],
  ['nginx-d8e2d', '10.4.0.10:6379', 'delivered', 'open'],
  ['host', '127.0.0.1:8080', 'delivered', 'open'],
  ['host', '127.0.0.1:8081', 'nobody-listens', 'refused'],
  ['nginx-d8e2d', '127.0.0.1:81', 'nobody-listens', 'refused'],
  ['nginx-d8e2d', '10.4.0.10:81', 'nobody-listens', 'refused'],
  ['nginx-d8e2d', '10.4.0.1:81', 'nobody-listens', 'refused'],
  ['nginx-d8e2d', '10.4.0.77:80', 'lost', 'no answer'],
  ['nginx-d8e2d', '10.0.2.2:22', 'lost', 'no answer'],
])('%s to %s: %s', async (from, to, end, answer) => {
  const path = pathOf(from, to);
  expect(path.end).toBe(end);
  await expectKernelAgrees(path);
  const said = await connect(from, to);
  // Whether slirp4netns refuses what it was told to keep away from the host's loopback, or is silent, is its own affair.
  if (to.startsWith('10.0.2.2')) expect(said).not.toBe('open');
  else expect(said).toBe(answer);
});

test('from a container to the host’s sshd by slirp4netns, and who answers is who the trace says', async () => {
  const path = pathOf('nginx-d8e2d', `${host.address}:22`);
  const last = path.hops.at(-1)?.event;
  expect(last).toMatchObject({ kind: 'delivered', processes: [`process:${host.truth.sshdPid}`] });
  await expectKernelAgrees(path);
  expect(await connect('nginx-d8e2d', `${host.address}:22`)).toBe('open');
});

// On hosts that were recorded: the article's, as its user and as root.
import { describe, expect, it } from 'vitest';
import { describeTrace, tellNotTraced } from '../../../../shared/explain/tell-trace.ts';
import type { Model } from '../../../../shared/model/model.ts';
import type { NotTraced, Trace, TraceRequest } from '../../../../shared/trace/path.ts';
import { readStart, readTarget } from '../../../../shared/trace/read-place.ts';
import { tracePath } from '../../../../shared/trace/trace.ts';
import { hostFixture } from '../../../helpers/host-fixture.ts';
import { inShort } from '../../../helpers/trace-model.ts';

function requestOf(model: Model, from: string, to: string): TraceRequest {
  const [start, target] = [readStart(model, from), readTarget(model, to)];
  if ('problem' in start || 'problem' in target) throw new Error(JSON.stringify([start, target]));
  return { from: start, ...target };
}

const isTraced = (trace: Trace | NotTraced): trace is Trace => !('problem' in trace);

function traced(model: Model, from: string, to: string): Trace {
  const trace = tracePath(model, requestOf(model, from, to));
  if (!isTraced(trace)) throw new Error(trace.problem);
  return trace;
}

describe.each(['reference-host', 'reference-host-as-root', 'reference-host-child-ip', 'reference-host-own-netns'])(
  '%s',
  (host) => {
    const { model } = hostFixture(host);

    it('the published port leads by RootlessKit into the container, to the server there', () => {
      const { paths } = traced(model, 'host', '127.0.0.1:8080');
      expect(paths).toHaveLength(1);
      const nginx = model.containers.find(({ name }) => name.startsWith('nginx'));
      const last = paths[0]?.hops.at(-1);
      expect(last?.event).toMatchObject({ kind: 'delivered', address: '10.4.0.9', port: 80 });
      const processes = last?.event.kind === 'delivered' ? last.event.processes : [];
      for (const id of processes) expect(nginx?.processIds).toContain(id);
      expect(paths[0]?.hops.map(({ event }) => event.kind)).toContain('handed-on');
    });

    it('one container to the other: over the bridge', () => {
      const [path] = traced(model, 'redis-3f1c9', 'nginx-d8e2d').paths;
      expect(path?.end).toBe('delivered');
      expect(path?.hops.filter(({ event }) => event.kind === 'pair')).toHaveLength(2);
      expect(path?.hops.filter(({ event }) => event.kind === 'bridged')).toHaveLength(1);
    });

    it('a container to the Internet: by slirp4netns and the host’s own way out', () => {
      const [path] = traced(model, 'redis-3f1c9', 'internet:443').paths;
      const kinds = path?.hops.map(({ event }) => event.kind) ?? [];
      expect(kinds).toContain('user-mode');
      expect(kinds.at(-1)).toBe('leaves');
      const masquerade = path?.hops.find(({ event }) => event.kind === 'rewritten')?.event;
      expect(masquerade).toMatchObject({
        by: 'masquerade',
        before: { address: '10.4.0.10' },
        after: { address: '10.0.2.100' },
      });
    });
  },
);

describe('the reference host as root', () => {
  const { model } = hostFixture('reference-host-as-root');

  it('nobody listens there, for certain: all sockets were seen', () => {
    expect(inShort(traced(model, 'nginx-d8e2d', '127.0.0.1:81'))).toEqual([
      'certain: sent, routed local, nobody-listens',
    ]);
  });

  it('slirp4netns was told not to let anybody to the host’s loopback', () => {
    const [path] = traced(model, 'nginx-d8e2d', '10.0.2.2:22').paths;
    expect(path?.hops.at(-1)?.event).toMatchObject({
      kind: 'lost',
      reason: 'tap-server',
      detail: '--disable-host-loopback',
    });
    expect(traced(model, 'nginx-d8e2d', '10.0.2.3:53').paths[0]?.end).toBe('answered-by-server');
  });

  it('in words', () => {
    const request = requestOf(model, 'host', '127.0.0.1:8080');
    const trace = tracePath(model, request);
    if (!isTraced(trace)) throw new Error(trace.problem);
    const text = describeTrace(model, request, trace);
    expect(text.split('\n').slice(0, 16)).toEqual([
      'From host to 127.0.0.1:8080 tcp',
      '',
      expect.stringMatching(/^Delivered: nginx\[\d+\] \+2 listens on 0\.0\.0\.0:80 tcp \(inferred\)$/),
      '  host',
      '     1  Sent to 127.0.0.1:8080 tcp',
      '     2  127.0.0.1 is this network namespace’s own',
      '        table local, by rule 0 · source 127.0.0.1',
      expect.stringMatching(/^ {5}3 {2}rootlesskit\[\d+\] listens on 127\.0\.0\.1:8080 tcp$/),
      expect.stringMatching(/^ {5}4 {2}rootlesskit\[\d+\] hands the connection on to 127\.0\.0\.1:8080$/),
      '  RootlessKit child · ec2-user · detached',
      expect.stringMatching(/^ {5}5 {2}rootlesskit child\[\d+\] sends to 127\.0\.0\.1:8080 tcp$/),
      '     6  127.0.0.1 is this network namespace’s own',
      '        table local, by rule 0 · source 127.0.0.1',
      '     7  Destination rewritten: 127.0.0.1:8080 → 10.4.0.9:80',
      expect.stringContaining('dnat to 10.4.0.9:80'),
      '     8  Routed by 10.4.0.0/24 dev nerdctl0',
    ]);
  });
});

describe('what cannot be traced says why', () => {
  const { model } = hostFixture('reference-host');
  const problem = (request: TraceRequest, of = model): string => {
    const trace = tracePath(of, request);
    return isTraced(trace) ? '' : tellNotTraced(of, trace);
  };
  const from = { kind: 'outside' } as const;

  it('a thing that is not there, an address that is none', () => {
    expect(problem({ from, to: { kind: 'process', process: 'process:999999' } })).toBe(
      'process:999999 is not in this snapshot.',
    );
    expect(problem({ from, to: { kind: 'address', address: '300.1.2.3' } })).toBe(
      '300.1.2.3 is not an IPv4 or IPv6 address.',
    );
    expect(problem({ from: { kind: 'container', container: 'container:x' }, to: from as never })).toContain(
      'not in this snapshot',
    );
  });

  it('a loopback address, for who is outside', () => {
    for (const address of ['127.0.0.1', '127.1.2.3', '::1']) {
      expect(problem({ from, to: { kind: 'address', address } })).toContain('nothing from outside gets there');
    }
  });

  it('a process whose network namespace is closed to who asked', () => {
    const [closed, ...others] = model.processes;
    if (!closed) throw new Error('no process');
    const processes = [{ ...closed, namespaces: {} }, ...others];
    const request = { from: { kind: 'process', process: closed.id }, to: { kind: 'internet' } } as const;
    expect(problem(request, { ...model, processes })).toMatch(/was not seen/);
  });

  it('places as people write them', () => {
    expect(readTarget(model, '[fd00::2]:80')).toEqual({ to: { kind: 'address', address: 'fd00::2' }, port: 80 });
    expect(readTarget(model, 'fd00::2')).toEqual({ to: { kind: 'address', address: 'fd00::2' } });
    expect(readTarget(model, 'nginx-d8e2d:81')).toMatchObject({ to: { kind: 'container' }, port: 81 });
    expect(readTarget(model, 'nginx-d8e2d:0')).toMatchObject({ problem: 'not-a-port' });
    expect(readStart(model, '10.4.0.9')).toMatchObject({ problem: 'not-a-start' });
    expect(readStart(model, 'host')).toMatchObject({ kind: 'netns' });
    expect(readStart(model, 'nginx')).toMatchObject({ problem: 'several-of-that-name' });
    expect(readStart(model, 'nobody')).toMatchObject({ problem: 'nothing-of-that-name' });
  });
});

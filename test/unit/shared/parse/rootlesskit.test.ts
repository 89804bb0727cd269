// RootlessKit's state directory and API, and the runtime's state files.
import { describe, expect, it } from 'vitest';
import { parseRootlessKitInfo, parseRootlessKitPorts } from '../../../../shared/parse/rootlesskit-api.ts';
import { parseListing } from '../../../../shared/parse/rootlesskit-listing.ts';
import { parseRuntimeState } from '../../../../shared/parse/runtime-state.ts';
import { aFrame, quoted, sourceText } from '../../../helpers/frames.ts';

describe('listing', () => {
  it('shows the netns file from both sides', () => {
    const frame = aFrame('rootlesskit', sourceText('rootlesskit-listing/detached.txt'));
    const { facts, unparsable } = parseListing(frame);
    expect(unparsable).toEqual([]);
    const netns = facts.filter(({ name }) => name === 'netns');
    expect(netns).toMatchObject([
      { directory: '/run/user/1000/containerd-rootless', type: 'file', size: 0, inode: undefined },
      { directory: '/proc/92/root/run/user/1000/containerd-rootless', type: 'file', size: 0 },
    ]);
    expect(netns.map(({ evidence }) => quoted(frame, evidence).slice(0, 22))).toEqual([
      '-r-------- 1 1000 1000',
      '-r--r--r-- 1    0    0',
    ]);
    expect(facts.find(({ name }) => name === 'api.sock')?.type).toBe('socket');
    expect(facts.find(({ name }) => name === '.bp-ready.pipe')?.type).toBe('fifo');
  });

  it('reads inodes where they were asked for, and device numbers', () => {
    const text =
      '# /a\n4026532201 -r--r--r-- 1 0 0 0 Nov 23 15:00 netns\n 7 crw-rw-rw- 1 0 0 10, 200 Nov 23  2025 tun\n';
    expect(parseListing(aFrame('rootlesskit', text)).facts).toMatchObject([
      { name: 'netns', inode: 4026532201 },
      { name: 'tun', type: 'character-device', size: 0 },
    ]);
  });
});

describe('API', () => {
  it.each(['rootlesskit-api/info.json', 'rootlesskit-api/rootlessctl-info.json'])('reads %s', (name) => {
    expect(parseRootlessKitInfo(aFrame('rootlesskit-info', sourceText(name))).info).toMatchObject({
      version: '2.0.2',
      networkDriver: 'slirp4netns',
      portDriver: 'builtin',
      childIp: '10.0.2.100',
    });
  });

  it.each(['rootlesskit-api/ports.json', 'rootlesskit-api/rootlessctl-ports.jsonl'])('reads %s', (name) => {
    const { ports, unparsable } = parseRootlessKitPorts(aFrame('rootlesskit-ports', sourceText(name)));
    expect(unparsable).toEqual([]);
    expect(ports).toMatchObject([
      { id: 1, protocol: 'tcp', parentIp: '127.0.0.1', parentPort: 8080, childIp: '', childPort: 8080 },
    ]);
  });

  it.each([
    ['null\n', []],
    ['[]\n', []],
    ['', undefined],
    ['{"message":"no port driver is set"}\n', undefined],
  ])('takes %j as %j', (text, ports) => {
    expect(parseRootlessKitPorts(aFrame('rootlesskit-ports', text)).ports).toEqual(ports);
  });
});

describe('runtime state', () => {
  it('reads runc’s state.json', () => {
    const path = '/proc/92/root/run/containerd/runc/default/d8e2/state.json';
    const { state, unparsable } = parseRuntimeState(
      aFrame('runtime-state', sourceText('runtime-state/nerdctl-nginx.json')),
      path,
    );
    expect(unparsable).toEqual([]);
    expect(state).toMatchObject({
      runtimeId: 'd8e2d622b3d7c1f60b94a27e5538fa0dd1c6be9047a3f2856b1e09cd74f3a85b',
      initPid: 211,
      initStartTicks: 205207,
      path,
      annotations: {
        'nerdctl/name': 'nginx-d8e2d',
        'nerdctl/ports': '[{"HostPort":8080,"ContainerPort":80,"Protocol":"tcp","HostIP":"127.0.0.1"}]',
      },
    });
  });

  it('reads crun’s status, whose id is its directory', () => {
    const text = '{"pid":4711,"process-start-time":99,"bundle":"/b"}';
    expect(parseRuntimeState(aFrame('runtime-state', text), '/run/crun/abc/status').state).toMatchObject({
      runtimeId: 'abc',
      initPid: 4711,
      initStartTicks: 99,
    });
  });

  it.each(['', '{}', '{"id":5}', '[1', 'no json'])('gives none for %j', (text) => {
    const { state, unparsable } = parseRuntimeState(aFrame('runtime-state', text), '/x/state.json');
    expect(state).toBeUndefined();
    expect(unparsable).toHaveLength(1);
  });
});

// What systemd-machined, crun and youki write down about their containers.
import { describe, expect, it } from 'vitest';
import { parseMachines } from '../../../../shared/parse/machines.ts';
import { parseRuntimeAnnotations } from '../../../../shared/parse/runtime-annotations.ts';
import { parseRuntimeState } from '../../../../shared/parse/runtime-state.ts';
import { aFrame, quoted } from '../../../helpers/frames.ts';

describe('machined', () => {
  it('reads each machine once, whatever it is called by', () => {
    const lines = (path: string) =>
      [
        '# This is private data. Do not parse.',
        'NAME=jammy',
        'SCOPE=systemd-nspawn@jammy.service',
        'SERVICE=systemd-nspawn',
      ]
        .concat(['LEADER=15844', 'CLASS=container', 'REALTIME=1705524235', 'NETIF=7'])
        .map((line) => `${path}:${line}\n`)
        .join('');
    const text =
      lines('/run/systemd/machines/jammy') + lines('/run/systemd/machines/unit:systemd-nspawn@jammy.service');
    const frame = aFrame('machine', text);
    const { facts, unparsable } = parseMachines(frame);
    expect(unparsable).toEqual([]);
    expect(facts).toMatchObject([
      {
        name: 'jammy',
        class: 'container',
        leader: 15844,
        unit: 'systemd-nspawn@jammy.service',
        service: 'systemd-nspawn',
      },
    ]);
    expect(facts[0]?.evidence.map((one) => quoted(frame, one).split(':').at(-1))).toContain('LEADER=15844');
  });

  it('loses one bad line, not the rest', () => {
    const text = '/run/systemd/machines/vm:CLASS=vm\nwhat?\n/run/systemd/machines/vm:LEADER=x\n';
    const { facts, unparsable } = parseMachines(aFrame('machine', text));
    expect(facts).toMatchObject([{ name: 'vm', class: 'vm', leader: undefined }]);
    expect(unparsable).toHaveLength(1);
  });
});

describe('annotations beside crun’s record', () => {
  it('are read from one line or many, with any text in them', () => {
    const text =
      '/run/crun/ab/config.json:"annotations":{"io.container.manager":"libpod","x":"{\\"a\\":[1]}"}\0' +
      '/run/crun/cd/config.json:"annotations": {\n\t"io.kubernetes.pod.name": "web"\n}\0';
    const { facts, unparsable } = parseRuntimeAnnotations(aFrame('runtime-annotations', text));
    expect(unparsable).toEqual([]);
    expect(facts.map(({ path, annotations }) => [path, annotations])).toEqual([
      ['/run/crun/ab/config.json', { 'io.container.manager': 'libpod', x: '{"a":[1]}' }],
      ['/run/crun/cd/config.json', { 'io.kubernetes.pod.name': 'web' }],
    ]);
  });

  it('that are broken cost themselves', () => {
    const text = '/run/crun/ab/config.json:"annotations":{"a":\0/run/crun/cd/config.json:"annotations":{"a":"b"}\0';
    const { facts, unparsable } = parseRuntimeAnnotations(aFrame('runtime-annotations', text));
    expect(facts.map(({ path }) => path)).toEqual(['/run/crun/cd/config.json']);
    expect(unparsable).toHaveLength(1);
  });
});

describe('runtimes besides runc', () => {
  it('crun before it wrote a start time', () => {
    const text = '{\n    "pid" : 4711,\n    "cgroup-path" : "/x",\n    "rootfs" : "/r",\n    "detached" : "true"\n}\n';
    expect(parseRuntimeState(aFrame('runtime-state', text), '/run/crun/abc/status').state).toMatchObject({
      runtimeId: 'abc',
      initPid: 4711,
      initStartTicks: undefined,
    });
  });

  it('youki', () => {
    const text =
      '{"ociVersion":"v1.0.2","id":"web","status":"running","pid":4711,"bundle":"/b","annotations":{"a":"b"},"creator":0}';
    expect(parseRuntimeState(aFrame('runtime-state', text), '/run/youki/web/state.json').state).toMatchObject({
      runtimeId: 'web',
      initPid: 4711,
      annotations: { a: 'b' },
    });
  });
});

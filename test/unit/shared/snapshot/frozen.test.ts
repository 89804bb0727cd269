// A paused container: from the files of its control group to what is said of it.
import { describe, expect, it } from 'vitest';
import type { Frame } from '../../../../shared/model/transcript.ts';
import { describeText } from '../../../../shared/explain/describe-text.ts';
import { explain } from '../../../../shared/explain/explain.ts';
import { networkGraph } from '../../../../shared/graph/network-view.ts';
import { resolveModel } from '../../../../shared/resolve/resolve.ts';
import { assemble } from '../../../../shared/snapshot/assemble.ts';
import { aFrame, aTranscript, sourceText } from '../../../helpers/frames.ts';
import { processFrames } from '../../../helpers/process-frames.ts';

const id = 'a'.repeat(63) + '7';
const cgroups = (pid: number, ...lines: readonly string[]) =>
  lines.map((line) => `/proc/${pid}/cgroup:${line}\n`).join('');
const modelOf = (frames: readonly Frame[]) =>
  resolveModel(
    assemble(
      aTranscript([
        ...processFrames([
          { pid: 1, ppid: 0, name: 'init' },
          { pid: 7, name: 'web', inodes: { mnt: 70, net: 71, pid: 72 } },
        ]),
        ...frames,
      ]),
    ),
  );
const paused = (state: string) => [
  aFrame('cgroup', cgroups(1, '0::/init.scope') + cgroups(7, `0::/system.slice/docker-${id}.scope`)),
  aFrame('frozen', `/sys/fs/cgroup/system.slice/docker-${id}.scope/cgroup.events:frozen ${state}\n`, {
    key: '2 / /sys/fs/cgroup 0',
  }),
];

describe('a container whose control group is frozen', () => {
  const model = modelOf(paused('1'));
  const [container] = model.containers;
  const said = (entity: string) =>
    explain(model, entity)
      ?.groups.find(({ title }) => title === 'State')
      ?.facts.map(({ label, value }) => `${label}: ${value}`);

  it('is frozen, by the lines of its group and of its first process', () => {
    expect(container?.freezer).toBe('frozen');
    expect(model.processes.find(({ pid }) => pid === 7)?.freezer).toMatchObject({
      state: 'frozen',
      evidence: [
        { section: 'frozen', line: 1 },
        { section: 'cgroup', line: 2 },
      ],
    });
    // Of PID 1’s group nothing was told.
    expect(model.processes.find(({ pid }) => pid === 1)).not.toHaveProperty('freezer');
  });

  it('is said to be paused in the inspector, in the text, and in the picture', () => {
    expect(said(container?.id ?? '')).toEqual(['State: frozen (paused)']);
    expect(said('process:7')).toContain('Freezer: frozen');
    expect(describeText(model)).toContain('· docker · paused · PID 7 ·');
    const node = networkGraph(model).nodes.find(({ entity }) => entity === container?.id);
    expect(node?.tags).toContain('frozen');
    expect(node?.lines).toContain('PID 7 · paused');
  });
});

describe('a container whose control group is not', () => {
  it.each([
    ['thawed', paused('0'), 'thawed'],
    ['not asked', paused('0').slice(0, 1), undefined],
  ])('says nothing of it: %s', (_, frames, freezer) => {
    const model = modelOf(frames);
    const [container] = model.containers;
    expect(container?.freezer).toBe(freezer);
    expect(explain(model, container?.id ?? '')?.groups.some(({ title }) => title === 'State')).toBe(false);
    expect(describeText(model)).not.toContain('paused');
    expect(networkGraph(model).nodes.find(({ entity }) => entity === container?.id)?.tags).not.toContain('frozen');
  });
});

describe('version 1', () => {
  it('freezes by a hierarchy of its own, whatever version 2 says', () => {
    const model = resolveModel(
      assemble(
        aTranscript([
          ...processFrames([{ pid: 5246 }, { pid: 5248 }]),
          aFrame('cgroup', sourceText('cgroup/freezer-of-version-1.txt')),
          aFrame('frozen', sourceText('frozen/version-1.txt'), { key: '1 / /sys/fs/cgroup/freezer 0' }),
        ]),
      ),
    );
    expect(model.processes.map(({ freezer }) => freezer?.state)).toEqual(['frozen', 'thawed']);
    expect(model.containers).toMatchObject([{ runtimeId: id, freezer: 'frozen' }]);
  });

  it('and version 2 beside it: one that freezes is enough', () => {
    const model = modelOf([
      aFrame('cgroup', cgroups(7, '6:freezer:/a', '0::/b') + cgroups(1, '6:freezer:/b', '0::/a')),
      aFrame('frozen', '/f/a/freezer.state:THAWED\n/f/b/freezer.state:FROZEN\n', { key: '1 / /f 0' }),
      aFrame('frozen', '/u/b/cgroup.events:frozen 1\n/u/a/cgroup.events:frozen 0\n', { key: '2 / /u 0' }),
    ]);
    expect(model.processes.map(({ freezer }) => freezer?.state)).toEqual(['frozen', 'frozen']);
  });
});

describe('very many control groups', () => {
  const entities = assemble(aTranscript([aFrame('frozen', '', { key: '2 / /sys/fs/cgroup 76' })]));

  it('are asked up to a limit, which is said', () => {
    expect(entities.findings).toMatchObject([{ rule: 'cgroups.not-asked', values: { limit: 1024, left: 76 } }]);
    expect(entities.findings[0]?.message).toBe(
      'Whether they are frozen was asked of 1024 control groups; the others were left out.',
    );
  });
});

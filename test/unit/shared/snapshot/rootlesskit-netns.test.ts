// The network namespace that RootlessKit keeps in its state directory: by what is mounted there for its child, nothing else.
import { describe, expect, it } from 'vitest';
import { assemble } from '../../../../shared/snapshot/assemble.ts';
import { aFrame, aTranscript } from '../../../helpers/frames.ts';
import { processFrames } from '../../../helpers/process-frames.ts';

const stateDir = '/run/user/1000/r';
const childView = `/proc/11/root${stateDir}`;
const listed = (directory: string, inode?: number) =>
  `# ${directory}\ntotal 0\n${inode === undefined ? '' : `${inode} `}-r--r--r-- 1 1000 1000 0 Nov 23 15:00 netns\n`;
const empty = (directory: string) => `# ${directory}\ntotal 0\nsrwxr-xr-x 1 1000 1000 0 Nov 23 15:00 api.sock\n`;
const netns = (mount: string, inode: number, path = `${stateDir}/netns`) =>
  `${mount} 0:4 net:[${inode}] ${path} rw - nsfs nsfs rw`;
const root = '1 0 8:1 / / rw - ext4 /dev/sda rw';

/** RootlessKit is PID 10, its child PID 11 with PID 12 in its mount namespace; PID 13 is in another one. */
const state = (listing: string, tables: Readonly<Record<number, readonly string[]>>) => {
  const lines = Object.entries(tables).flatMap(([pid, mounts]) =>
    [root, ...mounts].map((mount) => `/proc/${pid}/mountinfo:${mount}\n`),
  );
  const { rootlessKits } = assemble(
    aTranscript([
      ...processFrames([
        { pid: 10 },
        { pid: 11, ppid: 10, inodes: { mnt: 70 } },
        { pid: 12, ppid: 11, inodes: { mnt: 70 } },
        { pid: 13, inodes: { mnt: 80 } },
      ]),
      aFrame('mountinfo', lines.join('')),
      aFrame('rootlesskit', listing, { key: `10 11 ${stateDir}` }),
    ]),
  );
  return rootlessKits[0];
};
const both = listed(stateDir) + listed(childView);

describe('the netns file of RootlessKit’s state directory', () => {
  it('is what is mounted over it for the child, whoever in its mount namespace that was read through', () => {
    for (const pid of [11, 12]) {
      expect(state(both, { [pid]: [netns('8 1', 55)] })).toMatchObject({
        detached: true,
        netnsFileOnHost: { type: 'file', size: 0 },
        netns: { id: 'net:[55]', reachableAs: `${childView}/netns` },
      });
    }
  });

  it('is not what others have mounted at that path, and not a mount that is covered', () => {
    expect(state(both, { 13: [netns('8 1', 66)], 11: [] })).not.toHaveProperty('netns');
    expect(state(both, { 11: [netns('8 1', 66), netns('9 8', 55)] })?.netns?.id).toBe('net:[55]');
    expect(state(both, { 11: [netns('8 1', 66), '9 1 0:5 / /run rw - tmpfs x rw'] })).not.toHaveProperty('netns');
  });

  it('is where --copy-up has put the directory', () => {
    const copied = netns('8 1', 55, '/run/.ro123/user/1000/r/netns');
    expect(state(both, { 11: [copied] })?.netns?.id).toBe('net:[55]');
  });

  it('is the namespace whose inode the file has for the child, if there is one', () => {
    const mounts = [netns('8 1', 55), netns('9 1', 66, '/run/netns/other')];
    expect(state(listed(stateDir) + listed(childView, 66), { 11: mounts })?.netns?.id).toBe('net:[66]');
    // An ordinary file: its child does not have the mount either.
    expect(state(listed(stateDir) + listed(childView, 4711), { 11: mounts })?.netns?.id).toBe('net:[55]');
  });

  it('says by being there that the network namespace is detached, on either side', () => {
    expect(state(listed(stateDir), { 11: [] })).toMatchObject({ detached: true });
    expect(state(empty(stateDir) + listed(childView), { 11: [] })).toMatchObject({ detached: true });
    const none = state(empty(stateDir) + empty(childView), { 11: [netns('8 1', 66, '/run/netns/other')] });
    expect(none).toMatchObject({ detached: false });
    expect(none).not.toHaveProperty('netns');
  });
});

// What is written before the script, as a shell reads it.
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { captureScript } from '../../../../electron/capture/capture-script.ts';

const settings = {
  token: 'a1'.repeat(16),
  boot_id: '',
  inode: 4026531840,
  marks: [],
  ways: [':/proc/1/ns/net', '12::/proc/12/fd/3'],
  interface: '',
  ifindex: undefined,
  filter: '',
  packets: undefined,
  snaplen: undefined,
};

/** The variables after a shell has read the lines before the script. */
function readBy(shell: string, text: Buffer): Buffer {
  const lines = text.subarray(0, text.indexOf('# How a network namespace'));
  const show = `\nprintf '%s|%s|%s|%s|%s' "$ways" "$interface" "$ifindex" "$filter" "$packets"`;
  return execFileSync(shell, ['-s'], { input: Buffer.concat([lines, Buffer.from(show)]) });
}

describe.runIf(process.platform === 'linux').each(['dash', 'bash'])('%s', (shell) => {
  it('reads words as they are', () => {
    const text = captureScript({ ...settings, interface: "$(id)';--", ifindex: 7, filter: 'a\n`id`\\', packets: 3 });
    expect(readBy(shell, text).toString()).toBe(":/proc/1/ns/net 12::/proc/12/fd/3|$(id)';--|7|a\n`id`\\|3");
  });
  it('reads bytes that are no UTF-8 as the host had them', () => {
    const read = readBy(shell, captureScript({ ...settings, interface: 'br\ufffdff' }));
    expect(read.includes(Buffer.from([0x7c, 0x62, 0x72, 0xff, 0x7c]))).toBe(true);
  });
});

it('whatever a filter is, it ends where it should', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (filter) => {
      fc.pre(!filter.includes('\0') && !filter.includes('\ufffd'));
      const lines = captureScript({ ...settings, filter }).toString();
      const quoted = /\nfilter=('.*?')\npackets=''\n/s.exec(lines)?.[1] ?? '';
      expect(quoted.slice(1, -1).replaceAll(String.raw`'\''`, "'")).toBe(Buffer.from(filter).toString());
    }),
  );
});

it('does nothing when it arrives in part: its last line starts it', () => {
  expect(captureScript(settings).toString().trimEnd().split('\n').at(-1)).toBe('main');
});

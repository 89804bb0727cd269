// The script that captures, by every shell: what is over at once.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { captureScript } from '../../../electron/capture/capture-script.ts';
import { shells } from '../../helpers/script-run.ts';

const settings = {
  token: 'a'.repeat(32),
  boot_id: '',
  marks: [],
  ways: [],
  interface: 'none0',
  ifindex: 99,
  filter: '',
  packets: undefined,
  snaplen: undefined,
};

describe.runIf(process.platform === 'linux').each(shells)('the script, by $name', ({ shell }) => {
  it('ends though it was over before anybody waited for its end', async () => {
    const inode = Number(/\d+/.exec(readlinkSync('/proc/self/ns/net'))?.[0]);
    const text = captureScript({ ...settings, inode }).toString('latin1');
    const late = text
      .replace('command -v tcpdump >/dev/null ||', 'true ||')
      .replace('  wait_for_the_end >', '  sleep 0.2\n  wait_for_the_end >');
    expect(late).toMatch(/true \|\|[^]*sleep 0\.2/);
    const [name = '', ...words] = shell;
    const child = spawn(name, [...words, '-s'], { stdio: ['pipe', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (piece: string) => (said += piece));
    // Its standard input stays open: nobody has told it to end.
    child.stdin.write(Buffer.from(late, 'latin1'));
    const impatient = setTimeout(() => child.kill('SIGKILL'), 5000);
    const [status] = (await once(child, 'close')) as [number | null];
    clearTimeout(impatient);
    child.stdin.destroy();
    expect(said).toContain('no-link');
    expect(status).toBe(92);
  });
});

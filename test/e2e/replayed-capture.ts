// What a host says when packets are captured on it, without any: a packet every tenth of a second, until its standard
// input ends. A filter that begins with `wrong` is not understood.
import type { ServerChannel } from 'ssh2';
import { pcapFile } from '../helpers/pcap.ts';
import { tokenOf } from '../../electron/demo/replay.ts';

/** Whether that is the beginning of the script of a capture: the collector’s writes its token without quotes. */
export const isCapture = (script: string): boolean => /^token='[0-9a-f]{32}'\n/.test(script);

/** `script`: all of it. */
export function replayCapture(script: string, channel: ServerChannel): void {
  const token = tokenOf(script) ?? '';
  channel.stderr.write(`${token} as root\n`);
  if (/^filter='.*\bwrong/m.test(script)) {
    channel.stderr.write(`tcpdump: can't parse filter expression: syntax error\n${token} end 1\n`);
    channel.exit(1);
    channel.end();
    return;
  }
  const [header, packet] = [pcapFile([]), pcapFile([Buffer.alloc(98)]).subarray(24)];
  channel.write(Buffer.concat([Buffer.from(`${token}\n`), header]));
  const timer = setInterval(() => channel.write(packet), 100);
  const stop = (): void => clearInterval(timer);
  channel.on('close', stop);
  channel.on('end', () => {
    stop();
    channel.stderr.write(`0 packets dropped by kernel\n${token} end 0\n`);
    channel.exit(0);
    channel.end();
  });
}

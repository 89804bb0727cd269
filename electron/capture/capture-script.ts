// The script that captures, as text; what is wanted stands in lines before it.
import enter from '../collect/remote/enter.sh?raw';
import capture from './remote/capture.sh?raw';
import { undecodedByte } from '../../shared/model/undecoded-byte.ts';

/** A checkout on Windows may have given its lines other ends, which no shell there would take. */
const script = [enter, capture].join('\n').replaceAll('\r\n', '\n');

/** Values of variables that the script reads; each ends up as a word of a command on the host, as it is. */
export interface CaptureSettings {
  /** 32 hex digits. */
  readonly token: string;
  /** Empty: not known. */
  readonly boot_id: string;
  readonly inode: number;
  readonly marks: readonly string[];
  readonly ways: readonly string[];
  readonly interface: string;
  readonly ifindex: number | undefined;
  readonly filter: string;
  readonly packets: number | undefined;
  readonly snaplen: number | undefined;
}

/** For `sh -s`. Bytes, since an interface's name need not be UTF-8. */
export function captureScript(settings: CaptureSettings): Buffer {
  const lines = Object.entries({ ...settings, ways: settings.ways.join(' '), marks: settings.marks.join(' ') }).map(
    ([name, value]) => Buffer.concat([Buffer.from(`${name}=`), quotedBytes(String(value ?? '')), Buffer.from('\n')]),
  );
  return Buffer.concat([...lines, Buffer.from(script)]);
}

/** In single quotes, where a POSIX shell interprets nothing; with the bytes that were no UTF-8 as they were. */
function quotedBytes(text: string): Buffer {
  const quoted = `'${text.replaceAll("'", String.raw`'\''`)}'`;
  const parts = quoted.split(undecodedByte);
  return Buffer.concat(parts.map((part, i) => (i % 2 === 0 ? Buffer.from(part) : Buffer.from(part, 'hex'))));
}

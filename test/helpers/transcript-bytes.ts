// Writes a transcript as the script does, for tests that read one (shared/collect/README.md).
export interface WrittenFrame {
  readonly privilege: string;
  readonly section: string;
  readonly key: string;
  readonly command: string;
  readonly output: Uint8Array;
  readonly errors: readonly string[];
  readonly status: number;
  readonly milliseconds: number;
  readonly cut: '-' | 'too-large' | 'timed-out';
}

export const token = '0123456789abcdef0123456789abcdef';

export function aWrittenFrame(fields: Partial<WrittenFrame> = {}): WrittenFrame {
  return {
    privilege: 'user',
    section: 'host',
    key: 'uname',
    command: 'uname -s',
    output: Buffer.from('Linux\n'),
    errors: [],
    status: 0,
    milliseconds: 10,
    cut: '-',
    ...fields,
  };
}

export function transcriptBytes(frames: readonly WrittenFrame[], end = `${token} done 120\n`): Buffer {
  const parts: Uint8Array[] = [Buffer.from(`nsatlas-transcript 1 ${token}\n`)];
  for (const { privilege, section, key, command, output, errors, status, milliseconds, cut } of frames) {
    parts.push(
      Buffer.from(`${token} begin ${privilege} ${section} ${key}\n${token} run ${command}\n`),
      output,
      Buffer.from('\n'),
      Buffer.from(errors.map((line) => `${token} err ${line}\n`).join('')),
      Buffer.from(`${token} end ${status} ${milliseconds} ${cut}\n`),
    );
  }
  return Buffer.concat([...parts, Buffer.from(end)]);
}

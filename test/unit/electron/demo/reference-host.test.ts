import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { replay } from '../../../../electron/demo/replay.ts';
import { deriveModel } from '../../../../shared/snapshot/derive.ts';

const file = path.resolve(import.meta.dirname, '../../../../electron/demo/reference-host.transcript.gz');

it('the demo shows the whole reference host, whatever its token', () => {
  const parts = replay(gunzipSync(readFileSync(file)), 'f'.repeat(32));
  const { transcript, model } = deriveModel(Buffer.concat(parts.map((part) => part.bytes)));
  expect(transcript.complete).toBe(true);
  expect(transcript.problems).toEqual([]);
  expect(model.host.user.name).toBe('ec2-user');
  expect(model.containers.length).toBeGreaterThan(0);
});

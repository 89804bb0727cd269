// `ip -batch` inside one network namespace, parsed.
import { parseNetBatch } from '../../shared/parse/net/batch.ts';
import { aFrame } from './frames.ts';

export const netns = 'net:[4026532255]';
export const batch = (output: string, stderr = '') => parseNetBatch(aFrame('net', output, { stderr }), netns);
export const link = (json: object) => batch(`[${JSON.stringify(json)}]\n`).links[0];

// Programs that answer and ask over the network of a bare host, as root's shell puts them there.
import { readFileSync } from 'node:fs';
import path from 'node:path';

const scripts = path.join(import.meta.dirname, 'scripts');
const perl = (name: string) => readFileSync(path.join(scripts, name), 'utf8').replaceAll("'", String.raw`'\''`);

/** Lines of a shell that make /tmp/answer.pl and /tmp/ask.pl; who answers leaves a file in /tmp/ready. */
export const putTalkers = `
mkdir -p /tmp/ready
printf %s '${perl('answer.pl')}' >/tmp/answer.pl
printf %s '${perl('ask.pl')}' >/tmp/ask.pl`;

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { collectorScript } from '../../../../electron/collect/collector-script.ts';
import { sections, titleOfSection } from '../../../../shared/collect/sections.ts';

const root = path.resolve(import.meta.dirname, '../../../..');
const readme = readFileSync(path.join(root, 'shared/collect/README.md'), 'utf8');
const names = sections.map(({ name }) => name);

describe('sections', () => {
  it('has a record for each section the script asks, and none that it does not', () => {
    const asked = [...collectorScript.matchAll(/\bask(?:_much|_line|_api)? ([a-z][a-z0-9-]+) /g)].map(
      (match) => match[1],
    );
    expect(new Set(asked)).toEqual(new Set(names));
  });

  it('is what the README describes', () => {
    const described = [...readme.matchAll(/^\| (`[a-z0-9-]+`(?:, `[a-z0-9-]+`)*) +\|/gm)]
      .flatMap((match) => (match[1] ?? '').split(', '))
      .map((name) => name.replaceAll('`', ''));
    expect(new Set(described)).toEqual(new Set(names));
  });

  it('names a section it does not know by itself', () => {
    expect(titleOfSection('net')).toBe('Networks');
    expect(titleOfSection('of-the-future')).toBe('of-the-future');
  });
});

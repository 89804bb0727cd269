// Annotations in the copies of config.json that crun keeps beside its records (OCI runtime specification, config.md): what
// `grep -zHoE` found of them, PATH, a colon, the text, NUL.
//
//   /run/crun/0123…/config.json:"annotations":{"io.container.manager":"libpod","run.oci.keep_original_groups":"1"}
import { isObject } from './json-values.ts';
import { evidenceAt, unparsableAt } from './parsed.ts';
import type { Parsed, Source, Unparsable } from './parsed.ts';
import type { Evidence } from '../model/evidence.ts';

export interface RuntimeAnnotations {
  /** config.json. */
  readonly path: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly evidence: Evidence;
}

export function parseRuntimeAnnotations(source: Source): Parsed<RuntimeAnnotations> {
  const facts: RuntimeAnnotations[] = [];
  const unparsable: Unparsable[] = [];
  let line = 1;
  for (const record of source.output.split('\0')) {
    const match = /^(\/[^:\n]+):"annotations"\s*:\s*(\{.*\})$/s.exec(record);
    const annotations = match && textsOf(match[2] ?? '');
    if (match && annotations) facts.push({ path: match[1] ?? '', annotations, evidence: evidenceAt(source, line) });
    else if (record.trim() !== '') unparsable.push(unparsableAt(source, line, record));
    line += record.split('\n').length - 1;
  }
  return { facts, unparsable };
}

function textsOf(json: string): Readonly<Record<string, string>> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    if (!isObject(value)) return undefined;
    return Object.fromEntries(
      Object.entries(value).filter((one): one is [string, string] => typeof one[1] === 'string'),
    );
  } catch {
    return undefined;
  }
}

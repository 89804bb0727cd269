// JSON values whose places in the answer are known, so that a fact can point at exactly the characters that say it.
//
// iproute2 prints one array per command, on one line, with no newline inside a string:
//
//   [{"ifindex":1,…},{"ifindex":2,…}]\n[]\n[{"dst":"default",…}]\n
//
// rootlessctl prints one object per line, or one object over several indented lines. So a line that begins with `[`
// (or with `{`, after an unfinished object) begins a new value: what came before and is not closed is broken, and
// costs only itself. Elements that were whole before the break are still given.
import { forEachElement } from './json-scan.ts';
import type { ScannedElement, ScannedValue } from './json-scan.ts';
import type { Evidence } from '../model/evidence.ts';
import { evidenceAt, unparsableAt } from './parsed.ts';
import type { Source, Unparsable } from './parsed.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** An object of the answer and where it stands. */
export interface PlacedObject {
  readonly object: JsonObject;
  readonly evidence: Evidence;
}

/** One array of objects, or an object on its own (`elements` has just that). */
export interface JsonValue {
  readonly elements: readonly PlacedObject[];
}

export function readJson(source: Source): {
  readonly values: readonly JsonValue[];
  readonly unparsable: readonly Unparsable[];
} {
  const text = source.output;
  const values: JsonValue[] = [];
  const unparsable: Unparsable[] = [];

  const visit = ({ from, to, line, whole, elements }: ScannedValue) => {
    const parsed = whole ? parse(text.slice(from, to)) : undefined;
    const objects = Array.isArray(parsed) ? parsed : [parsed];
    const paired = parsed !== undefined && objects.length === elements.length;
    const placed: PlacedObject[] = [];
    elements.forEach((element, at) => {
      const object: unknown = paired ? objects[at] : parse(text.slice(element.from, element.to));
      if (isObject(object)) placed.push({ object, evidence: placeOf(source, element) });
      else
        unparsable.push(
          unparsableAt(source, element.line, text.slice(element.from, Math.min(element.to, element.from + 200))),
        );
    });
    if (!whole) unparsable.push(unparsableAt(source, line, text.slice(Math.max(from, to - 100), to)));
    values.push({ elements: placed });
  };

  // A line that is an array by itself, the way ip prints, needs no search for the ends of its elements. What lies
  // between such lines is gone through character by character.
  let region = { from: 0, line: 1 };
  let start = 0;
  for (let line = 1; start < text.length; line += 1) {
    const end = lineEnd(text, start);
    const elements = readArrayLine(source, text, start, end, line);
    if (elements) {
      if (start > region.from) forEachElement(text, region.from, start, region.line, visit);
      values.push({ elements });
      region = { from: end + 1, line: line + 1 };
    }
    start = end + 1;
  }
  if (text.length > region.from) forEachElement(text, region.from, text.length, region.line, visit);
  return { values, unparsable };
}

/**
 * `[{"KEY":…},{"KEY":…}]` or `[]`: its elements begin where `{"KEY":` does. That cannot stand inside a string, whose
 * quotes are escaped; and where it stands inside an element too, or an element begins otherwise, the numbers differ and
 * the answer is `undefined`.
 */
function readArrayLine(
  source: Source,
  text: string,
  start: number,
  end: number,
  line: number,
): readonly PlacedObject[] | undefined {
  if (end - start === 2 && text.startsWith('[]', start)) return [];
  if (!text.startsWith('[{"', start) || !text.startsWith('}]', end - 2)) return undefined;
  const content = text.slice(start, end);
  const objects = parse(content);
  if (!Array.isArray(objects)) return undefined;
  const begin = content.slice(1, content.indexOf(':') + 1);
  const key = begin.slice(2, -2);
  const boundary = `},${begin}`;
  const placed: PlacedObject[] = [];
  let from = 1;
  for (const object of objects as readonly unknown[]) {
    if (!isObject(object) || firstKeyOf(object) !== key) return undefined;
    const next = content.indexOf(boundary, from);
    if ((next === -1) !== (placed.length === objects.length - 1)) return undefined;
    const to = next === -1 ? content.length - 1 : next + 1;
    placed.push({ object, evidence: { frame: source.index, section: source.section, line, columns: [from, to] } });
    from = to + 1;
  }
  return placed;
}

function firstKeyOf(object: JsonObject): string | undefined {
  for (const key in object) return key;
  return undefined;
}

function lineEnd(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end === -1 ? text.length : end;
}

function placeOf(source: Source, element: ScannedElement): Evidence {
  const evidence = evidenceAt(source, element.line);
  return element.columns ? { ...evidence, columns: element.columns } : evidence;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const escaped = withControlsEscaped(text);
    return escaped === text ? undefined : parse(escaped);
  }
}

/**
 * An interface may be called ESC, and iproute2 prints it as it is (lib/json_writer.c escapes only what has a letter: tab,
 * newline and the like). Elsewhere than in a string none of these can stand.
 */
function withControlsEscaped(text: string): string {
  return text.replace(
    /[\x00-\x08\x0b\x0e-\x1f]/g,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isText = (value: unknown): value is string => typeof value === 'string';

export const textOf = (object: JsonObject, key: string): string | undefined => {
  const value = object[key];
  return typeof value === 'string' ? value : undefined;
};
export const numberOf = (object: JsonObject, key: string): number | undefined => {
  const value = object[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
};
export const objectOf = (object: JsonObject, key: string): JsonObject | undefined => {
  const value = object[key];
  return isObject(value) ? value : undefined;
};
export const textsOf = (object: JsonObject, key: string): readonly string[] => {
  const value = object[key];
  if (!Array.isArray(value)) return [];
  const items: readonly unknown[] = value;
  // Mostly they all are: then the array is taken as it is.
  return items.every(isText) ? items : items.filter(isText);
};
export const objectsOf = (object: JsonObject, key: string): readonly JsonObject[] => {
  const value = object[key];
  return Array.isArray(value) ? value.filter(isObject) : [];
};

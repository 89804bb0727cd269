// `ovsdb-client -f json dump SERVER DATABASE TABLE COLUMN…`: one table on one line (RFC 7047, section 5.1, has the values).
//
//   {"caption":"Port table","data":[[["uuid","4ec1…"],["uuid","c0a1…"],"veth1",10,["set",[]]],…],
//    "headings":["_uuid","interfaces","name","tag","trunks"]}
//
// Columns come in the order of the alphabet, `_uuid` first. A set of one is that one value: `10` and ["set",[10]] are the same.
import type { Evidence } from '../model/evidence.ts';
import { isObject } from './json-values.ts';
import { unparsableAt } from './parsed.ts';
import type { Parsed, Source } from './parsed.ts';

/** A row: the values of each column as a list. */
export interface OvsdbRow {
  readonly uuid: string;
  /** Texts, numbers and the UUIDs of other rows, as text. */
  readonly texts: (column: string) => readonly string[];
  readonly numbers: (column: string) => readonly number[];
  /** One value of a map. */
  readonly entry: (column: string, key: string) => string | undefined;
  readonly evidence: Evidence;
}

export function parseOvsdbTable(source: Source): Parsed<OvsdbRow> {
  const table = tableOf(source.output);
  if (!table) {
    return { facts: [], unparsable: source.output.trim() === '' ? [] : [unparsableAt(source, 1, source.output)] };
  }
  const rows = table.data.map((row, at) => ({ row, at, uuid: uuidOf(Array.isArray(row) ? row[0] : undefined) }));
  const places = placesOf(
    source.output,
    rows.map(({ uuid }) => uuid),
  );
  return {
    facts: rows.flatMap(({ row, at, uuid }) => {
      if (uuid === undefined || !Array.isArray(row)) return [];
      const columns = places[at];
      const evidence = {
        frame: source.index,
        section: source.section,
        line: 1,
        ...(columns && { columns }),
      };
      const valueOf = (column: string): unknown => row[table.headings.indexOf(column)];
      return [
        {
          uuid,
          texts: (column) => atomsOf(valueOf(column)).flatMap((atom) => uuidOf(atom) ?? textOf(atom) ?? []),
          numbers: (column) => atomsOf(valueOf(column)).filter((atom) => typeof atom === 'number'),
          entry: (column, key) => entryOf(valueOf(column), key),
          evidence,
        } satisfies OvsdbRow,
      ];
    }),
    unparsable: rows.flatMap(({ row, uuid }) =>
      uuid === undefined ? [unparsableAt(source, 1, JSON.stringify(row))] : [],
    ),
  };
}

interface Table {
  readonly data: readonly unknown[];
  readonly headings: readonly unknown[];
}

function tableOf(output: string): Table | undefined {
  let value: unknown;
  try {
    value = JSON.parse(output);
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const { data, headings } = value;
  return Array.isArray(data) && Array.isArray(headings) && headings[0] === '_uuid' ? { data, headings } : undefined;
}

/** Where each row stands. It begins with its own UUID, which no other row of the table has there. */
function placesOf(
  output: string,
  uuids: readonly (string | undefined)[],
): readonly (readonly [number, number] | undefined)[] {
  let from = 0;
  const starts = uuids.map((uuid) => {
    const at = uuid === undefined ? -1 : output.indexOf(`[["uuid",${JSON.stringify(uuid)}]`, from);
    if (at !== -1) from = at + 1;
    return at;
  });
  const end = output.lastIndexOf(',"headings":');
  return starts.map((start, at) => {
    if (start === -1) return undefined;
    const next = starts.slice(at + 1).find((other) => other !== -1);
    return [start, next === undefined ? (end > start ? end - 1 : output.length) : next - 1];
  });
}

const isTagged = (value: unknown, tag: string): value is readonly [string, unknown] =>
  Array.isArray(value) && value.length === 2 && value[0] === tag;

const uuidOf = (atom: unknown): string | undefined =>
  isTagged(atom, 'uuid') && typeof atom[1] === 'string' && /^[0-9a-f-]{36}$/.test(atom[1]) ? atom[1] : undefined;

const textOf = (atom: unknown): string | undefined => (typeof atom === 'string' ? atom : undefined);

/** A set's members; a value on its own is a set of one. */
function atomsOf(value: unknown): readonly unknown[] {
  if (isTagged(value, 'set')) return Array.isArray(value[1]) ? value[1] : [];
  return value === undefined ? [] : [value];
}

function entryOf(value: unknown, key: string): string | undefined {
  if (!isTagged(value, 'map') || !Array.isArray(value[1])) return undefined;
  const pairs: readonly unknown[] = value[1];
  const pair = pairs.find((one) => Array.isArray(one) && one[0] === key);
  return Array.isArray(pair) ? textOf(pair[1]) : undefined;
}

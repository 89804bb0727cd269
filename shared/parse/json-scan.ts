// Finds where the values of a text full of JSON begin and end, in one pass and without parsing them (json-values.ts).

export interface ScannedElement {
  readonly from: number;
  readonly to: number;
  readonly line: number;
  /** Characters of the line; absent when the element goes over several lines. */
  readonly columns: readonly [number, number] | undefined;
}

export interface ScannedValue {
  readonly from: number;
  readonly to: number;
  readonly line: number;
  /** False when it was not closed. */
  readonly whole: boolean;
  /** Objects and arrays directly inside an array; the object itself where the value is one. */
  readonly elements: readonly ScannedElement[];
}

const newline = 10;
const quote = 34;
const openArray = 91;
const closeArray = 93;
const openObject = 123;
const closeObject = 125;

/** Calls `visit` with each top-level array or object in [start, limit). Anything between them is skipped. */
export function forEachElement(
  text: string,
  start: number,
  limit: number,
  firstLine: number,
  visit: (value: ScannedValue) => void,
): void {
  let depth = 0;
  let line = firstLine;
  let lineStart = start;
  // The open value and the open element of it.
  let from = 0;
  let fromLine = 1;
  let isArray = false;
  let elements: ScannedElement[] = [];
  let elementFrom = 0;
  let elementLine = 1;
  let elementLineStart = 0;

  const begin = (at: number, array: boolean) => {
    depth = 1;
    from = at;
    fromLine = line;
    isArray = array;
    elements = [];
    if (!array) beginElement(at);
  };
  const beginElement = (at: number) => {
    elementFrom = at;
    elementLine = line;
    elementLineStart = lineStart;
  };
  const endElement = (to: number) => {
    const columns =
      elementLine === line ? ([elementFrom - elementLineStart, to - elementLineStart] as const) : undefined;
    elements.push({ from: elementFrom, to, line: elementLine, columns });
  };
  const end = (to: number, whole: boolean) => {
    depth = 0;
    visit({ from, to, line: fromLine, whole, elements });
  };

  let at = start;
  while (at < limit) {
    const code = text.charCodeAt(at);
    if (code === quote && depth > 0) {
      at = stringEnd(text, at, limit);
      continue;
    }
    if (code === newline) {
      line += 1;
      lineStart = at + 1;
      const next = text.charCodeAt(at + 1);
      if (depth > 0 && (next === openArray || (next === openObject && !isArray))) end(at, false);
    } else if (code === openArray || code === openObject) {
      if (depth === 0) {
        // A command that failed may leave its `[` behind: ip never prints an array of arrays.
        if (code !== openArray || text.charCodeAt(at + 1) !== openArray) begin(at, code === openArray);
      } else {
        if (depth === 1 && isArray) beginElement(at);
        depth += 1;
      }
    } else if ((code === closeArray || code === closeObject) && depth > 0) {
      depth -= 1;
      if (depth === (isArray ? 1 : 0)) endElement(at + 1);
      if (depth === 0) {
        // In an array the last bracket closes no element.
        end(at + 1, true);
      }
    }
    at += 1;
  }
  if (depth > 0) end(limit, false);
}

/** Index after the closing quote; of the newline or the end where the string is not closed. */
function stringEnd(text: string, open: number, limit: number): number {
  for (let at = open + 1; at < limit; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) return at + 1;
    if (code === newline) return at;
    if (code === backslash) at += 1;
  }
  return limit;
}
const backslash = 92;

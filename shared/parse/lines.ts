// Lines of an answer, without copying the answer. Only \n ends a line: names on the host may hold any other control
// character. What stands after the last \n is a line too, unless it is empty.

/** Calls `visit` with [start, end) of every line and its number from 1. */
export function forEachLine(text: string, visit: (start: number, end: number, line: number) => void): void {
  let start = 0;
  let line = 0;
  while (start < text.length) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    line += 1;
    visit(start, end, line);
    start = end + 1;
  }
}

/** The first line, without blanks at its ends; `undefined` when there is nothing. */
export function firstLine(text: string): string | undefined {
  const newline = text.indexOf('\n');
  const line = (newline === -1 ? text : text.slice(0, newline)).trim();
  return line === '' ? undefined : line;
}

// Files that engines and network plugins keep, read by one `grep -aH ^`: the path, without a colon in it, stands before
// every line. Each file is a source of its own again, whose places are those of the answer.
import type { Evidence } from '../../model/evidence.ts';
import { readJson } from '../json-values.ts';
import type { PlacedObject } from '../json-values.ts';
import { forEachLine } from '../lines.ts';
import { unparsableAt } from '../parsed.ts';
import type { Source, Unparsable } from '../parsed.ts';

export interface KeptFile {
  readonly path: string;
  /** What it says, without the paths. */
  readonly text: string;
  /** Line of the answer its first line stands on. */
  readonly firstLine: number;
  readonly source: Source;
}

export function readKeptFiles(source: Source): {
  readonly files: readonly KeptFile[];
  readonly unparsable: readonly Unparsable[];
} {
  const files: { path: string; lines: string[]; firstLine: number }[] = [];
  const unparsable: Unparsable[] = [];
  forEachLine(source.output, (start, end, line) => {
    const text = source.output.slice(start, end);
    const colon = text.indexOf(':');
    if (!text.startsWith('/') || colon === -1) {
      unparsable.push(unparsableAt(source, line, text));
      return;
    }
    const path = text.slice(0, colon);
    const last = files.at(-1);
    if (last?.path === path) last.lines.push(text.slice(colon + 1));
    else files.push({ path, lines: [text.slice(colon + 1)], firstLine: line });
  });
  return {
    files: files.map(({ path, lines, firstLine }) => ({ path, text: lines.join('\n'), firstLine, source })),
    unparsable,
  };
}

/** A line of the file, from 0. */
export const lineOf = ({ source, firstLine }: KeptFile, line: number): Evidence => ({
  frame: source.index,
  section: source.section,
  line: firstLine + line,
});

/** The objects it holds: those of an array, or the one it is. */
export function objectsIn(file: KeptFile): {
  readonly objects: readonly PlacedObject[];
  readonly unparsable: readonly Unparsable[];
} {
  const { values, unparsable } = readJson({ ...file.source, output: file.text });
  const prefix = file.path.length + 1;
  const inAnswer = (evidence: Evidence): Evidence => ({
    ...evidence,
    ...(evidence.line !== undefined && { line: evidence.line + file.firstLine - 1 }),
    ...(evidence.columns && { columns: [evidence.columns[0] + prefix, evidence.columns[1] + prefix] as const }),
  });
  return {
    objects: values.flatMap(({ elements }) =>
      elements.map(({ object, evidence }) => ({ object, evidence: inAnswer(evidence) })),
    ),
    unparsable: unparsable.map(({ evidence, text }) => ({ evidence: inAnswer(evidence), text })),
  };
}

/** Runtimes' ids; network plugins put the engine's namespace before it: `default-609297af…`. */
export const runtimeIdIn = (text: string): string | undefined => /(?:^|-)([0-9a-f]{64})\r?$/.exec(text)?.[1];

// The lines of a transcript that are the frame's and not an answer's (README.md has the whole format):
//
//   nsatlas-transcript 1 <token>
//   <token> begin <privilege> <section> <key>
//   <token> run <command>
//   <token> err <a line of standard error>
//   <token> end <status> <milliseconds> <cut>
//   <token> done <milliseconds>
import type { Privilege } from '../model/transcript.ts';
import { decode } from './bytes-as-text.ts';

export const newline = 10;
/** Bytes of a token. */
export const tokenLength = 32;
/** Bytes of the longest header line that is looked at. */
export const headerLength = 80;

export interface Header {
  readonly version: number;
  readonly token: string;
}

export type FrameLine =
  | { readonly kind: 'begin'; readonly privilege: Privilege; readonly section: string; readonly key: string }
  | { readonly kind: 'run'; readonly command: string }
  | { readonly kind: 'err'; readonly text: string }
  | {
      readonly kind: 'end';
      readonly status: number;
      readonly milliseconds: number;
      readonly cut: 'too-large' | 'timed-out' | undefined;
    }
  | { readonly kind: 'done'; readonly milliseconds: number };

const headerPattern = /^nsatlas-transcript (\d{1,6}) ([0-9a-f]{32})\r?$/;

/** `line`: without its newline. */
export function readHeaderLine(line: Uint8Array): Header | undefined {
  if (line.length > headerLength || line[0] !== firstOfHeader) return undefined;
  const match = headerPattern.exec(decode(line));
  return match ? { version: Number(match[1]), token: match[2] ?? '' } : undefined;
}

const firstOfHeader = 'n'.charCodeAt(0);
const beginPattern = /^begin (user|root|userns:\d{1,10}) (\S+)(?: (.*))?$/s;
const endPattern = /^end (\d{1,4}) (\d{1,12}) (-|too-large|timed-out)$/;
const donePattern = /^done (\d{1,12})$/;

/** `text`: a line after its token and the space behind that. `undefined` when it is none of the known ones. */
export function readFrameLine(text: string): FrameLine | undefined {
  if (text.startsWith('err ')) return { kind: 'err', text: text.slice(4) };
  if (text === 'err') return { kind: 'err', text: '' };
  if (text.startsWith('run ')) return { kind: 'run', command: text.slice(4) };
  const end = endPattern.exec(text);
  if (end) {
    const cut = end[3] === 'too-large' || end[3] === 'timed-out' ? end[3] : undefined;
    return { kind: 'end', status: Number(end[1]), milliseconds: Number(end[2]), cut };
  }
  const begin = beginPattern.exec(text);
  if (begin) {
    return { kind: 'begin', privilege: begin[1] as Privilege, section: begin[2] ?? '', key: begin[3] ?? '' };
  }
  const done = donePattern.exec(text);
  return done ? { kind: 'done', milliseconds: Number(done[1]) } : undefined;
}

/** The token as the bytes a frame's line begins with, its space included. */
export function tokenPrefix(token: string): Uint8Array {
  return Uint8Array.from(`${token} `, (character) => character.charCodeAt(0));
}

/** Whether `bytes` from `start` begins with all of `prefix`. */
export function startsWith(bytes: Uint8Array, start: number, prefix: Uint8Array): boolean {
  if (start + prefix.length > bytes.length) return false;
  for (let at = 0; at < prefix.length; at += 1) if (bytes[start + at] !== prefix[at]) return false;
  return true;
}

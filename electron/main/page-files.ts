// The window's page, its files and nothing else, under an own scheme: file: would let the page read the disk.
import { readFile } from 'node:fs/promises';
import path from 'node:path';

export const scheme = 'app';
export const pageOrigin = `${scheme}://nsatlas`;
export const pageUrl = `${pageOrigin}/index.html`;

/** The page may load its own files and nothing from anywhere else; no inline script or style, no eval. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ttf': 'font/ttf',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

export interface PageFile {
  readonly status: 200 | 404;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer> | null;
}

/** What `folder` holds at this address; 404 for other hosts, unknown types, and paths that lead out of the folder. */
export async function readPageFile(folder: string, url: string): Promise<PageFile> {
  const file = fileOf(folder, url);
  const type = file === undefined ? undefined : types[path.extname(file)];
  if (file === undefined || type === undefined) return notFound;
  try {
    const body = new Uint8Array(await readFile(file));
    return { status: 200, headers: { ...securityHeaders, 'content-type': type }, body };
  } catch {
    return notFound;
  }
}

const securityHeaders = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};
const notFound: PageFile = { status: 404, headers: securityHeaders, body: null };

function fileOf(folder: string, url: string): string | undefined {
  try {
    const { protocol, host, pathname } = new URL(url);
    if (`${protocol}//${host}` !== pageOrigin) return undefined;
    const decoded = decodeURIComponent(pathname);
    if (decoded.includes('\0') || decoded.includes('\\')) return undefined;
    const file = path.join(folder, decoded);
    return file.startsWith(folder + path.sep) ? file : undefined;
  } catch {
    return undefined;
  }
}

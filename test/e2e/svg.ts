// An exported SVG as a browser's XML parser reads it, and what a test asks of it.
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';

export interface ReadSvg {
  /** What makes it no XML. */
  readonly error: string | undefined;
  /** Content of every `<text>`. */
  readonly texts: readonly string[];
  /** Names of all elements. */
  readonly elements: readonly string[];
  /** Upper left corner of the shapes of each node, by its id. */
  readonly places: Readonly<Record<string, { readonly x: number; readonly y: number }>>;
  /** Fill of the rectangle below everything. */
  readonly background: string | undefined;
  readonly width: number;
  readonly height: number;
}

/** The page's parser reads it; nothing of it is put into the page. */
export async function readSvg(page: Page, file: string): Promise<ReadSvg> {
  const source = await readFile(file, 'utf8');
  return page.evaluate((text) => {
    const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
    const root = parsed.documentElement;
    const places: Record<string, { x: number; y: number }> = {};
    for (const group of root.querySelectorAll('g[data-id][data-kind]')) {
      const shape = group.querySelector('rect');
      if (shape)
        places[group.getAttribute('data-id') ?? ''] = {
          x: Number(shape.getAttribute('x')),
          y: Number(shape.getAttribute('y')),
        };
    }
    const first = [...root.children].find((element) => !['title', 'desc'].includes(element.tagName));
    return {
      error: parsed.querySelector('parsererror')?.textContent ?? undefined,
      texts: [...root.querySelectorAll('text')].map((element) => element.textContent),
      elements: [...root.querySelectorAll('*')].map((element) => element.tagName),
      places,
      background: first?.tagName === 'rect' ? (first.getAttribute('fill') ?? undefined) : undefined,
      width: Number(root.getAttribute('width')),
      height: Number(root.getAttribute('height')),
    };
  }, source);
}

import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { drawPng, largestScale, longestSide, mostPixels, PngFailed } from '../../../../electron/export/png.ts';
import { writeSvg } from '../../../../shared/export/svg.ts';
import { networkGraph } from '../../../../shared/graph/network-view.ts';
import { layoutGraph } from '../../../../shared/layout/layout.ts';
import { articleModel } from '../../../helpers/article-model.ts';

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
/** Width and height from the IHDR chunk (PNG specification, 11.2.1). */
const sizeOf = (png: Uint8Array) => ({ width: view(png).getUint32(16), height: view(png).getUint32(20) });

/** The IDAT chunks' bytes, unpacked: one filter byte before each row. */
function pixelBytes(png: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 8; at < png.length;) {
    const length = view(png).getUint32(at);
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8));
    if (type === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  return inflateSync(Buffer.concat(parts));
}

function articleSvg(): string {
  const graph = networkGraph(articleModel());
  return writeSvg(graph, layoutGraph(graph), { theme: 'light', background: 'theme', title: true, legend: true });
}

// A renderer starts each time, on machines that are busy.
describe('drawPng', { timeout: 60_000 }, () => {
  test('draws at the scale asked for', async () => {
    const svg = articleSvg();
    const [, width, height] = /<svg[^>]* width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
    const png = await drawPng(svg, { scale: 2 });
    expect([...png.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
    expect(sizeOf(png)).toEqual({ width: Number(width) * 2, height: Number(height) * 2 });
    // Not blank: many different bytes after the filters.
    expect(new Set(pixelBytes(png)).size).toBeGreaterThan(100);
  });

  test('draws the words in the bundled fonts', async () => {
    const words = (text: string, family: string): string =>
      `<svg xmlns="http://www.w3.org/2000/svg" width="120" height="30"><text x="5" y="20" font-size="14" font-family="${family}">${text}</text></svg>`;
    const blank = await drawPng(words('', 'Inter'), { scale: 1 });
    const sans = await drawPng(words('nerdctl0', 'Inter'), { scale: 1 });
    const mono = await drawPng(words('nerdctl0', 'JetBrains Mono'), { scale: 1 });
    expect(pixelBytes(sans)).not.toEqual(pixelBytes(blank));
    expect(pixelBytes(mono)).not.toEqual(pixelBytes(sans));
  });

  test('says the largest possible scale when the picture would be too large', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="10000" height="8000"></svg>';
    const failure = await drawPng(svg, { scale: 4 }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PngFailed);
    expect((failure as PngFailed).message).toContain('40000 × 32000');
    expect((failure as PngFailed).advice).toContain(String(largestScale(10000, 8000)));
  });

  test('the largest scale keeps both limits', () => {
    for (const [width, height] of [
      [10000, 8000],
      [1_000, 1_000_000],
      [300, 200],
    ] as const) {
      const scale = largestScale(width, height);
      expect(Math.max(width, height) * scale).toBeLessThanOrEqual(longestSide);
      expect(width * height * scale ** 2).toBeLessThanOrEqual(mostPixels);
      expect(
        Math.max(width, height) * (scale + 0.02) > longestSide || width * height * (scale + 0.02) ** 2 > mostPixels,
      ).toBe(true);
    }
  });

  test('refuses what is not SVG, and SVG that is broken', async () => {
    await expect(drawPng('<html></html>', { scale: 1 })).rejects.toThrow(PngFailed);
    await expect(drawPng('<svg width="10" height="10"><g></svg>', { scale: 1 })).rejects.toThrow('could not be drawn');
    await expect(drawPng(articleSvg(), { scale: 0 })).rejects.toThrow('draws nothing');
  });
});

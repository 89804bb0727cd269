// A PNG as it lies on the disk, and what is to be seen in it.
import { readFile } from 'node:fs/promises';
import type { ElectronApplication } from '@playwright/test';

/** Out of its IHDR chunk. */
export async function pngSize(file: string): Promise<{ readonly width: number; readonly height: number }> {
  const bytes = await readFile(file);
  if (bytes.subarray(1, 4).toString() !== 'PNG') throw new Error(`${file} is no PNG`);
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

export interface SeenPng {
  readonly colours: number;
  /** Of all pixels, how many have the colour that most have: 1 is a blank picture. */
  readonly mostCommonShare: number;
}

/** Decoded by Electron, in the main process. */
export function lookAtPng(app: ElectronApplication, file: string): Promise<SeenPng> {
  return app.evaluate(({ nativeImage }, where) => {
    const bitmap = nativeImage.createFromPath(where).toBitmap();
    const counts = new Map<number, number>();
    for (let at = 0; at + 3 < bitmap.length; at += 4) {
      const colour = bitmap.readUInt32LE(at);
      counts.set(colour, (counts.get(colour) ?? 0) + 1);
    }
    return { colours: counts.size, mostCommonShare: Math.max(...counts.values()) / (bitmap.length / 4) };
  }, file);
}

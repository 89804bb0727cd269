// Electron 44 made the clipboard's calls promises; before, they were plain. Awaiting fits both.
import { clipboard } from 'electron';

export async function writeClipboard(text: string): Promise<void> {
  await (clipboard.writeText(text) as unknown as Promise<void> | undefined);
}

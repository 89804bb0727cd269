// The demo where nobody watches: waits for the picture, writes what there is to show, says what was found, ends.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { BrowserWindow } from 'electron';
import type { CollectEvent, SnapshotSummary } from '../../shared/ipc/contract.ts';
import { deriveModel } from '../../shared/snapshot/derive.ts';
import { replaceFile } from '../store/replace-file.ts';
import type { SnapshotStore } from '../store/snapshots.ts';
import { whatWasFound } from './what-was-found.ts';
import type { Services } from './services.ts';

/** Milliseconds; a lab host may be slow to answer, the embedded one takes three seconds. */
const patience = 240_000;

export class DemoReport {
  readonly #folder: string;
  readonly #end: (status: number) => void;
  readonly #timer: NodeJS.Timeout;
  #saved: SnapshotSummary | undefined;
  #over = false;

  /** `end` is called once: 0 when everything is written, 1 after a failure, which has been printed by then. */
  constructor(folder: string, end: (status: number) => void) {
    this.#folder = folder;
    this.#end = end;
    this.#timer = setTimeout(() => this.fail('nothing was drawn in time'), patience);
  }

  /** Everything a run tells the window. */
  heard(event: CollectEvent): void {
    if (event.step === 'saved') this.#saved = event.snapshot;
    if (event.step === 'saved' && event.failure !== undefined) this.fail(event.failure.reason);
    if (event.step === 'failed')
      this.fail(`${event.failure.attempted}: ${event.failure.reason} ${event.failure.advice}`);
    if (event.step === 'cancelled') this.fail('the run was cancelled');
  }

  fail(reason: string): void {
    if (this.#over) return;
    process.stderr.write(`nsatlas: the demo failed: ${reason}\n`);
    this.#finish(1);
  }

  drawn(
    svg: string,
    window: BrowserWindow,
    snapshots: Pick<SnapshotStore, 'read' | 'saveCopy'>,
    drawPng: Services['drawPng'],
  ): void {
    this.#write(svg, window, snapshots, drawPng).then(
      () => this.#finish(0),
      (error: unknown) => this.fail(error instanceof Error ? error.message : String(error)),
    );
  }

  async #write(
    svg: string,
    window: BrowserWindow,
    snapshots: Pick<SnapshotStore, 'read' | 'saveCopy'>,
    drawPng: Services['drawPng'],
  ): Promise<void> {
    if (this.#saved === undefined) throw new Error('a picture was drawn, but of no snapshot');
    const file = (name: string): string => path.join(this.#folder, name);
    await mkdir(this.#folder, { recursive: true });
    await snapshots.saveCopy(this.#saved.id, file('snapshot.nsatlas'));
    await replaceFile(file('picture.svg'), svg, 0o666);
    await replaceFile(file('picture.png'), await drawPng(svg, { scale: 2 }), 0o666);
    await replaceFile(file('window.png'), (await window.webContents.capturePage()).toPNG(), 0o666);
    const { transcript } = await snapshots.read(this.#saved.id);
    const files = ['snapshot.nsatlas', 'picture.svg', 'picture.png', 'window.png'].map(file);
    process.stdout.write(`${[...whatWasFound(deriveModel(transcript).model), ...files].join('\n')}\n`);
  }

  #finish(status: number): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    this.#end(status);
  }
}

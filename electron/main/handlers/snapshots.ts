import path from 'node:path';
import { replaceFile } from '../../store/replace-file.ts';
import { outcome } from '../failures.ts';
import { suggestedFileName } from '../file-name.ts';
import type { Handlers } from '../ipc.ts';
import type { Services } from '../services.ts';

type Calls =
  | 'snapshots:list'
  | 'snapshots:read'
  | 'snapshots:delete'
  | 'snapshots:undelete'
  | 'snapshots:open-file'
  | 'snapshots:save-copy'
  | 'export:save';

/** Pictures are made to be shown: as readable as the user's other files. Snapshots hold more, and stay private. */
const shared = 0o666;

export function snapshotHandlers({ snapshots, dialogs, drawPng }: Services): Pick<Handlers, Calls> {
  return {
    'snapshots:list': async () => (await snapshots.list()).snapshots,
    'snapshots:read': (id) => outcome('open the snapshot', () => snapshots.read(id)),
    'snapshots:delete': (id) => outcome('delete the snapshot', () => snapshots.delete(id).then(() => null)),
    'snapshots:undelete': (id) => outcome('bring the snapshot back', () => snapshots.undelete(id)),
    'snapshots:open-file': async () => {
      const file = await dialogs.openSnapshot();
      return file === undefined ? null : outcome('open the snapshot', () => snapshots.openFile(file));
    },
    'snapshots:save-copy': async (id) => {
      const summary = await outcome('save a copy', () => snapshots.summary(id));
      if (!summary.ok) return summary;
      const { hostLabel, collectedAt } = summary.value;
      const file = await dialogs.saveSnapshot(suggestedFileName(hostLabel, collectedAt, 'nsatlas'));
      if (file === undefined) return null;
      return outcome('save a copy', () => snapshots.saveCopy(id, file).then(() => path.basename(file)));
    },
    'export:save': async ({ format, svg, scale, suggestedName }) => {
      const file = await dialogs.savePicture(suggestedName, format);
      if (file === undefined) return null;
      return outcome('export the picture', async () => {
        await replaceFile(file, format === 'svg' ? svg : await drawPng(svg, { scale }), shared);
        return path.basename(file);
      });
    },
  };
}

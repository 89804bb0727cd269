// The system's file dialogs, answered for the test: nobody is there to click in them.
import type { ElectronApplication } from '@playwright/test';

/** `undefined` dismisses. Stays until it is set anew. */
export async function answerSaveDialog(app: ElectronApplication, file: string | undefined): Promise<void> {
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () =>
      Promise.resolve({ canceled: filePath === undefined, filePath: filePath ?? '' }) as never;
  }, file);
}

export async function answerOpenDialog(app: ElectronApplication, file: string | undefined): Promise<void> {
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showOpenDialog = () =>
      Promise.resolve({ canceled: filePath === undefined, filePaths: filePath === undefined ? [] : [filePath] });
  }, file);
}

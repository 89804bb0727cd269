// Through the whole window, screen by screen and dialog by dialog, for those who look at all of them: the pictures of
// screens.spec.ts and the checks of accessibility.spec.ts. Each step goes on where the one before left off.
import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '@playwright/test';
import { hostTranscript } from '../helpers/host-fixture.ts';
import { newKey } from '../helpers/ssh-test-server.ts';
import { launchApp } from './launch.ts';
import { DrawnPicture } from './picture.ts';
import { startReplayingHost } from './replaying-host.ts';
import { packed } from './snapshot-file.ts';
import { captureSteps } from './tour-capture.ts';
import { connectSteps } from './tour-connect.ts';
import { pictureSteps } from './tour-picture.ts';
import { traceSteps } from './tour-trace.ts';
import { otherSteps } from './tour-rest.ts';
import type { Step, Tour } from './tour-step.ts';

export const steps: readonly Step[] = [...connectSteps, ...pictureSteps, ...traceSteps, ...otherSteps, ...captureSteps];

/** An app, hosts for its questions and its progress, and a snapshot to open. */
export async function beginTour(): Promise<Tour> {
  const running = await launchApp();
  const { page, userData } = running;
  const keyFile = path.join(userData, 'id_ed25519');
  await writeFile(keyFile, newKey());
  await chmod(keyFile, 0o600);
  const snapshot = path.join(userData, 'reference-host.nsatlas');
  const collectedAt = new Date(Date.now() - 26 * 3600 * 1000).toISOString();
  await writeFile(snapshot, await packed(hostTranscript('reference-host'), { host: 'Reference host', collectedAt }));
  const slow = await startReplayingHost({ holdAfter: 30 });
  const asked = await startReplayingHost();
  const password = await startReplayingHost({
    authenticate: (context) => context.reject(['password']),
  });
  const picture = await DrawnPicture.ofFile(page, snapshot);
  return {
    running,
    page,
    picture: () => picture,
    slow,
    asked,
    password,
    keyFile,
    snapshot,
    end: async () => {
      await running.close();
      await Promise.all([slow.close(), asked.close(), password.close()]);
    },
  };
}

/** The system's colours change under the window, whatever is open in it. */
export async function wear({ page }: Tour, theme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await expect(page.locator(`html[data-theme="${theme}"]`)).toHaveCount(1);
}

// The app's own command line. Everything else on it is Chromium's or Electron's.
//   --demo               open with the demo host and connect to it at once
//   --demo-live=JSON     the same with a host that runs: {"user","host","port","keyFile","knownHosts"}
//   --demo-output=DIR    draw, write snapshot, SVG, PNG and a picture of the window there, say what was found, end
//   --user-data-dir=DIR  where profiles, settings and snapshots are kept; so does NSATLAS_USER_DATA
import path from 'node:path';
import { z } from 'zod';

const liveHost = z.strictObject({
  user: z.string(),
  host: z.string(),
  port: z.number(),
  keyFile: z.string(),
  knownHosts: z.string(),
});
export type LiveHost = z.infer<typeof liveHost>;

export interface Flags {
  readonly demo: boolean;
  readonly demoLive: LiveHost | undefined;
  /** Absolute. */
  readonly demoOutput: string | undefined;
  /** Absolute. */
  readonly userData: string | undefined;
}

/** Throws an Error that says which flag is wrong. */
export function readFlags(argv: readonly string[], env: NodeJS.ProcessEnv): Flags {
  const valueOf = (name: string): string | undefined =>
    argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
  const folder = (text: string | undefined): string | undefined =>
    text === undefined || text === '' ? undefined : path.resolve(text);
  const live = valueOf('demo-live');
  const output = folder(valueOf('demo-output'));
  return {
    demo: argv.includes('--demo') || live !== undefined || output !== undefined,
    demoLive: live === undefined ? undefined : readLiveHost(live),
    demoOutput: output,
    userData: folder(valueOf('user-data-dir') ?? env['NSATLAS_USER_DATA']),
  };
}

function readLiveHost(text: string): LiveHost {
  try {
    return liveHost.parse(JSON.parse(text));
  } catch (error) {
    throw new Error('--demo-live needs JSON: {"user","host","port","keyFile","knownHosts"}', { cause: error });
  }
}

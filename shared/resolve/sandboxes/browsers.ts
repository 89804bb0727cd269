// By the arguments browsers start their helpers with, which are in user, PID and network namespaces of their own:
//   /opt/google/chrome/chrome --type=zygote                          Chromium and its kin, Electron; some write all into argv[0]
//   /usr/lib/firefox/firefox -contentproc -isForBrowser …            Firefox
// The browser itself is the nearest process above without such an argument; it is not in the sandbox.
import type { UnresolvedProcess } from '../../model/entities.ts';
import { processId } from '../../model/id.ts';
import { hasEnded } from '../../model/process.ts';
import { grouped, type Known } from '../known.ts';
import { saidIn } from '../process-evidence.ts';
import { byStart, type Group } from './group.ts';

const isHelper = ({ argv }: UnresolvedProcess): boolean =>
  argv.length > 0 &&
  / (?:--type=(?:zygote|renderer|gpu-process|utility|ppapi|broker|nacl-loader)|-contentproc)(?: |$)/.test(
    argv.join(' '),
  );

export function browsers({ entities, index }: Known): readonly Group[] {
  const helpers = entities.processes.flatMap((process) => {
    if (hasEnded(process) || !isHelper(process)) return [];
    const browser = browserAbove(process);
    return browser ? [{ process, browser }] : [];
  });
  return [...grouped(helpers, ({ browser }) => browser)].map(([browser, group]): Group => {
    const members = group.map(({ process }) => process).sort(byStart);
    return {
      kind: 'browser',
      name: `${browser.comm}[${browser.pid}]`,
      key: `${browser.pid}@${browser.startTicks ?? ''}`,
      members,
      rule: 'sandbox.browser-helpers',
      evidence: [
        ...saidIn(browser, 'cmdline'),
        ...members.slice(0, 4).flatMap((process) => saidIn(process, 'cmdline')),
      ],
    };
  });

  function browserAbove(helper: UnresolvedProcess): UnresolvedProcess | undefined {
    const seen = new Set<number>();
    for (
      let at: UnresolvedProcess | undefined = helper;
      at && !seen.has(at.pid);
      at = at.ppid === undefined ? undefined : index.process.get(processId(at.ppid))
    ) {
      if (!isHelper(at)) return at.pid === 1 ? undefined : at;
      seen.add(at.pid);
    }
    return undefined;
  }
}

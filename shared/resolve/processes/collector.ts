// The collector's own processes: its shell, all that it started, and the sudo and login shell wrapped around it.
// The sshd above them is the host's own and stays.
import type { UnresolvedProcess } from '../../model/entities.ts';
import { processId, type ProcessId } from '../../model/id.ts';
import type { Pass } from '../known.ts';
import { program } from './command-line.ts';

export const collectorProcesses: Pass = {
  name: 'collector',
  run: ({ entities, index }) => {
    if (entities.collectorPid === undefined) return {};
    const ours = new Set<ProcessId>();
    const waiting = [entities.collectorPid];
    for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
      if (ours.has(processId(pid))) continue;
      ours.add(processId(pid));
      waiting.push(...(index.childrenOf.get(pid) ?? []).map((child) => child.pid));
    }
    let above = parentOf(index.process.get(processId(entities.collectorPid)));
    while (above && !ours.has(above.id) && isWrapper(above)) {
      ours.add(above.id);
      above = parentOf(above);
    }
    function parentOf(process: UnresolvedProcess | undefined): UnresolvedProcess | undefined {
      return process?.ppid === undefined ? undefined : index.process.get(processId(process.ppid));
    }
    return { roles: new Map([...ours].filter((id) => index.process.has(id)).map((id) => [id, ['collector']])) };
  },
};

/** `sudo -n sh -s`, or the login shell that sshd gave the command to: `bash -c 'sh -s'`. */
function isWrapper(process: UnresolvedProcess): boolean {
  const [, ...words] = process.argv;
  const command = words.join(' ');
  if (program(process) === 'sudo') return / ?sh -s( |$)/.test(command);
  return words[0] === '-c' && /(^| )sh -s( |$)/.test(command);
}

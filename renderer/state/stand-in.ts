// What shows in the picture where a thing is that has no sign of its own there.
import type { Model } from '../../shared/model/model.ts';

/** Next larger thing: a process's container, else its network namespace; an interface's and a socket's namespace. */
export function standInOf(model: Model, id: string): string | undefined {
  const process = model.processes.find((one) => one.id === id);
  if (process) return process.container ?? process.namespaces.net;
  return [...model.links, ...model.sockets, ...model.unixSockets, ...model.packetSockets].find((one) => one.id === id)
    ?.netns;
}

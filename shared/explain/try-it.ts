// Commands that show on the host what was said of it, to be run as the user that collected.
import type { Keeper, Namespace } from '../model/namespace.ts';
import type { Process } from '../model/process.ts';
import { undecodedByte } from '../model/undecoded-byte.ts';
import type { LookUp } from './look-up.ts';

/** `command`, run inside a network namespace; undefined where no way in is known. */
export function inNetns(look: LookUp, netns: Namespace | undefined, command: string): string | undefined {
  if (!netns) return undefined;
  if (netns.role === 'host') return command;
  const process = netns.leaderIds.map((id) => look.processes.get(id)).find((one) => one !== undefined);
  // RootlessKit's child may or may not be in the namespace it keeps: the mount is what always opens it.
  const mounted = netns.role === 'rootlesskit-child' && waysIn(netns).length > 0;
  if (process && !mounted) return `${entering(look, process)} -n ${command}`;
  for (const keeper of netns.keptBy) {
    if (keeper.by === 'mount') {
      if (keeper.reachableAs === undefined) continue;
      const pid = /^\/proc\/(\d+)\/root\//.exec(keeper.reachableAs)?.[1];
      const through = pid === undefined ? undefined : look.processes.get(`process:${Number(pid)}`);
      const how = through ? entering(look, through) : 'sudo nsenter';
      return `${how} --net=${quoted(keeper.reachableAs)} ${command}`;
    }
    if (keeper.by === 'thread') {
      const pid = keeper.process.slice('process:'.length);
      return `sudo nsenter --net=/proc/${pid}/task/${keeper.tid}/ns/net ${command}`;
    }
    if (keeper.by === 'socket' || keeper.by === 'tun') {
      return `sudo nsenter -t ${keeper.process.slice('process:'.length)} -N ${keeper.fd} ${command}`;
    }
    if (keeper.by === 'fd') {
      return `sudo nsenter --net=/proc/${keeper.process.slice('process:'.length)}/${keeper.tid === undefined ? '' : `task/${keeper.tid}/`}fd/${keeper.fd} ${command}`;
    }
  }
  return undefined;
}

/** The mounts of a namespace that a path leads to. Each path once: a directory that was copied up is mounted at two places. */
export function waysIn({ keptBy }: Namespace): readonly { readonly path: string; readonly keeper: Keeper }[] {
  const byPath = new Map(
    keptBy.flatMap((keeper) =>
      keeper.by === 'mount' && keeper.reachableAs !== undefined ? [[keeper.reachableAs, keeper]] : [],
    ),
  );
  return [...byPath].map(([path, keeper]) => ({ path, keeper }));
}

/**
 * The owner of a user namespace enters it with all its rights, and from there its other namespaces; what belongs to the
 * host's own user namespace takes root.
 */
function entering(look: LookUp, process: Process): string {
  const { initialNamespaces, user } = look.model.host;
  const own = process.namespaces.user !== undefined && process.namespaces.user !== initialNamespaces.user?.id;
  // The number of a thread does where its process has no namespaces of its own any more.
  const pid = process.livingThread ?? process.pid;
  if (own) return `nsenter -t ${pid} -U --preserve-credentials`;
  return user.uid === 0 ? `nsenter -t ${pid}` : `sudo nsenter -t ${pid}`;
}

/** For a POSIX shell; what is no UTF-8 in the form that bash, zsh, BusyBox and POSIX since 2024 read. */
export function quoted(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  if (text.search(undecodedByte) === -1) return `'${text.replaceAll("'", String.raw`'\''`)}'`;
  return `$'${text.replace(/[\\']/g, String.raw`\$&`).replace(undecodedByte, String.raw`\x$1`)}'`;
}

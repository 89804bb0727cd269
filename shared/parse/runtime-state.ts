// A container runtime's own record of one container.
//
// runc, /run/runc/ID/state.json (libcontainer State), also below a containerd root (…/runc/NAMESPACE/ID/state.json):
//   {"id":"d8e2…","init_process_pid":126799,"init_process_start":1234567,"created":"…",
//    "config":{…,"labels":["bundle=/…","nerdctl/name=nginx-d8e2d"]},…}
// crun, /run/crun/ID/status:
//   {"pid":4711,"process-start-time":1234567,"bundle":"/…",…}            the id is the directory's name; before crun 1.7
//                                                                       there was no start time (src/libcrun/status.c)
// youki, /run/youki/ID/state.json (crates/libcontainer/src/container/state.rs):
//   {"ociVersion":"v1.0.2","id":"web","status":"running","pid":4711,"bundle":"/…","annotations":{},"created":"…",…}
//
// Labels are OCI annotations, `key=value`; libcontainer adds `bundle`.
import type { RuntimeState } from '../model/entities.ts';
import { numberOf, objectOf, readJson, textOf, textsOf } from './json-values.ts';
import { unparsableAt } from './parsed.ts';
import type { Source, Unparsable } from './parsed.ts';

/** `path`: the file as it was read. */
export function parseRuntimeState(
  source: Source,
  path: string,
): { readonly state: RuntimeState | undefined; readonly unparsable: readonly Unparsable[] } {
  const { values, unparsable } = readJson(source);
  const object = values[0]?.elements[0]?.object;
  const runtimeId =
    object && (textOf(object, 'id') ?? (path.endsWith('/status') && 'pid' in object ? directoryOf(path) : undefined));
  if (!object || runtimeId === undefined || runtimeId === '') {
    const missing = unparsable.length > 0 ? [] : [unparsableAt(source, 1, source.output)];
    return { state: undefined, unparsable: [...unparsable, ...missing] };
  }
  const annotations: Record<string, string> = {};
  for (const label of textsOf(objectOf(object, 'config') ?? {}, 'labels')) {
    const equals = label.indexOf('=');
    if (equals > 0) annotations[label.slice(0, equals)] = label.slice(equals + 1);
  }
  for (const [key, value] of Object.entries(objectOf(object, 'annotations') ?? {}))
    if (typeof value === 'string') annotations[key] = value;
  return {
    state: {
      runtimeId,
      initPid: positive(numberOf(object, 'init_process_pid') ?? numberOf(object, 'pid')),
      initStartTicks: positive(numberOf(object, 'init_process_start') ?? numberOf(object, 'process-start-time')),
      path,
      annotations,
      evidence: [{ frame: source.index, section: source.section, line: 1 }],
    },
    unparsable,
  };
}

const directoryOf = (path: string): string | undefined => path.split('/').at(-2);
const positive = (value: number | undefined): number | undefined =>
  value !== undefined && value > 0 ? value : undefined;

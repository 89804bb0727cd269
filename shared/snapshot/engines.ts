// What container engines answered, and which of them did not.
import type { EngineAnswer, EngineContainer, EngineNetwork } from '../model/engine.ts';
import type { FindingKind } from '../model/finding.ts';
import { processId } from '../model/id.ts';
import type { Frame } from '../model/transcript.ts';
import { parseCniAddress, parseCniResult, parseNerdctlMeta, parseNerdctlPorts } from '../parse/engines/cni-files.ts';
import { parseCtrContainers } from '../parse/engines/ctr-containers.ts';
import { parseEngineContainers, parseEngineNetworks } from '../parse/engines/docker-api.ts';
import { readKeptFiles } from '../parse/engines/files.ts';
import type { KeptFile } from '../parse/engines/files.ts';
import { parseNerdctlNetwork } from '../parse/engines/nerdctl-networks.ts';
import { parseAardvark, parsePodmanContainers, parsePodmanNetwork } from '../parse/engines/podman-files.ts';
import type { Parsed } from '../parse/parsed.ts';
import { causeOf, parseRefusals } from '../parse/refusals.ts';
import type { FindingLog } from './finding-log.ts';
import type { Frames } from './frames.ts';

export function readEngines(frames: Frames, log: FindingLog): readonly EngineAnswer[] {
  reportClosedEngines(frames, log);
  const facts = <T>({ facts, unparsable }: Parsed<T>): readonly T[] => {
    log.unparsable(unparsable);
    return facts;
  };
  return [
    ...frames.of('engine-containers').map((frame): EngineAnswer => {
      const place = placeOf(frame);
      return answer(place.engine, `GET /containers/json on ${place.socket}`, {
        complete: frame.status === 0 && frame.cut === undefined,
        containers: facts(parseEngineContainers(frame)),
        by: processId(place.pid),
      });
    }),
    ...frames.of('engine-networks').map((frame): EngineAnswer => {
      const place = placeOf(frame);
      const networks = facts(parseEngineNetworks(frame, place.engine));
      return answer(place.engine, `GET /networks on ${place.socket}`, { networks, bridgesIn: processId(place.pid) });
    }),
    ...frames.of('engine-images').map((frame): EngineAnswer => {
      const [namespace = '', shim = ''] = frame.key.split(' ');
      const question = `ctr --namespace ${namespace} containers ls`;
      const containers = facts(parseCtrContainers(frame));
      return answer('containerd', question, { containers, by: processId(Number(shim)) });
    }),
    ...frames.of('engine-files').flatMap((frame) => {
      const { files, unparsable } = readKeptFiles(frame);
      log.unparsable(unparsable);
      return files.flatMap((file) => readFile(file, facts));
    }),
    ...frames.of('nerdctl-networks').flatMap((frame) => {
      const { files, unparsable } = readKeptFiles(frame);
      log.unparsable(unparsable);
      // UID CHILD FOLDER
      const [, child = '-'] = frame.key.split(' ');
      const bridgesIn = /^\d+$/.test(child) ? processId(Number(child)) : 'host';
      return files.map((file) =>
        answer('nerdctl', file.path, { networks: facts(parseNerdctlNetwork(file)), bridgesIn }),
      );
    }),
  ];
}

type Facts = <T>(parsed: Parsed<T>) => readonly T[];

/** By where it lies, which the engine decides. */
function readFile(file: KeptFile, facts: Facts): readonly EngineAnswer[] {
  const { path } = file;
  const containers = (engine: string, parsed: Parsed<EngineContainer>) => [
    answer(engine, path, { containers: facts(parsed) }),
  ];
  if (/\/overlay-containers\/(volatile-)?containers\.json$/.test(path)) {
    return containers('podman', parsePodmanContainers(file));
  }
  if (/\/networks\/aardvark-dns\/[^/]+$/.test(path)) return containers('podman', parseAardvark(file));
  if (/\/cni\/results\/[^/]+$/.test(path)) return containers('cni', parseCniResult(file));
  if (/\/cni\/networks\/[^/]+\/[^/]+$/.test(path)) return containers('cni', parseCniAddress(file));
  if (/\/etchosts\/[^/]+\/[^/]+\/meta\.json$/.test(path)) return containers('nerdctl', parseNerdctlMeta(file));
  if (/\/containers\/[^/]+\/[^/]+\/(ports|network-config)\.json$/.test(path)) {
    return containers('nerdctl', parseNerdctlPorts(file));
  }
  if (/\/networks\/[^/]+\.json$/.test(path)) {
    return [answer('podman', path, { networks: facts(parsePodmanNetwork(file)) })];
  }
  return [];
}

const answer = (
  engine: string,
  question: string,
  told: {
    readonly complete?: boolean;
    readonly containers?: readonly EngineContainer[];
    readonly networks?: readonly EngineNetwork[];
    readonly by?: NonNullable<EngineAnswer['by']>;
    readonly bridgesIn?: NonNullable<EngineAnswer['bridgesIn']>;
  },
): EngineAnswer => ({ engine, question, complete: false, containers: [], networks: [], ...told });

/** `docker 318 /run/docker.sock`; of engine-images `NAMESPACE 184 SOCKET`. */
function placeOf({ key }: Frame): { readonly engine: string; readonly pid: number; readonly socket: string } {
  const [engine = '', pid = '', ...socket] = key.split(' ');
  return { engine, pid: Number(pid), socket: socket.join(' ') };
}

function reportClosedEngines(frames: Frames, log: FindingLog): void {
  for (const section of ['engine-socket', 'engine-containers', 'engine-networks', 'engine-images']) {
    for (const frame of frames.of(section)) {
      if (frame.status === 0 || frame.status === undefined || frame.cut !== undefined) continue;
      const { engine, pid, socket } = placeOf(frame);
      const cause = causeOf(frame.stderr);
      const kind: FindingKind =
        cause === 'not-permitted' ? cause : frame.status === 127 ? 'not-supported' : 'undiscovered';
      log.add({
        rule: `engine.${kind}`,
        kind,
        cause: socket,
        subject: Number.isInteger(pid) && pid > 0 ? processId(pid) : 'host',
        values: { engine: section === 'engine-images' ? 'containerd' : engine, socket },
        example: frame.stderr.slice(frame.stderr.lastIndexOf('\n') + 1),
        evidence: [{ frame: frame.index, section }],
      });
    }
  }
  for (const frame of [...frames.of('engine-files'), ...frames.of('nerdctl-networks')]) {
    for (const { cause, text } of parseRefusals(frame.stderr)) {
      // Engines come and go while their files are read.
      if (cause !== 'not-permitted') continue;
      log.add({
        rule: 'engine.files-not-permitted',
        kind: 'not-permitted',
        subject: 'host',
        example: text,
        evidence: [{ frame: frame.index, section: frame.section }],
      });
    }
  }
}

// systemd-nspawn's containers: by its command line (systemd-nspawn(1)), and by what systemd-machined wrote down.
import { processId } from '../../model/id.ts';
import type { UnresolvedProcess } from '../../model/entities.ts';
import { hasEnded } from '../../model/process.ts';
import { withRole, type Known } from '../known.ts';
import { option } from '../processes/command-line.ts';
import { saidIn } from '../process-evidence.ts';
import type { Candidate, Candidates } from './candidate.ts';
import { idsOfProcess, unescaped } from './cgroup-id.ts';
import { initAmongChildren } from './init.ts';
import { speakerOf, theRoot } from './speaker.ts';

/** `systemd-nspawn --quiet --keep-unit --boot --machine=web`; without -M the last part of -D, or the image's name. */
export function fromNspawn(known: Known): Candidates {
  return {
    candidates: withRole(known, 'systemd-nspawn').flatMap((nspawn): readonly Candidate[] => {
      const name = machineName(nspawn);
      if (name === undefined) return [];
      const init = initAmongChildren(known, nspawn, name);
      return [
        {
          runtimeId: name,
          recognisedBy: 'nspawn-argv',
          engine: 'systemd-nspawn',
          name,
          kind: 'machine',
          speaker: speakerOf(nspawn),
          monitor: nspawn,
          ...(init === undefined ? {} : { init: { process: init, rule: 'container.nspawn-child', sure: false } }),
          evidence: saidIn(nspawn, 'cmdline'),
        },
      ];
    }),
  };
}

function machineName(nspawn: UnresolvedProcess): string | undefined {
  const said = option(nspawn.argv, '--machine', '-M');
  if (said) return said;
  const inUnit = /\/systemd-nspawn@([^/]+)\.service(?:\/|$)/.exec(nspawn.cgroup ?? '')?.[1];
  if (inUnit !== undefined) return unescaped(inUnit);
  const place = option(nspawn.argv, '--directory', '-D') ?? option(nspawn.argv, '--image', '-i');
  const last = place?.replace(/\/+$/, '').split('/').at(-1);
  return last === undefined || last === '' ? undefined : last.replace(/\.raw$/, '');
}

/** `/run/systemd/machines/NAME`: only those that are containers; the leader has to be vouched for, its PID may be another's by now. */
export function fromMachined({ entities, index }: Known): Candidates {
  return {
    candidates: entities.machines.flatMap((machine): readonly Candidate[] => {
      const leader = machine.leader === undefined ? undefined : index.process.get(processId(machine.leader));
      if (machine.class === 'vm' || !leader || hasEnded(leader)) return [];
      const name = libvirtName(machine.name) ?? machine.name;
      const vouched =
        idsOfProcess(leader).some((id) => id.runtimeId === name) ||
        (machine.unit !== undefined && (leader.cgroup ?? '').split('/').includes(machine.unit));
      if (!vouched) return [];
      return [
        {
          runtimeId: name,
          recognisedBy: 'machined-record',
          speaker: theRoot,
          engine: machine.service ?? 'systemd-nspawn',
          name,
          kind: 'machine',
          init: { process: leader, rule: 'container.machined-record', sure: false },
          evidence: machine.evidence,
        },
      ];
    }),
  };
}

const libvirtName = (name: string): string | undefined => /^lxc-\d+-(.+)$/.exec(name)?.[1];

// /run/systemd/machines/NAME through `grep -aH ^`: what systemd-machined wrote down about a virtual machine or container
// (systemd, src/machine/machine.c machine_save; an environment file, "private data, do not parse" to programs, and the
// only place that says it without asking over D-Bus). `unit:UNIT` beside it is a symbolic link to the same file.
//
//   /run/systemd/machines/web:# This is private data. Do not parse.
//   /run/systemd/machines/web:NAME=web
//   /run/systemd/machines/web:SCOPE=systemd-nspawn@web.service        (older; UNIT= since 256)
//   /run/systemd/machines/web:SERVICE=systemd-nspawn                  (libvirt-lxc, libvirt-qemu)
//   /run/systemd/machines/web:LEADER=15844
//   /run/systemd/machines/web:CLASS=container                         (vm)
import type { MachineRecord } from '../model/entities.ts';
import type { Evidence } from '../model/evidence.ts';
import { forEachLine } from './lines.ts';
import { evidenceAt, unparsableAt } from './parsed.ts';
import type { Parsed, Source, Unparsable } from './parsed.ts';

export function parseMachines(source: Source): Parsed<MachineRecord> {
  const text = source.output;
  const fields = new Map<string, { readonly values: Map<string, string>; readonly evidence: Evidence[] }>();
  const unparsable: Unparsable[] = [];
  forEachLine(text, (start, end, line) => {
    const content = text.slice(start, end);
    if (content === '') return;
    const match = /^\/run\/systemd\/machines\/([^/:]+):(?:#|([A-Z_]+)=(.*)$|$)/.exec(content);
    if (!match) {
      if (!content.startsWith('/run/systemd/machines/unit:')) unparsable.push(unparsableAt(source, line, content));
      return;
    }
    const [, name = '', key, value = ''] = match;
    if (key === undefined) return;
    const record = fields.get(name) ?? { values: new Map<string, string>(), evidence: [] };
    fields.set(name, record);
    record.values.set(key, value.replace(/^"(.*)"$/, '$1'));
    if (['LEADER', 'CLASS', 'SERVICE', 'SCOPE', 'UNIT'].includes(key)) record.evidence.push(evidenceAt(source, line));
  });
  const facts = [...fields].map(([name, { values, evidence }]): MachineRecord => {
    const leader = values.get('LEADER');
    const unit = values.get('SCOPE') ?? values.get('UNIT');
    const service = values.get('SERVICE');
    return {
      name: values.get('NAME') ?? name,
      class: values.get('CLASS') === 'vm' ? 'vm' : 'container',
      leader: leader !== undefined && /^\d+$/.test(leader) ? Number(leader) : undefined,
      ...(unit === undefined ? {} : { unit }),
      ...(service === undefined ? {} : { service }),
      evidence,
    };
  });
  return { facts, unparsable };
}

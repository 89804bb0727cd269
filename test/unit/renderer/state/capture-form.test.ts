import { describe, expect, it } from 'vitest';
import { problemsOf, wishOf } from '../../../../renderer/state/capture-form.ts';
import { captureSubject } from '../../../../renderer/state/capture-subject.ts';
import { captureWishSchema } from '../../../../shared/ipc/schemas.ts';
import { captureTarget } from '../../../../shared/capture/capture-target.ts';
import { hostFixture } from '../../../helpers/host-fixture.ts';

const empty = {
  ...{ filter: '', packets: '', seconds: '', megabytes: '', snaplen: '' },
  includeOwn: false,
  sudo: 'never',
} as const;
const target = { netns: { name: 'nginx', inode: 7, marks: [], ways: [] } };

describe('the form of a capture', () => {
  it('without a number has no limit', () => {
    expect(problemsOf(empty)).toEqual([]);
    expect(wishOf(target, empty)).toEqual({ target, filter: '', includeOwn: false, sudo: 'never' });
  });
  it('gives numbers, and megabytes as bytes', () => {
    const form = { ...empty, filter: ' icmp ', packets: '10', seconds: ' 5 ', megabytes: '2', snaplen: '96' };
    expect(problemsOf(form)).toEqual([]);
    expect(wishOf(target, form)).toMatchObject({
      ...{ filter: 'icmp', packets: 10, seconds: 5, bytes: 2_000_000, snaplen: 96 },
    });
  });
  it.each(['0', '-1', '1.5', 'many', '1e3', '9999999999999'])('%s is none', (written) => {
    const form = { ...empty, packets: written, seconds: written, megabytes: written, snaplen: written };
    expect(problemsOf(form).map(({ field }) => field)).toEqual(['packets', 'seconds', 'megabytes', 'snaplen']);
  });
});

describe('what has packets', () => {
  const { model } = hostFixture('reference-host');
  const nginx = model.containers.find(({ name }) => name.startsWith('nginx'));
  it('an interface, a network namespace, and a container by where it is', () => {
    const subject = captureSubject(model, nginx?.id ?? '');
    expect(subject?.netns.name).toBe(nginx?.name);
    expect(captureSubject(model, subject?.netns.id ?? '')).toEqual({ netns: subject?.netns });
    const eth0 = model.links.find((one) => one.netns === subject?.netns.id && one.name === 'eth0');
    expect(captureSubject(model, eth0?.id ?? '')).toEqual({ netns: subject?.netns, link: eth0?.id });
  });
  it('nothing else', () => {
    const other = model.namespaces.find(({ kind }) => kind === 'mnt');
    for (const id of ['host', other?.id ?? '', model.processes[0]?.id ?? '', 'no such thing'])
      expect(captureSubject(model, id)).toBeUndefined();
  });
  it('and what is made of it is what the main process accepts', () => {
    for (const { netns, id } of model.links) {
      const found = captureTarget(model, netns, id);
      if ('problem' in found) throw new Error(found.problem);
      expect(captureWishSchema.safeParse(wishOf(found, empty)).success).toBe(true);
    }
  });
});

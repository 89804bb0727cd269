import { expect, test } from 'vitest';
import { standInOf } from '../../../../renderer/state/stand-in.ts';
import { articleModel } from '../../../helpers/article-model.ts';

const model = articleModel();
const process = (pid: number) => model.processes.find((one) => one.pid === pid);

test('a process of a container is where the container is, another one in its network namespace', () => {
  expect(standInOf(model, process(126799)?.id ?? '')).toBe(process(126799)?.container);
  expect(process(126799)?.container).toBeDefined();
  expect(standInOf(model, process(122373)?.id ?? '')).toBe('net:[4026531840]');
});

test('an interface is in its network namespace', () => {
  const eth0 = model.links.find((one) => one.name === 'eth0');
  expect(standInOf(model, eth0?.id ?? '')).toBe('net:[4026532280]');
});

test('a container is in nothing that stands for it', () => {
  expect(standInOf(model, model.containers[0]?.id ?? '')).toBeUndefined();
});

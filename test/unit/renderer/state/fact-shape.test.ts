import { describe, expect, test } from 'vitest';
import type { Fact } from '../../../../shared/explain/explanation.ts';
import { factShape, saysLabelAgain } from '../../../../renderer/state/fact-shape.ts';

const fact = (label: string, value: string): Fact => ({ label, value, monospace: true, evidence: [] });

describe('factShape', () => {
  test.each([
    ['Address', 'fe80::e8cb:60ff:fe81:5660/64', 'beside'],
    ['Peer', 'veth88ff2dd2 in RootlessKit child · ec2-user · detached', 'beside'],
    ['Id', 'd8e2d622b3d7c1f60b94a27e5538fa0dd1c6be9047a3f2856b1e09cd74f3a85b', 'below'],
    ['Listens on', '/run/user/1000/containerd-rootless/api.sock unix stream', 'below'],
    ['1', '127.0.0.1:8080 → 127.0.0.1:8080 in RootlessKit child · ec2-user · detached, by rootlesskit[83]', 'numbered'],
  ] as const)('%s: %s', (label, value, shape) => expect(factShape({ label, value })).toBe(shape));
});

describe('saysLabelAgain', () => {
  test('once for facts of one label', () => {
    expect(saysLabelAgain(fact('Answered by', 'nginx[212]'), undefined)).toBe(true);
    expect(saysLabelAgain(fact('Answered by', 'nginx[224]'), fact('Answered by', 'nginx[212]'))).toBe(false);
    expect(saysLabelAgain(fact('Container', 'nginx'), fact('Answered by', 'nginx[224]'))).toBe(true);
  });

  test('again where the values go below their label', () => {
    const path = fact('Listens on', '/run/user/1000/containerd-rootless/api.sock unix stream');
    expect(saysLabelAgain(path, fact('Listens on', '127.0.0.1:8080 tcp'))).toBe(true);
    expect(saysLabelAgain(path, path)).toBe(false);
  });
});

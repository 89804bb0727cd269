// When and where a process may run, as far as that is not as for everybody.
import type { Model } from '../../model/model.ts';
import type { Process } from '../../model/process.ts';
import type { Fact } from '../explanation.ts';
import { fact, type Telling } from '../facts.ts';

export function schedulingOf({ look, texts }: Telling, { scheduling, cpus }: Process): readonly Fact[] {
  const { labels, values, terms } = texts;
  const facts: Fact[] = [];
  if (scheduling && scheduling.policy !== 'SCHED_OTHER') {
    const { policy, realtimePriority, evidence } = scheduling;
    const value = values.schedulingPolicy(policy, realtimePriority);
    facts.push(fact(labels.scheduling, value, [evidence], { hint: terms[policy] }));
  }
  if (scheduling && scheduling.nice !== 0)
    facts.push(fact(labels.nice, String(scheduling.nice), [scheduling.evidence], { hint: terms['nice'] }));
  if (cpus) {
    const count = cpusIn(cpus.list);
    const most = mostCpus(look.model);
    if (count < most) {
      const rest = { monospace: true, hint: terms['CPU affinity'] };
      facts.push(fact(labels.cpus, values.cpus(cpus.list, count, most), [cpus.evidence], rest));
    }
  }
  return facts;
}

const known = new WeakMap<Model, number>();

/**
 * How many the process has that may run on the most. No file that is read says how many the host has; kthreadd and nearly
 * all others may run on all of them.
 */
function mostCpus(model: Model): number {
  const before = known.get(model);
  if (before !== undefined) return before;
  const lists = new Set(model.processes.flatMap(({ cpus }) => cpus?.list ?? []));
  let most = 0;
  for (const list of lists) most = Math.max(most, cpusIn(list));
  known.set(model, most);
  return most;
}

/** `0-3,8` are 5. */
function cpusIn(list: string): number {
  let count = 0;
  for (const range of list.split(',')) {
    const [first = 0, last = first] = range.split('-').map(Number);
    count += Math.max(0, last - first + 1);
  }
  return count;
}

// What the shell is told.
import { isUnseen } from '../../shared/model/finding.ts';
import type { Model } from '../../shared/model/model.ts';

export const exitStatus = {
  done: 0,
  failed: 1,
  /** The command line itself makes no sense. */
  usage: 2,
  /** Collected, but the snapshot says of parts of the host that they could not be seen. */
  notAllSeen: 3,
} as const;

export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];

/** Of a run whose snapshot is saved. */
export const collectedStatus = ({ host, findings }: Model): ExitStatus =>
  host.complete && !findings.some(isUnseen) ? exitStatus.done : exitStatus.notAllSeen;

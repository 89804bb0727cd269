import { expect, it } from 'vitest';
import { CliFailure, UsageError, failureLines, isCancelled } from '../../../../electron/cli/failure.ts';
import { SshFailure, cancelled } from '../../../../electron/ssh/failure.ts';

it('says what in one line and what to do in another', () => {
  const words = { attempted: 'connect to web1 port 22', reason: 'Nobody answers.', advice: 'Check the address.' };
  const expected = 'nsatlas: could not connect to web1 port 22: Nobody answers.\n  Check the address.';
  expect(failureLines(new CliFailure(words))).toBe(expected);
  expect(failureLines(new SshFailure({ code: 'timed-out', ...words }))).toBe(expected);
});
it('points at the help of the command', () => {
  expect(failureLines(new UsageError('What?', 'show'))).toBe(
    'nsatlas: What?\n  How it is written: nsatlas show --help',
  );
  expect(failureLines(new UsageError('What?'))).toBe('nsatlas: What?\n  How it is written: nsatlas --help');
});
it('stays two lines, and the terminal as it is, whatever a host says', () => {
  const reason = 'The host ended it: \u001b[2Jgone\r\nnsatlas: all is well\u009b31m.';
  expect(failureLines(new CliFailure({ attempted: 'log in', reason, advice: 'Stop.' }))).toBe(
    'nsatlas: could not log in: The host ended it: \\x1b[2Jgone\\x0d\\x0ansatlas: all is well\\x9b31m.\n  Stop.',
  );
});
it('owns up to its own mistakes', () => {
  expect(failureLines(new TypeError('x is not a function'))).toBe(
    'nsatlas: TypeError: x is not a function\n  This is a mistake in nsatlas. Please report it with these words.',
  );
});
it('knows a person who stops', () => {
  expect(isCancelled(cancelled('connect'))).toBe(true);
  expect(isCancelled(new Error('cancelled'))).toBe(false);
});

import { spawn } from 'node:child_process';
import { root } from './paths.mjs';

/**
 * Runs a program to its end. Never throws: a program that cannot be started ends with code 127 and says why.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, show?: boolean, input?: 'inherit' | 'ignore', timeoutMs?: number | undefined, cwd?: string, shell?: boolean }} [options]
 *   `show`: its output goes to the terminal as it comes (its stdout to our stdout); else it is collected
 * @returns {Promise<{ code: number, output: string }>} `output` is stdout and stderr in the order of arrival
 */
export function command(
  program,
  args,
  { env = process.env, show = false, input = 'ignore', timeoutMs, cwd = root, shell = false } = {},
) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env,
      shell,
      stdio: show ? [input, 'inherit', 'inherit'] : [input, 'pipe', 'pipe'],
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    });
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (text) => (output += text));
    child.stderr?.setEncoding('utf8').on('data', (text) => (output += text));
    const passOn = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
    process.once('SIGINT', passOn).once('SIGTERM', passOn);
    const end = (/** @type {number} */ code) => {
      process.off('SIGINT', passOn).off('SIGTERM', passOn);
      resolve({ code, output });
    };
    child.once('error', (error) => {
      output += `${error.message}\n`;
      end(127);
    });
    child.once('close', (code) => end(code ?? 1));
  });
}

/** @param {string} file below node_modules @param {...string} args @returns {[string, string[]]} */
export function nodeTool(file, ...args) {
  return [process.execPath, [`node_modules/${file}`, ...args]];
}

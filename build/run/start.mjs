import { openApp, prepareApp } from './app.mjs';
import { hasDisplay } from './display.mjs';
import { say } from './say.mjs';

/** `run.mjs start [arguments for the app]`. @param {readonly string[]} args */
export async function main(args) {
  const electron = await prepareApp();
  const virtualDisplay = !hasDisplay();
  if (virtualDisplay)
    say('there is no display here: the app opens on a virtual one (Xvfb), where nobody sees it. Ctrl+C ends it.');
  return openApp(electron, args, { virtualDisplay });
}

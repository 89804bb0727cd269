// Start-up of the page: its styles, its state, its root component.
import { mount } from 'svelte';
import App from './App.svelte';
import StartFailed from './components/shell/StartFailed.svelte';
import { bridge } from './bridge.ts';
import { Atlas } from './state/atlas.svelte.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/panes.css';
import './styles/floating.css';

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no #app');

const words = (error: unknown): string => (error instanceof Error ? error.message : String(error));

try {
  const atlas = new Atlas(bridge, matchMedia('(prefers-color-scheme: dark)'));
  // What nobody waited for has failed: said, never swallowed.
  window.addEventListener('unhandledrejection', (event) => atlas.mistake(words(event.reason)));
  // Settings first: the window appears once, in its colours and widths.
  await atlas.prepare();
  mount(App, { target, props: { atlas } });
  await atlas.start();
} catch (error) {
  console.error(error);
  if (target.childElementCount === 0) mount(StartFailed, { target, props: { reason: words(error) } });
}

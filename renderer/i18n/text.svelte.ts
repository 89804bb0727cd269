// Every text of the window, by area. A second language is a second folder of the same shape and one line in `dictionaries`;
// components read `text.home.title` and follow the language because the getters read state.
import { capture } from './en/capture.ts';
import { common } from './en/common.ts';
import { completeness } from './en/completeness.ts';
import { connect } from './en/connect.ts';
import { errors } from './en/errors.ts';
import { exporting } from './en/exporting.ts';
import { home } from './en/home.ts';
import { inspector } from './en/inspector.ts';
import { namespaces } from './en/namespaces.ts';
import { network } from './en/network.ts';
import { shell } from './en/shell.ts';
import { shortcuts } from './en/shortcuts.ts';
import { trace } from './en/trace.ts';

const english = {
  capture,
  common,
  completeness,
  connect,
  errors,
  exporting,
  home,
  inspector,
  namespaces,
  network,
  shell,
  shortcuts,
  trace,
};
export type Messages = typeof english;
export type LanguageName = 'en';

const dictionaries: Readonly<Record<LanguageName, Messages>> = { en: english };

class Text implements Messages {
  #language = $state<LanguageName>('en');

  get language(): LanguageName {
    return this.#language;
  }
  use(language: LanguageName): void {
    this.#language = language;
  }

  get #messages(): Messages {
    return dictionaries[this.#language];
  }
  get capture() {
    return this.#messages.capture;
  }
  get common() {
    return this.#messages.common;
  }
  get completeness() {
    return this.#messages.completeness;
  }
  get connect() {
    return this.#messages.connect;
  }
  get errors() {
    return this.#messages.errors;
  }
  get exporting() {
    return this.#messages.exporting;
  }
  get home() {
    return this.#messages.home;
  }
  get inspector() {
    return this.#messages.inspector;
  }
  get namespaces() {
    return this.#messages.namespaces;
  }
  get network() {
    return this.#messages.network;
  }
  get shell() {
    return this.#messages.shell;
  }
  get shortcuts() {
    return this.#messages.shortcuts;
  }
  get trace() {
    return this.#messages.trace;
  }
}

export const text = new Text();

/** What people read, in their language. The files are text/en.json and text/zh.json, with the same keys. */
import { remembered, remember } from './settings.js';

export const LANGUAGES = { en: 'English', zh: '简体中文' };

let texts = {};
let language = 'en';

/** The language that was chosen here, or that the browser asks for. */
export function preferredLanguage() {
  const chosen = remembered('language');
  if (chosen in LANGUAGES) {
    return chosen;
  }
  return (navigator.languages ?? []).some((one) => one.startsWith('zh')) && !navigator.language.startsWith('en') ? 'zh' : 'en';
}

/** Reads the texts of a language, and has the document say that it is in it. */
export async function speak(wanted) {
  const response = await fetch(new URL(`./text/${wanted}.json`, import.meta.url));
  texts = await response.json();
  language = wanted;
  remember('language', wanted);
  document.documentElement.lang = wanted === 'zh' ? 'zh-Hans' : wanted;
}

export const currentLanguage = () => language;

/** The text of a key, with {names} replaced. */
export function t(key, values) {
  const text = texts[key] ?? key;
  return values ? text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole)) : text;
}

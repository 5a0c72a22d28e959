/** Begins the page. */
import { render } from '../lib/preact.js';
import { put } from './dom.js';
import { applyTheme } from './theme.js';
import { App } from './shell.js';
import { preferredLanguage, speak } from './text.js';

applyTheme();
await speak(preferredLanguage());
render(put(App), document.getElementById('app'));

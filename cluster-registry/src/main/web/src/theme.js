/** Light or dark: as the system has it, until somebody says otherwise. */
import { remember, remembered } from './settings.js';

export const THEMES = ['system', 'light', 'dark'];

export const currentTheme = () => (THEMES.includes(remembered('theme')) ? remembered('theme') : 'system');

export function applyTheme(theme = currentTheme()) {
  remember('theme', theme);
  if (theme === 'system') {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = theme;
  }
}

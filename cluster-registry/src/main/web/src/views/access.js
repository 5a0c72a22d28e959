/** The rules that decide what clients may publish and subscribe. */
import { put } from '../dom.js';
import { Setting } from '../versions.js';

export const Access = ({ parts, me }) => put(Setting, { name: 'access', base: ['access'], parts, me });

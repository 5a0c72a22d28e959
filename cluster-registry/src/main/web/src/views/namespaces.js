/** Which namespaces there are, and what each may have of the cluster. */
import { put } from '../dom.js';
import { Setting } from '../versions.js';

export const Namespaces = ({ parts, me }) => put(Setting, { name: 'namespaces', base: ['namespaces'], parts, me });

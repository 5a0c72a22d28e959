/** The views, in the order of the menu. */
import { Access } from './access.js';
import { AlarmCount, Alarms } from './alarms.js';
import { Api } from './api.js';
import { Audit } from './audit.js';
import { Bans } from './bans.js';
import { Busiest } from './busiest.js';
import { Clients } from './clients.js';
import { Configuration } from './configuration.js';
import { Explain } from './explain.js';
import { HoldOffs } from './holdoffs.js';
import { Namespaces } from './namespaces.js';
import { Nodes } from './nodes.js';
import { Overview } from './overview.js';
import { Publish } from './publish.js';
import { Retained } from './retained.js';
import { Sessions } from './sessions.js';
import { Shards } from './shards.js';
import { Traces } from './traces.js';

/** `ofWhole`: not for operators of one namespace; `forOperators`: not for viewers; `forAdmins`: for nobody else; `mark`: what stands beside it in the menu. */
export const VIEWS = [
  { name: 'overview', component: Overview, ofWhole: true },
  { name: 'alarms', component: Alarms, ofWhole: true, mark: AlarmCount },
  { name: 'nodes', component: Nodes, ofWhole: true },
  { name: 'clients', component: Clients },
  { name: 'sessions', component: Sessions },
  { name: 'retained', component: Retained },
  { name: 'busiest', component: Busiest },
  { name: 'shards', component: Shards, ofWhole: true },
  { name: 'explain', component: Explain },
  { name: 'traces', component: Traces, forOperators: true },
  { name: 'publish', component: Publish, forOperators: true },
  { name: 'mqtt', component: null },
  { name: 'access', component: Access, ofWhole: true },
  { name: 'bans', component: Bans, ofWhole: true },
  { name: 'holdoffs', component: HoldOffs, ofWhole: true },
  { name: 'namespaces', component: Namespaces, ofWhole: true },
  { name: 'configuration', component: Configuration, ofWhole: true },
  { name: 'audit', component: Audit, ofWhole: true, forAdmins: true },
  { name: 'api', component: Api },
];

// SPDX-License-Identifier: GPL-3.0-or-later
// The views, in the order of their tabs.

import type { MakeView } from '../app';
import type { ViewName } from '../route';
import { comparison } from './comparison';
import { machine } from './machine';
import { overview } from './overview';
import { suite } from './suite';
import { trends } from './trends';
import { workers } from './workers';

export const tabs: { view: ViewName; title: string; make: MakeView }[] = [
  { view: 'overview', title: 'Overview', make: overview },
  { view: 'trends', title: 'Trends', make: trends },
  { view: 'comparison', title: 'Comparison', make: comparison },
  { view: 'workers', title: 'Workers', make: workers },
  { view: 'suite', title: 'Suite', make: suite },
  { view: 'machine', title: 'Machine', make: machine },
];

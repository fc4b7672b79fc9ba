// SPDX-License-Identifier: GPL-3.0-or-later
// The views, in the order of their tabs.

import type { MakeView } from '../app';
import type { ViewName } from '../route';
import { overview } from './overview';
import { trends } from './trends';

export const tabs: { view: ViewName; title: string; make: MakeView }[] = [
  { view: 'overview', title: 'Overview', make: overview },
  { view: 'trends', title: 'Trends', make: trends },
];

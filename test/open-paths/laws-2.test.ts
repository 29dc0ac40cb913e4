import { describeLaws } from './describe-laws.ts';

describeLaws(1, 2);

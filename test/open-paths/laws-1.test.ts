import { describeLaws } from './describe-laws.ts';

describeLaws(0, 2);

import { describeFaults } from './under-faults.ts';

describeFaults(0, 4);

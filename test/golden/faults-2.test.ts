import { describeFaults } from './under-faults.ts';

describeFaults(1, 4);

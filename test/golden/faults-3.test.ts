import { describeFaults } from './under-faults.ts';

describeFaults(2, 4);

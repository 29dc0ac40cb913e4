import { describeFaults } from './under-faults.ts';

describeFaults(3, 4);

/** Gives way to every other process: for tests that only need time, beside tests that look at it. */
import { constants, setPriority } from 'node:os';

setPriority(constants.priority.PRIORITY_LOW);

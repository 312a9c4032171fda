/** As a Jest configuration names our reporter. */
export const ownReporter = 'jest-environment-live-worker/reporter';

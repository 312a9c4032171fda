/** Nothing needs to outlive a crash, and each test file may have a database with connections of its own. */
export const throwawaySettings: readonly string[] = Object.entries({
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '300',
}).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

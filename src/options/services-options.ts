/** Where a server comes from. */
export type ServiceSource = 'found' | 'private' | 'docker' | 'auto';

/** The servers the workers use, by their kinds. A kind that is left out is found where the workers' variables say. */
export interface ServicesOptions {
  readonly rabbitmq?: ServiceSource;
  readonly postgres?: ServiceSource;
}

/** Those by which a server may be started for the run. */
export const sourcesOfServers = ['private', 'docker', 'auto'] as const satisfies readonly ServiceSource[];

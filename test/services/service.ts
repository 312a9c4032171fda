export type SourceKind = 'found' | 'private' | 'install' | 'docker';

export interface ProvidedService {
  readonly kind: 'provided';
  /** What the command gets in the service's variable: a URL, a folder. */
  readonly value: string;
  readonly how: string;
  /** What commands of the service itself need to find it, beside that variable. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Ends what was started, drops what was created, says which; says nothing where there was nothing. */
  stop(): Promise<string>;
}

export interface UnavailableService {
  readonly kind: 'unavailable';
  readonly why: string;
}

export type ServiceAttempt = ProvidedService | UnavailableService;

export interface ServiceSource {
  readonly kind: SourceKind;
  provide(interruption: AbortSignal): Promise<ServiceAttempt>;
}

export interface ServiceRecipe {
  readonly name: string;
  readonly variable: string;
  readonly sources: readonly ServiceSource[];
  readonly advice: () => string;
  /** Makes out of the service what this run alone uses. */
  readonly refine?: (service: ProvidedService) => Promise<ProvidedService>;
}

export function unavailable(why: string): UnavailableService {
  return { kind: 'unavailable', why };
}

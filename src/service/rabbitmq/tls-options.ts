import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { rootCertificates } from 'node:tls';
import { LiveWorkerError } from '../../errors.ts';

/** What a worker trusts by its environment: file names, from its own folder. */
export interface TlsFiles {
  readonly cwd: string;
  /** NODE_EXTRA_CA_CERTS: besides the authorities everybody knows. */
  readonly extra?: string | undefined;
  /** SSL_CERT_FILE: instead of them. */
  readonly instead?: string | undefined;
}

interface TlsOptions {
  readonly ca?: string[];
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly rejectUnauthorized?: boolean;
  readonly servername?: string;
}

export function tlsFilesOf(env: Readonly<Record<string, string | undefined>>, cwd: string): TlsFiles {
  return { cwd, extra: env.NODE_EXTRA_CA_CERTS, instead: env.SSL_CERT_FILE };
}

/** As RabbitMQ's URIs, Celery, aio-pika and pika name them; the first that is there counts. */
const parameters = {
  authority: ['cacertfile', 'cafile', 'ca_certs', 'ssl_ca_certs'],
  certificate: ['certfile', 'ssl_certfile'],
  key: ['keyfile', 'ssl_keyfile'],
  verify: ['verify', 'ssl_cert_reqs', 'cert_reqs'],
  server: ['server_name_indication', 'server_hostname'],
} as const;

/** True for what in the query of an AMQP URL is about TLS. */
export function isTlsParameter(name: string): boolean {
  return (
    Object.values(parameters).some(names => names.some(known => known === name)) ||
    ['ssl', 'ssl_options', 'no_verify_ssl'].includes(name)
  );
}

/**
 * The options of `tls.connect` for the query of an AMQP URL and the files the worker's environment names.
 *
 * Source of the names: RabbitMQ manual, "URI Query Parameters".
 *
 * @throws SERVICE_UNAVAILABLE for a file that cannot be read
 */
export function tlsOptions(urlQuery: URLSearchParams, files: TlsFiles = { cwd: '.' }): TlsOptions {
  const query = withPythonOptions(urlQuery);
  const given = (names: readonly string[]) => {
    const name = names.find(candidate => query.get(candidate));
    return name === undefined ? undefined : { name, path: query.get(name) as string };
  };
  const read = (source: Source | undefined) => source && readFile(source, files.cwd);
  const certificate = given(parameters.certificate);
  const ca = authorities(read(given(parameters.authority)), files);
  const cert = read(certificate);
  const key = read(given(parameters.key) ?? certificate);
  const servername = given(parameters.server)?.path;
  return {
    ...(ca ? { ca } : {}),
    ...(cert ? { cert } : {}),
    ...(key ? { key } : {}),
    ...(servername === undefined || servername === 'disable' ? {} : { servername }),
    ...(isUnverified(query, given(parameters.verify)?.path) ? { rejectUnauthorized: false } : {}),
  };
}

interface Source {
  /** The parameter or the variable. */
  readonly name: string;
  readonly path: string;
}

/** pika takes a dictionary of Python: `ssl_options={'ca_certs': '/ca.pem'}`. */
function withPythonOptions(query: URLSearchParams): URLSearchParams {
  const pairs = (query.get('ssl_options') ?? '').matchAll(/(['"])(\w+)\1\s*:\s*(['"])(.*?)\3/g);
  const all = new URLSearchParams(query);
  for (const [, , name = '', , value = ''] of pairs) all.append(name, value);
  return all;
}

/** A file of the URL is meant for this broker alone; one of the environment goes with what everybody trusts, or for it. */
function authorities(ofUrl: Buffer | undefined, { cwd, extra, instead }: TlsFiles): string[] | undefined {
  if (ofUrl) return [ofUrl.toString()];
  const more = extra ? [readFile({ name: 'NODE_EXTRA_CA_CERTS', path: extra }, cwd).toString()] : [];
  if (instead) return [readFile({ name: 'SSL_CERT_FILE', path: instead }, cwd).toString(), ...more];
  return more.length === 0 ? undefined : [...rootCertificates, ...more];
}

function isUnverified(query: URLSearchParams, verify: string | undefined): boolean {
  return /^(verify_none|cert_none|none|0|false)$/i.test(verify ?? '') || query.get('no_verify_ssl') === '1';
}

function readFile({ name, path }: Source, cwd: string): Buffer {
  try {
    return readFileSync(resolve(cwd, path));
  } catch (error) {
    const { code = 'no code' } = error as NodeJS.ErrnoException;
    throw new LiveWorkerError(
      'SERVICE_UNAVAILABLE',
      `Cannot read "${path}", the TLS file that ${name} names (${code})`,
      { details: { name, path } },
    );
  }
}

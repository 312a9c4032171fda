import { constants } from 'node:os';
import type { CommandContext } from '../../src/command/command-result.ts';
import { createProgram } from '../../src/command/create-program.ts';
import { exitCodes } from '../../src/command/exit-codes.ts';
import { errorCodes } from '../../src/errors.ts';
import { completeProbe } from '../../src/options/complete-probe.ts';
import { parseOptions } from '../../src/options/parse-options.ts';
import type { ProbeOptions } from '../../src/options/probe-options.ts';
import { exportedNames, interfaceMembers } from './compiler.ts';
import { manual, tableRows } from './read-readme.ts';

describe('the reference', () => {
  const worker = { command: ['worker'], ready: [] };

  test('the errors are those of errorCodes, in the same order', () => {
    expect(tableRows('code').map(([code]) => code)).toEqual(
      Object.keys(errorCodes).map(code => `\`${code}\``),
    );
  });

  test('the exit codes are those of the command', () => {
    const documented = tableRows('exit code').flatMap(([codes = '']) => codes.split(', '));
    const signalled = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const;
    expect(documented).toEqual([
      ...Object.values(exitCodes).map(String),
      ...signalled.map(name => String(128 + constants.signals[name])),
      'any',
    ]);
  });

  test('the commands are those of the program, with their options', () => {
    const { commands } = createProgram({} as CommandContext, { json: false, write() {}, onResult() {} });
    const cells = tableRows('command').map(([cell = '']) => cell);
    const named = cells.flatMap(cell => /^`([\w-]+)/.exec(cell)?.[1] ?? []);
    expect(new Set(named)).toEqual(new Set(commands.map(command => command.name())));
    const options = new Set(commands.flatMap(command => command.options.map(({ long }) => long ?? '')));
    expect([...options].filter(option => !manual.includes(`${option}`))).toEqual([]);
    const mentioned = cells.join(' ').match(/--[\w-]+/g) ?? [];
    expect(mentioned.filter(option => !options.has(option))).toEqual([]);
  });

  test('the options are those of the types', () => {
    const members = interfaceMembers('options.ts');
    const stop = members.get('StopOptions')?.map(name => `stop.${name}`) ?? [];
    const restart = members.get('RestartLimitOptions')?.map(name => `restartLimit.${name}`) ?? [];
    expect(names(tableRows('option', 0))).toEqual(members.get('LiveWorkersOptions'));
    expect(names(tableRows('option', 1)).toSorted()).toEqual(
      [...(members.get('WorkerOptions') ?? []), ...stop, ...restart].toSorted(),
    );
  });

  test('the options of isolate are those of the types', () => {
    const members = interfaceMembers('isolate-options.ts');
    const of = (name: string, prefix: string) =>
      (members.get(name) ?? []).map(option => `${prefix}${option}`);
    expect(names(tableRows('`isolate`')).toSorted()).toEqual(
      [
        ...of('IsolateOptions', ''),
        ...of('IsolatePostgresOptions', 'postgres.'),
        ...of('IsolateRabbitmqOptions', 'rabbitmq.'),
      ].toSorted(),
    );
    const { isolate } = parseOptions({ workers: { ops: worker }, isolate: true });
    expect(defaults(tableRows('`isolate`'))).toEqual({
      keepFailed: isolate?.keepFailed,
      spare: isolate?.spare,
    });
  });

  test('the options have these defaults', () => {
    const spec = parseOptions({ workers: { ops: worker } });
    const [ops] = spec.workers;
    expect(defaults(tableRows('option', 0))).toEqual({
      gate: spec.gate,
      keepAliveMs: spec.keepAliveMs,
      startTimeoutMs: ops?.startTimeoutMs,
      tap: ops?.tap,
      coverage: ops?.coverage,
      otel: ops?.otel,
    });
    expect(defaults(tableRows('option', 1))).toEqual({
      shell: ops?.shell,
      inherit: ops?.inherit,
      stdin: ops?.stdin,
      scope: ops?.scope,
      leftover: ops?.leftover,
      startTimeoutMs: ops?.startTimeoutMs,
      'stop.signal': ops?.stop.signal,
      'stop.graceMs': ops?.stop.graceMs,
      onExit: ops?.onExit,
      'restartLimit.count': ops?.restartLimit.count,
      'restartLimit.withinMs': ops?.restartLimit.withinMs,
      tap: ops?.tap,
      coverage: ops?.coverage,
      otel: ops?.otel,
      echo: ops?.echo,
      attach: ops?.attach,
    });
  });

  test('the probes are those of the types, with their options', () => {
    const members = interfaceMembers('probe-options.ts');
    const probes = [...members].filter(([name]) => name.endsWith('ProbeOptions'));
    const written = new Map(probeCalls().map(({ kind, parameters }) => [kind, words(parameters).toSorted()]));
    expect(written).toEqual(
      new Map(
        probes.map(([name, options]) => {
          const kind = name.replace('ProbeOptions', '').toLowerCase();
          const own = options.filter(option => option !== 'kind').map(option => renamed(kind, option));
          return [kind, own.toSorted()];
        }),
      ),
    );
  });

  test('the probes have these defaults', () => {
    for (const { kind, parameters } of probeCalls()) {
      const written = [...parameters.matchAll(/(\w+) = ([^,} ]+)/g)].map(([, name = '', value = '']) => [
        name,
        JSON.parse(value.replaceAll("'", '"')),
      ]);
      const complete = completeProbe({ kind } as ProbeOptions);
      const filled = Object.entries(complete).filter(
        ([name]) =>
          !['kind', 'share', 'purge', 'connection'].includes(name) &&
          !(kind === 'rabbitmq' && name === 'strangers'),
      );
      expect({ kind, ...Object.fromEntries(written) }).toEqual({ kind, ...Object.fromEntries(filled) });
    }
  });

  test.each(['index', 'config', 'fixtures'] as const)('every export of %s.ts is mentioned', door => {
    const exported = exportedNames(door).filter(name => name !== 'default');
    expect(exported.length).toBeGreaterThan(4);
    expect(exported.filter(name => !new RegExp(`\`[^\`\n]*\\b${name}\\b`).test(manual))).toEqual([]);
  });
});

function names(rows: readonly (readonly string[])[]): readonly string[] {
  return rows.map(([cell = '']) => cell.replaceAll('`', ''));
}

/** The values in the second column, save for those in words. */
function defaults(rows: readonly (readonly string[])[]): Record<string, unknown> {
  const values = rows.map(
    ([name = '', cell = '']) => [name.replaceAll('`', ''), defaultValue(cell)] as const,
  );
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

function defaultValue(cell: string): unknown {
  if (/^\d[\d ]*$/.test(cell)) return Number(cell.replaceAll(' ', ''));
  if (cell === '`false`') return false;
  return /^`'(.*)'`$/.exec(cell)?.[1];
}

function probeCalls(): readonly { readonly kind: string; readonly parameters: string }[] {
  return tableRows('probe').map(([cell = '']) => {
    const [, kind = '', parameters = ''] = /^`(\w+)\((.*)\)`$/.exec(cell) ?? [];
    return { kind, parameters };
  });
}

/** The names in `{ host = '127.0.0.1', port }`. */
function words(parameters: string): readonly string[] {
  return (parameters.replace(/= [^,}]+/g, '').match(/\w+/g) ?? []).map(word => word);
}

/** The probe `command` calls its first parameter something else than its option. */
function renamed(kind: string, option: string): string {
  return kind === 'command' && option === 'command' ? 'words' : option;
}

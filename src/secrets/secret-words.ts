import { isSecretName } from './secret-names.ts';

/** A word of a command that ends in a secret by what stands before it. */
export interface SecretWord {
  readonly before: string;
  /** Of the option or the variable; it promises a secret. */
  readonly name: string;
  readonly secret: string;
}

/** Undefined for a word of which its place says nothing; there may be a secret in it all the same. */
export function secretWord(words: readonly string[], index: number): SecretWord | undefined {
  const word = words[index] ?? '';
  return assignment(word) ?? valueOfOption(words[index - 1] ?? '', word) ?? shortOption(words, index);
}

/** `--password=x`, `PGPASSWORD=x` as docker's -e takes it, `--env=PGPASSWORD=x`, `-ePGPASSWORD=x`. */
function assignment(word: string): SecretWord | undefined {
  const [, before = '', name = '', secret = ''] =
    /^((?:--?[\w-]+=|-[a-z](?=[A-Z]))?-{0,2}([\w-]+)=)(.*)$/s.exec(word) ?? [];
  return isSecretName(name) && secret !== '' ? { before, name, secret } : undefined;
}

function valueOfOption(option: string, word: string): SecretWord | undefined {
  const name = /^--?([\w-]+)$/.exec(option)?.[1] ?? '';
  return isSecretName(name) && word !== '' && !word.startsWith('-')
    ? { before: '', name, secret: word }
    : undefined;
}

/** Programs that take a password by an option of one letter, behind it or as the next word; curl's is `user:password`. */
const clients: readonly { readonly program: RegExp; readonly option: RegExp; readonly isAttached?: true }[] =
  [
    { program: /^(?:mysql|mariadb)[\w-]*$/, option: /^-p$/, isAttached: true },
    {
      program: /^(?:sshpass|mongo|mongosh|mongodump|mongorestore|rabbitmqadmin|docker|podman)$/,
      option: /^-p$/,
    },
    { program: /^redis-cli$/, option: /^-a$/ },
    { program: /^curl$/, option: /^(?:-u|--user|-U|--proxy-user)$/ },
  ];

function shortOption(words: readonly string[], index: number): SecretWord | undefined {
  const earlier = words.slice(0, index).map(word => word.replace(/^.*[\\/]/, ''));
  const client = clients.find(({ program }) => earlier.some(word => program.test(word)));
  if (!client) return undefined;
  const word = words[index] ?? '';
  const attached = client.option.test(word.slice(0, 2)) && word.length > 2 ? word.slice(0, 2) : '';
  const isNext = !client.isAttached && client.option.test(words[index - 1] ?? '');
  if (attached === '' && !isNext) return undefined;
  return split(client.program.test('curl') ? /^([^:]*:)(.+)$/s : /^()(.+)$/s, attached, word);
}

function split(pattern: RegExp, attached: string, word: string): SecretWord | undefined {
  const [, user = '', secret] = pattern.exec(word.slice(attached.length)) ?? [];
  // A port of docker's, `-p 8080:80`, is no password.
  if (secret === undefined || /^[\d.:]+(?:\/(?:tcp|udp))?$/.test(word.slice(attached.length)))
    return undefined;
  return { before: attached + user, name: 'password', secret };
}

import { isCommonWord, isSecretName, isSecretWord } from './secret-names.ts';

/** One way in which a secret stands in a text. */
export interface SecretRule {
  /** With the groups `before`, kept as it is, `value`, and where it tells, `name`. */
  readonly pattern: RegExp;
  isSecret(match: Readonly<Record<string, string | undefined>>): boolean;
}

const byWord: SecretRule['isSecret'] = ({ name = '' }) => isSecretWord(name);
const always = () => true;

/** `password=x`, `password = 'it\'s x'` as in libpq's connection strings, `-e PGPASSWORD=x`. */
const keyword: SecretRule = {
  pattern:
    /(?<before>(?<![?&;\w-])(?<name>[\w-]{1,60})\s*=(?!>[\s'":])\s*)(?<value>'(?:\\.|[^'\\])*'?|"(?:\\.|[^"\\])*"?|(?:\\.|[^\s\\'"])(?:\\.|[^\s\\])*)/gs,
  isSecret: ({ name = '', value = '' }) =>
    isSecretWord(name) && !(/^[A-Z\d_]+$/.test(name) && isCommonWord(value)),
};

/** A member of JSON, of a literal of JavaScript or Python, at any depth. */
const member: SecretRule = {
  pattern:
    /(?<before>(?<quote>["'])(?<name>[\w.-]{1,60})\k<quote>\s*:\s*(?<open>["']))(?<value>(?:\\.|(?!\k<open>)[^\\])+)/gs,
  isSecret: ({ name = '' }) => isSecretName(name),
};

/** The same in JSON that stands in a text of JSON, however often. */
const escapedMember: SecretRule = {
  pattern:
    /(?<before>(?<quote>\\+["'])(?<name>[\w.-]{1,60})\k<quote>\s*:\s*\k<quote>)(?<value>(?:(?!(?<!\\)\k<quote>)[^\n])+)/g,
  isSecret: ({ name = '' }) => isSecretName(name),
};

/** `"password": 1234`, `"secrets": ["a", "b"]`, `"credentials": {"value": "x"}`. */
const bareMember: SecretRule = {
  pattern:
    /(?<before>(?<quote>\\*["'])(?<name>[\w.-]{1,60})\k<quote>\s*:\s*)(?<value>\[[^[\]]*\]|\{[^{}]*\}|[^\s,}\]"'\\[{]+)/g,
  isSecret: ({ name = '', value = '' }) =>
    isSecretWord(name) && !/^(?:true|false|null|none|\d{1,3})$/i.test(value),
};

/** `:password=>"x"` of Ruby, `'password' => 'x'` of PHP; not the arrow of a function. */
const arrowMember: SecretRule = {
  pattern:
    /(?<before>(?<![\w-])(?<name>[\w-]{1,60})["']?\s*=>\s*)(?<value>'(?:\\.|[^'\\\n])*'?|"(?:\\.|[^"\\\n])*"?|:[\w"]\S*?(?=[,})\]\s]|$))/g,
  isSecret: byWord,
};

/** `--password x` in a command line that is told, and in a list of its words. */
const option: SecretRule = {
  pattern:
    /(?<before>(?<![\w-])--(?<name>[\w-]{1,60})(?:[ \t]+|["'],[ \t]*["']))(?<value>(?!(?:a|an|and|argument|can|cannot|expects?|flag|for|from|has|if|in|is|must|needs?|not|option|or|requires?|the|to|was|with)\b|[A-Z_]+(?![\w-]))(?:"[^"\n]*"|'[^'\n]*'|[^\s"',;:()[\]{}<>$-][^\s"',\]]*))/g,
  isSecret: byWord,
};

/** A line of YAML, and a member whose name has no quotes: `{ user: 'x', password: 'y' }`. */
const namedLine: SecretRule = {
  pattern:
    /(?<before>(?:^|[{,(])[ \t]*(?:- )?(?<name>[A-Za-z][\w.-]{0,60}):[ \t]+)(?<value>'(?:\\.|[^'\\\n])*'?|"(?:\\.|[^"\\\n])*"?|[^\s,}"')[{]+(?=[ \t]*(?:[,})\0-\x1f]|$)))/gm,
  isSecret: byWord,
};

/** `X-Api-Key: x`, `'Cookie', 'a=b; c=d'` as Node lists headers, `Authorization: Bearer x`. */
const header: SecretRule = {
  pattern:
    /(?<before>(?<![\w-])(?:(?:proxy-)?authorization|(?:set-)?cookie|(?:x-[\w-]{0,40})?(?:api-?key|auth-token|access-token|secret|token|password)|x-[\w-]{0,40}(?:key|auth|signature))(?:\\*["'][ \t]*[:,]|[ \t]*:)[ \t]*[[\\"']*(?:(?:bearer|basic|token|negotiate|apikey|aws4-hmac-sha256)[ \t]+)?)(?<value>digest[ \t][^\n]+|[^\s"'\\[\]{};]+(?:;[ \t]*[^\s"'\\[\]{};]+)*)/gi,
  isSecret: ({ value = '' }) => /[\d=+/]|[a-z][A-Z]/.test(value) || value.length >= 12,
};

const bearer: SecretRule = {
  pattern: /(?<before>\b(?:bearer|basic)\s+)(?<value>[\w.~+/-]{8,}=*)/gi,
  isSecret: ({ value = '' }) => /\d|=|[a-z][A-Z]/.test(value) || value.length >= 20,
};

/** `machine h login u password x`; its lines may stand alone. */
const netrc: SecretRule = {
  pattern:
    /(?<before>\blogin\s+\S+\s+(?:account\s+\S+\s+)?password\s+|^[ \t]*password[ \t]+(?=\S+\s*$))(?<value>(?!(?:authentication|incorrect|required|is|was|for|has|must|not|wrong|invalid|expired|mismatch)\b)\S+)/gm,
  isSecret: always,
};

/** Clients that take a password by a short option. */
const shortOption: SecretRule = {
  pattern:
    /(?<before>\b(?:(?:mysql|mariadb)[\w-]*(?=[ \t])(?:[ \t]+(?!-p)[^\s;|&]+){0,30}[ \t]+-p|(?:sshpass|mongo(?:sh|dump|restore)?|rabbitmqadmin|docker[ \t]+login)(?=[ \t])(?:[ \t]+(?!-p)[^\s;|&]+){0,30}[ \t]+-p[ \t]*|redis-cli(?=[ \t])(?:[ \t]+(?!-a)[^\s;|&]+){0,30}[ \t]+-a[ \t]*|curl(?=[ \t])(?:[ \t]+(?!-u|--user\b|--proxy-user\b)[^\s;|&]+){0,30}[ \t]+(?:-u|--user|--proxy-user)[ \t=]*[^\s:'"]+:))(?<value>'[^'\n]*'?|"[^"\n]*"?|[^\s'"]+)/g,
  isSecret: always,
};

/** Tokens that tell by their shape whose they are. */
const shaped: SecretRule = {
  pattern:
    /(?<before>(?<![\w-]))(?<value>gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abeprs]-[\w-]{10,}|sk-[\w-]{20,}|npm_[A-Za-z\d]{36}|AKIA[A-Z\d]{16}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*)/g,
  isSecret: always,
};

export const secretRules: readonly SecretRule[] = [
  header,
  keyword,
  member,
  escapedMember,
  bareMember,
  arrowMember,
  option,
  namedLine,
  bearer,
  netrc,
  shortOption,
  shaped,
];

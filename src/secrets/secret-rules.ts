import { isCommonWord, isSecretName, isSecretWord, textWords } from './secret-names.ts';

/** One way in which a secret stands in a text. */
export interface SecretRule {
  /** With the groups `before`, kept as it is, `value`, and where it tells, `name`. */
  readonly pattern: RegExp;
  isSecret(match: Readonly<Record<string, string | undefined>>): boolean;
}

const byWord: SecretRule['isSecret'] = ({ name = '', value = '' }) => isSecretWord(name) && !isPlain(value);
const always = () => true;

/** `password=x`, `password = 'it\'s x'` as in libpq's connection strings, `-e PGPASSWORD=x`, `env['API_KEY'] = 'x'`. */
const keyword: SecretRule = keywordOf(textWords.source, 'gis');
const keywordInCapitals: SecretRule = keywordOf('KEY|AUTH|PRIVATE|COOKIE|SESSION|DSN|SIGNATURE', 'gs');

/** Another name is not even looked at, because a secret may stand behind it: `client = connect(password="x")`. */
function keywordOf(words: string, flags: string): SecretRule {
  const name = String.raw`(?<![?&;\w-])(?<name>(?=[\w-]{0,60}?(?:${words}))[\w-]{1,60})`;
  const value = String.raw`'(?:\\.|[^'\\])*'?|"(?:\\.|[^"\\])*"?|(?:\\.|[^\s\\'"])(?:\\.|[^\s\\])*`;
  return {
    pattern: new RegExp(String.raw`(?<before>${name}(?:["']\])?\s*=(?![=>])\s*)(?<value>${value})`, flags),
    isSecret: ({ name = '', value = '' }) =>
      isSecretWord(name) && !(/^[A-Z\d_]+$/.test(name) && isCommonWord(value)),
  };
}

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

/** `"password": 1234`, `"secrets": ["a", "b"]`, `"credentials": {"value": "x"}`; a word behind it may be prose: `worker "token-mailer": it exited`. */
const bareMember: SecretRule = {
  pattern:
    /(?<before>(?<quote>\\*["'])(?<name>[\w.-]{1,60})\k<quote>\s*:\s*)(?<value>\[[^[\]]*\]|\{[^{}]*\}|-?\d[^\s,}\]"'\\[{]*)/g,
  isSecret: byWord,
};

/** A line of YAML, and a member whose name has no quotes: `{ user: 'x', password: 'y' }`. */
const namedLine: SecretRule = {
  pattern:
    /(?<before>(?:^|[{,(])[ \t]*(?:- )?(?<name>[A-Za-z][\w.-]{0,60}):[ \t]+)(?<value>'(?:\\.|[^'\\\n])*'?|"(?:\\.|[^"\\\n])*"?|[^\s,}"')[{]+(?=[ \t]*(?:[,})\0-\x1f]|$)))/gm,
  isSecret: byWord,
};

/** `"password": x` where only its place tells it from prose: at the beginning of a line or of a member, and nothing behind it. */
const quotedName: SecretRule = {
  pattern:
    /(?<before>(?:^|[{,(])[ \t]*(?:- )?(?<quote>["'])(?<name>[\w.-]{1,60})\k<quote>:[ \t]*)(?<value>[^\s,}"')[{]+(?=[ \t]*(?:[,})\0-\x1f]|$)))/gm,
  isSecret: byWord,
};

/** `'password' => 'x'` of a Map of Node, of PHP; `[password] => x`, `:password=>"x"` of Ruby. */
const arrow: SecretRule = {
  pattern:
    /(?<before>(?:["'[]|(?<![\w:]):)(?<name>[\w.-]{1,60})["'\]]{0,2}\s*=>\s*)(?<value>'(?:\\.|[^'\\\n])*'?|"(?:\\.|[^"\\\n])*"?|[^\s,}"')[{]+)/g,
  isSecret: byWord,
};

/** `password => "x"` without any sign before it; without quotes behind it, it would be the arrow of a function. */
const bareArrow: SecretRule = {
  pattern:
    /(?<before>(?<![\w:-])(?<name>[\w-]{1,60})\s*=>\s*)(?<value>'(?:\\.|[^'\\\n])*'?|"(?:\\.|[^"\\\n])*"?)/g,
  isSecret: byWord,
};

/** `['dump', '--password', 'x']`, as a language shows the words of a command. */
const listedOption: SecretRule = {
  pattern:
    /(?<before>["']--(?<name>[\w-]{1,60})["'],\s*(?<open>["']))(?<value>(?:\\.|(?!\k<open>)[^\\\n])+)/g,
  isSecret: byWord,
};

/** `<password>x</password>`. */
const element: SecretRule = {
  pattern: /(?<before><(?<name>[\w.:-]{1,60})>)(?<value>[^<\n]+)(?=<\/\k<name>>)/g,
  isSecret: byWord,
};

/** `--password x` in a text, where a plain word may go on with a sentence: `--token is needed`. */
const option: SecretRule = {
  pattern:
    /(?<before>(?<!\S)--(?<name>[\w-]{1,60})[ \t]+)(?<value>'[^'\n]*'?|"[^"\n]*"?|(?=\S*\d|\S*[a-z][A-Z])[^\s'"-]\S*)/g,
  isSecret: byWord,
};

/** `{"name": "DB_PASSWORD", "value": "x"}`, as containers are given their variables. */
const namedValue: SecretRule = {
  pattern:
    /(?<before>(?<quote>\\*["'])name\k<quote>\s*:\s*\k<quote>(?<name>[\w.-]{1,60})\k<quote>\s*,\s*\k<quote>value\k<quote>\s*:\s*\k<quote>)(?<value>(?:(?!(?<!\\)\k<quote>)[^\n])+)/gi,
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

/** `ALTER ROLE a PASSWORD 'x'`, `IDENTIFIED BY 'x'`. */
const statement: SecretRule = {
  pattern: /(?<before>\b(?:password|identified\s+by)\s+)(?<value>'(?:''|[^'])*'?)/gi,
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
    /(?<before>(?<![\w-]))(?<value>gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abeprs]-[\w-]{10,}|sk-[\w-]{20,}|[rs]k_(?:live|test)_\w{10,}|AIza[\w-]{35}|hvs\.[\w-]{20,}|npm_[A-Za-z\d]{36}|AKIA[A-Z\d]{16}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*)/g,
  isSecret: always,
};

export const secretRules: readonly SecretRule[] = [
  header,
  keyword,
  keywordInCapitals,
  member,
  escapedMember,
  bareMember,
  namedLine,
  quotedName,
  arrow,
  bareArrow,
  namedValue,
  element,
  option,
  listedOption,
  bearer,
  netrc,
  statement,
  shortOption,
  shaped,
];

/** What says that there is one, or counts. */
function isPlain(value: string): boolean {
  return /^(?:true|false|null|none|\d{1,3})$/i.test(value);
}

import { maskSecrets } from '../../src/secrets/mask-secrets.ts';

test.each([
  ['amqp://guest:secret@localhost:5672/vhost', 'amqp://guest:***@localhost:5672/vhost'],
  ['amqp://guest:s@cret/x@localhost', 'amqp://guest:***@localhost'],
  ['postgres://localhost/db?password=secret&a=1', 'postgres://localhost/db?password=***&a=1'],
  ['host=localhost passwd=secret user=me', 'host=localhost passwd=*** user=me'],
  ['--token=secret', '--token=***'],
  ['http://localhost:3000/health', 'http://localhost:3000/health'],
  ['amqp://guest@localhost', 'amqp://guest@localhost'],
  ['a:b@c', 'a:b@c'],
  ['docker run -e PGPASSWORD=s3cret x', 'docker run -e PGPASSWORD=*** x'],
  ['Authorization: Bearer s3cret.x', 'Authorization: Bearer ***'],
  ['> Proxy-Authorization: Basic dXNlcjpwYXNz', '> Proxy-Authorization: Basic ***'],
  ['Authorization: Digest username="u", response="s"', 'Authorization: ***'],
  ['X-Api-Key: s3cret', 'X-Api-Key: ***'],
  ['Set-Cookie: id=s3cret; Path=/', 'Set-Cookie: ***'],
  ["[ 'X-Api-Key', 's3cret' ]", "[ 'X-Api-Key', '***' ]"],
  ['sent bearer s3cretXY', 'sent bearer ***'],
  ['machine h login u password secret', 'machine h login u password ***'],
  ["ALTER ROLE a PASSWORD 'it''s secret' LOGIN", 'ALTER ROLE a PASSWORD *** LOGIN'],
  ["CREATE USER a IDENTIFIED BY 'secret';", 'CREATE USER a IDENTIFIED BY ***;'],
  ['mysqldump -h h -u u -psecret db', 'mysqldump -h h -u u -p*** db'],
  ['redis-cli -a secret ping', 'redis-cli -a *** ping'],
  ['curl -s -u me:secret http://h', 'curl -s -u me:*** http://h'],
  ['{"db":{"password":"se\\"cret","n":1}}', '{"db":{"password":"***","n":1}}'],
  ['"{\\"db\\":{\\"password\\":\\"secret\\"}}"', '"{\\"db\\":{\\"password\\":\\"***\\"}}"'],
  [`{'password': 'secret', 'n': 1}`, `{'password': '***', 'n': 1}`],
  ['{"passwords": ["a", "b"], "n": 1}', '{"passwords": ***, "n": 1}'],
  ['{"password": 123456}', '{"password": ***}'],
  ["{ user: 'u', password: 'secret' }", "{ user: 'u', password: *** }"],
  ['  password: secret', '  password: ***'],
  ["Map(1) { 'password' => 'secret' }", "Map(1) { 'password' => *** }"],
  ['    [password] => secret', '    [password] => ***'],
  ['{:password=>"secret", "n"=>1}', '{:password=>***, "n"=>1}'],
  ['<server><password>secret</password></server>', '<server><password>***</password></server>'],
  ['+ migrate --password s3cret --yes', '+ migrate --password *** --yes'],
  ['AccountName=a;AccountKey=abcd1234==;Endpoint=x', 'AccountName=a;AccountKey=***'],
  ['{:password=>"s3cret", :n=>1}', '{:password=>***, :n=>1}'],
  ['{"password" => "secret", "n" => 1}', '{"password" => ***, "n" => 1}'],
  ["    'db_password' => 'se\\'cret',", "    'db_password' => ***,"],
  ['password => "secret"', 'password => ***'],
  ['{:token=>:secret, :n=>1}', '{:token=>***, :n=>1}'],
  ['psql --password s3cret -h h', 'psql --password *** -h h'],
  ['+ deploy --api-key "s3 cret" now', '+ deploy --api-key *** now'],
  ["Command '['dump', '--password', 's3cret']' returned", "Command '['dump', '--password', '***']' returned"],
  ['client = connect(password="s3cret", host="h")', 'client = connect(password=***, host="h")'],
  ['dsn = "host=h password=s3cret"', 'dsn = "host=h password=***'],
  ["os.environ['API_KEY'] = 'secret'", "os.environ['API_KEY'] = ***"],
  [
    '[{"name":"DB_PASSWORD","value":"secret"},{"name":"N","value":"1"}]',
    '[{"name":"DB_PASSWORD","value":"***"},{"name":"N","value":"1"}]',
  ],
  ['charged with sk_live_abcdefghijkl', 'charged with ***'],
  ['  "password": secret', '  "password": ***'],
  ["{'user': u, 'password': secret}", "{'user': u, 'password': ***}"],
  ['clone with ghp_abcdefghijklmnopqrstuvwx', 'clone with ***'],
  ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-def', '***'],
])('maskSecrets() turns %s into %s', (text, masked) => {
  expect(maskSecrets(text)).toBe(masked);
});

test.each([
  'FATAL:  password authentication failed for user "ops"',
  'SyntaxError: Unexpected token } in JSON at position 1',
  'Tests:       3 passed, 12 total, bypass=1, passed: 3',
  'max_tokens=4096 token_ttl=300 sort_key=name author=jane',
  'KeyError: "SECRET_KEY"',
  'PWD=/home/x OLDPWD=/',
  'docker run -d -p 5672:5672 -e POSTGRES_PASSWORD=postgres postgres:17',
  'basic authentication is off, no bearer token was given',
  'Error: connect ECONNREFUSED 127.0.0.1:5432',
  'mkdir -p /var/log; mysql starts',
  '    at Injector.lookup (/app/node_modules/@nestjs/core/injector.js:471:19)',
  'Cannot start worker "ops": it exited with code 1 before it was ready',
  'Cannot start worker "password-mailer": it exited with code 1 before it was ready',
  'worker "token-refresher": ready, pid 4711',
  'queue "reset-passwords": empty, 1 consumer',
  'tokens.map(token => token.id), passwords => 1',
  'error: option --token is needed, or --password-file FILE',
  'debug: {"hasPassword": true, secret: false, token: null}',
  'ids = tokens.map(token => token.value)',
  'const read = secret => { return secret; }',
  'usage: deploy [--token TOKEN] [--password <password>] --api-key=',
  'error: the following arguments are required: --token, --password',
  '--password is required, --token must be set; --api-key option expects a value',
  'error: argument --token: expected one argument',
])('maskSecrets() leaves alone: %s', text => {
  expect(maskSecrets(text)).toBe(text);
});

test('maskSecrets() takes linear time', () => {
  const text = '://a:password'.repeat(20_000);
  const start = performance.now();
  maskSecrets(text);
  expect(performance.now() - start).toBeLessThan(5_000);
});

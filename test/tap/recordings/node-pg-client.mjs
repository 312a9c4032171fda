// One connection of node-pg: simple and prepared queries, a transaction, errors, notifications. Ends by itself.
import pg from 'pg';

const database = new pg.Client({ connectionString: process.env.DATABASE_URL });
await database.connect();
await database.query('CREATE TEMP TABLE taped (id int PRIMARY KEY, note text)');
await database.query({ name: 'add', text: 'INSERT INTO taped VALUES ($1, $2)', values: [1, 'a note'] });
await database.query({ name: 'add', text: 'INSERT INTO taped VALUES ($1, $2)', values: [2, 'b'] });
await database
  .query({ name: 'add', text: 'INSERT INTO taped VALUES ($1, $2)', values: [1, 'twice'] })
  .catch(() => {});
await database.query('BEGIN');
await database.query('SELECT * FROM missing').catch(() => {});
await database.query('COMMIT');
await database.query('LISTEN taped');
const heard = new Promise(resolve => database.once('notification', resolve));
await database.query("NOTIFY taped, 'hello'");
await heard;
await database.query('SELECT id, note FROM taped WHERE id < $1', [10]);
await database.end();

"""One connection of psycopg2, thus libpq: COPY both ways, a transaction, an error. Asks for encryption first. Ends by itself."""

import io
import os

import psycopg2

database = psycopg2.connect(os.environ["DATABASE_URL"], sslmode="prefer")
with database, database.cursor() as cursor:
    cursor.execute("CREATE TEMP TABLE taped (id int, note text)")
    cursor.copy_expert("COPY taped FROM STDIN", io.StringIO("".join(f"{n}\tnote {n}\n" for n in range(40))))
    out = io.StringIO()
    cursor.copy_expert("COPY taped TO STDOUT", out)
    assert len(out.getvalue().splitlines()) == 40
try:
    with database, database.cursor() as cursor:
        cursor.execute("SELECT 1/0")
except psycopg2.errors.DivisionByZero:
    pass
database.close()

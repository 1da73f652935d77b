"""What the app's database role may do, set anew after every migration.

The owner role migrates; the app role reads and writes rows. Of append-only tables it may only insert and read, and
partitions get no grant of their own: rows are reached through their parent, whose rights decide.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

APPEND_ONLY = ["audit_entry", "interactions_complaintstep", "interactions_messageattempt"]
READ_ONLY = ["django_migrations"]

_GRANTS = """
DO $$
DECLARE
    app text := %(app)s;
    item record;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = app) OR app = current_user THEN
        RETURN;  -- one role for everything: production settings refuse that, a trial may do it
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA public TO %%I', app);
    FOR item IN
        SELECT c.oid::regclass AS name, c.relkind,
               CASE WHEN c.relkind = 'S' THEN 'USAGE'
                    WHEN c.relispartition THEN NULL
                    WHEN c.relname = ANY (%(read_only)s) THEN 'SELECT'
                    WHEN c.relname = ANY (%(append_only)s) THEN 'SELECT, INSERT'
                    ELSE 'SELECT, INSERT, UPDATE, DELETE' END AS rights
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'S') AND pg_get_userbyid(c.relowner) = current_user
    LOOP
        EXECUTE format('REVOKE ALL ON %%s FROM PUBLIC, %%I', item.name, app);
        IF item.rights IS NOT NULL THEN
            EXECUTE format('GRANT %%s ON %%s %%s TO %%I', item.rights,
                           CASE item.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, item.name, app);
        END IF;
    END LOOP;
END $$
"""


def apply(owner: BaseDatabaseWrapper, app_role: str) -> None:
    """Give `app_role` its rights on every table and sequence of the owner. Idempotent; runs as the owner."""
    with owner.cursor() as cursor:
        cursor.execute(_GRANTS, {"app": app_role, "append_only": APPEND_ONLY, "read_only": READ_ONLY})

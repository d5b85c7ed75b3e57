"""What the database itself refuses: changing history, and changing what an installation is."""

from __future__ import annotations

from typing import Any

from django.db import migrations

_SQLITE = (
    (
        "events_stay",
        "CREATE TRIGGER events_stay BEFORE UPDATE ON archive_event BEGIN SELECT RAISE(ABORT, 'history is append-only'); END",
    ),
    (
        "events_are_not_deleted",
        "CREATE TRIGGER events_are_not_deleted BEFORE DELETE ON archive_event BEGIN "
        "SELECT RAISE(ABORT, 'history is append-only'); END",
    ),
    (  # INSERT OR REPLACE would take the old row away without asking the triggers above
        "events_are_not_replaced",
        "CREATE TRIGGER events_are_not_replaced BEFORE INSERT ON archive_event WHEN EXISTS (SELECT 1 FROM archive_event "
        "WHERE id = NEW.id OR (account_id = NEW.account_id AND number = NEW.number)) BEGIN "
        "SELECT RAISE(ABORT, 'history is append-only'); END",
    ),
    (
        "demo_mark_stays",
        "CREATE TRIGGER demo_mark_stays BEFORE UPDATE OF demo ON archive_installation "
        "WHEN OLD.demo IS NOT NEW.demo BEGIN SELECT RAISE(ABORT, 'a demo stays a demo'); END",
    ),
    (
        "installation_is_not_deleted",
        "CREATE TRIGGER installation_is_not_deleted BEFORE DELETE ON archive_installation BEGIN "
        "SELECT RAISE(ABORT, 'an installation is not deleted'); END",
    ),
    (
        "installation_is_not_replaced",
        "CREATE TRIGGER installation_is_not_replaced BEFORE INSERT ON archive_installation "
        "WHEN EXISTS (SELECT 1 FROM archive_installation) BEGIN SELECT RAISE(ABORT, 'a demo stays a demo'); END",
    ),
)
_POSTGRES = """
CREATE FUNCTION locanda_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '%', TG_ARGV[0]; END $$;
CREATE TRIGGER events_stay BEFORE UPDATE OR DELETE ON archive_event
  FOR EACH ROW EXECUTE FUNCTION locanda_refuse('history is append-only');
CREATE TRIGGER demo_mark_stays BEFORE UPDATE ON archive_installation
  FOR EACH ROW WHEN (OLD.demo IS DISTINCT FROM NEW.demo) EXECUTE FUNCTION locanda_refuse('a demo stays a demo');
CREATE TRIGGER installation_is_not_deleted BEFORE DELETE ON archive_installation
  FOR EACH ROW EXECUTE FUNCTION locanda_refuse('an installation is not deleted');
CREATE TRIGGER events_are_not_emptied BEFORE TRUNCATE ON archive_event
  FOR EACH STATEMENT EXECUTE FUNCTION locanda_refuse('history is append-only');
CREATE TRIGGER installation_is_not_emptied BEFORE TRUNCATE ON archive_installation
  FOR EACH STATEMENT EXECUTE FUNCTION locanda_refuse('an installation is not deleted');
"""
_POSTGRES_BACK = """
DROP TRIGGER events_stay ON archive_event;
DROP TRIGGER demo_mark_stays ON archive_installation;
DROP TRIGGER installation_is_not_deleted ON archive_installation;
DROP TRIGGER events_are_not_emptied ON archive_event;
DROP TRIGGER installation_is_not_emptied ON archive_installation;
DROP FUNCTION locanda_refuse();
"""


def put_up(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "sqlite":
        for _, sql in _SQLITE:
            editor.execute(sql)
    else:
        editor.execute(_POSTGRES, params=None)


def take_down(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "sqlite":
        for name, _ in _SQLITE:
            editor.execute(f"DROP TRIGGER {name}")
    else:
        editor.execute(_POSTGRES_BACK, params=None)


class Migration(migrations.Migration):
    dependencies = [("archive", "0001_initial")]
    operations = [migrations.RunPython(put_up, take_down)]

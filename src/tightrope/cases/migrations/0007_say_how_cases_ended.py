from django.db import migrations

SAY = """
UPDATE cases_case SET
  outcome = CASE status WHEN 'merged' THEN 'merged' WHEN 'rejected' THEN 'spam'
    ELSE CASE WHEN is_confirmed THEN 'agreed' WHEN solved_at IS NULL THEN 'unanswered' ELSE 'unopposed' END END,
  end_told = CASE WHEN status <> 'closed' THEN 'untold' WHEN is_confirmed THEN 'himself' ELSE 'letter' END,
  return_call = CASE WHEN status = 'closed' AND type = 'complaint' THEN 'before' ELSE '' END
WHERE status IN ('closed', 'merged', 'rejected') AND outcome = ''
"""


class Migration(migrations.Migration):
    """Cases that ended before an outcome was asked for say what can be told from them."""

    dependencies = [("cases", "0006_calls_and_endings")]

    operations = [migrations.RunSQL(SAY, migrations.RunSQL.noop)]

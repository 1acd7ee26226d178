from django.contrib.postgres.indexes import GinIndex
from django.db import migrations

# New documents wait in a list beside each index, which every search reads from end to end. At the four megabytes that
# PostgreSQL allows, the lists cost a search more than all the rest. Sorting them in costs the act that fills them: the
# shorter, the more often, and the pieces of texts cost more than the words.
SHORT = """
ALTER INDEX search_document_tsv SET (gin_pending_list_limit = 512);
ALTER INDEX search_document_trgm SET (gin_pending_list_limit = 1024);
SELECT gin_clean_pending_list('search_document_tsv'), gin_clean_pending_list('search_document_trgm');
"""
LONG = """
ALTER INDEX search_document_tsv RESET (gin_pending_list_limit);
ALTER INDEX search_document_trgm RESET (gin_pending_list_limit);
"""


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(SHORT, LONG)],
            state_operations=[
                migrations.RemoveIndex("document", "search_document_tsv"),
                migrations.RemoveIndex("document", "search_document_trgm"),
                migrations.AddIndex(
                    "document",
                    GinIndex(fields=["tsv"], name="search_document_tsv", gin_pending_list_limit=512),
                ),
                migrations.AddIndex(
                    "document",
                    GinIndex(
                        fields=["text"], name="search_document_trgm", opclasses=["gin_trgm_ops"],
                        gin_pending_list_limit=1024,
                    ),
                ),
            ],
        )
    ]  # fmt: skip

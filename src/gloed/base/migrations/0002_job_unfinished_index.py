"""The queue's index under a condition that both databases recognise in a query."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("base", "0001_initial")]

    operations = [
        migrations.RemoveIndex(model_name="job", name="job_due"),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                fields=["run_at", "id"],
                condition=models.Q(("finished_at", None)),
                name="job_unfinished",
            ),
        ),
    ]

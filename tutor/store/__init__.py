"""The learner's data in one SQLite file: connection, migrations, tables, backup."""

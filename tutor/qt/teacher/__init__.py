"""The grown-ups' part behind the passphrase: safeguarding, review, learners, tutor, settings, backups."""

"""What teachers do around learners: lessons, questions put to them, review, quality, reports."""

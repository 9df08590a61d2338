"""Human review of answers, two at a time and blind: the sample, the judgements, the agreement."""

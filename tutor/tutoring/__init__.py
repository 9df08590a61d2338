"""What the tutor may say next: maths facts and checks, intent, policy, the brief for the model."""

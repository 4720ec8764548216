"""Free text without a model: what was asked, by rules that grow with the questions, and the reply to it."""

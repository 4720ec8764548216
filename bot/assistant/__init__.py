"""Free text: the rules that read it, the language model's agent over the questions, and the writer of briefs."""

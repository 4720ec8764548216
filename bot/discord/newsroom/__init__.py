"""What moderators do with briefs in Discord: the cards, buttons, forms and lists behind `/newsroom`."""

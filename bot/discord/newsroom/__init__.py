"""The newsroom in Discord: the cards, buttons, forms and lists behind `/newsroom`."""

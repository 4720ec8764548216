"""The colours of pages, charts, cards, mail and Discord, on a light ground and on a dark one.

An accent is a kind of test: private or public. Closed models are grey. A test computes how well they are told apart.
"""

PALETTE = {
    "light": {
        "ground": "#ffffff", "raised": "#f5f7f9", "ink": "#1b1f24", "muted": "#57606a", "rule": "#d8dee4",
        "private": "#00507f", "public": "#b54e00", "closed": "#6b7480",
    },
    "dark": {
        "ground": "#1a1d21", "raised": "#23272c", "ink": "#f0f3f6", "muted": "#a9b1ba", "rule": "#3a4048",
        "private": "#8fd0f7", "public": "#e08a1e", "closed": "#98a1ab",
    },
}  # fmt: skip
EMBED = "#2e8bc8"
"""The stripe of a Discord embed, which stands on either ground."""

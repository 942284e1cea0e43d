"""Authors' questions, compiled: front matter -> checked questions -> the tree that page and functions walk.

`leads.questionnaire` says how the tree is walked and scored; nothing here decides that a second time.
"""

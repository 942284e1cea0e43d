"""Conditions as authors write them: `when:` of a mail, `branches:` and `until:` of a sequence.

`reader.read_condition` compiles text to what `leads.conditions` asks, with the words of a `vocabulary.Vocabulary`.
"""

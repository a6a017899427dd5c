-- Whether a criterion was named after a bad factor is published in steps, too: of each criterion an answer of everyone
-- who answered its factor. Of the ratings that a step holds already these answers are still to come.
INSERT INTO answers_apart (handle, instrument, question, label, published, waits)
WITH named (question, factor) AS (
    VALUES
        ('named_signage', 'access'),
        ('named_seating', 'access'),
        ('named_equipment', 'access'),
        ('named_posted_openly', 'procedures'),
        ('named_papers_as_prescribed', 'procedures'),
        ('named_fees_as_prescribed', 'procedures'),
        ('named_time_limit_as_prescribed', 'procedures'),
        ('named_polite', 'officials'),
        ('named_guided_in_one_go', 'officials'),
        ('named_keeps_to_the_rules', 'officials'),
        ('named_on_the_appointed_day', 'outcomes'),
        ('named_complete_and_correct', 'outcomes'),
        ('named_fair', 'outcomes'),
        ('named_easy_to_complain', 'feedback_handling'),
        ('named_handled_as_prescribed', 'feedback_handling'),
        ('named_told_in_time', 'feedback_handling')
)
SELECT r.handle, r.instrument, n.question,
       r.period || '|' || r.agency || '|' || r.level || '|' || r.procedure || '|' || r.field || '|' || r.outcome
           || '|' || r.timeliness,
       NULL, 1
FROM ratings r CROSS JOIN named n
WHERE NOT EXISTS (SELECT 1 FROM ratings_new w WHERE w.handle = r.handle)
  AND CASE n.factor WHEN 'access' THEN r.access WHEN 'procedures' THEN r.procedures WHEN 'officials' THEN r.officials
          WHEN 'outcomes' THEN r.outcomes ELSE r.feedback_handling END IS NOT NULL;

-- Who has it hard: sales wait, and somebody asks once whether help is needed. The pause says no more than until when,
-- and neither does this. Who wished the pause themselves is left alone.

SELECT
    p.customer_id,
    CAST(p.id AS text) AS cause,
    CAST(:working_day AS date) AS due,
    jsonb_build_object('until', p.until, 'reason', p.reason) AS values
FROM interactions_pause AS p
WHERE p.customer_id BETWEEN :first AND :last
    AND p.since <= :day AND p.until > :day AND p.reason IN ('personal', 'bereavement')

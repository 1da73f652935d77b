-- No conversation for the interval, counted from the last one or from when the customer came. The cause is the last
-- conversation: a new one ends the reminder, and a later silence is a new cause.

SELECT
    t.customer_id,
    coalesce(CAST(t.last AS text), 'never') AS cause,
    CAST(:working_day AS date) AS due,
    jsonb_build_object('last', t.last, 'since', t.since, 'interval', t.interval) AS values
FROM touch AS t
WHERE coalesce(t.last, t.since) + CAST(t.interval AS integer) <= :day

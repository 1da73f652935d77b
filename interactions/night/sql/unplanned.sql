-- Nothing is planned and half of the interval is over, or no conversation was ever recorded of who came nobody knows
-- when. {busy}: the customer has another reminder.

SELECT
    t.customer_id,
    coalesce(CAST(t.last AS text), 'never') AS cause,
    CAST(:working_day AS date) AS due,
    jsonb_build_object('last', t.last, 'since', t.since, 'interval', t.interval) AS values
FROM touch AS t
WHERE (coalesce(t.last, t.since) + CAST(t.interval AS integer) / 2 <= :day
        AND coalesce(t.last, t.since) + CAST(t.interval AS integer) > :day
    OR coalesce(t.last, t.since) IS NULL AND t.interval IS NOT NULL)
    AND NOT {busy}

-- Suddenly frequent large movements: :count or more of at least :least within :days days, none in the :quiet_days
-- before. The cause is the first of them, so that the same series is found once.

SELECT DISTINCT ON (customer_id, cause) customer_id, cause, day, evidence
FROM (
    SELECT d.customer_id, CAST(min(m.booked_on) AS text) AS cause, d.day,
        jsonb_agg(evidence(m) ORDER BY m.booked_on DESC) AS evidence
    FROM days AS d
    JOIN recent AS m ON m.customer_id = d.customer_id AND m.booked_on > d.day - :days AND m.booked_on <= d.day
    WHERE abs(m.base_amount) >= :least AND m.category <> 'salary'
    GROUP BY d.customer_id, d.day
    HAVING count(*) >= :count
) AS series
WHERE NOT EXISTS (
    SELECT FROM customers_transaction AS t
    WHERE t.customer_id = series.customer_id AND abs(t.base_amount) >= :least AND NOT t.own AND t.category <> 'salary'
        AND t.booked_on < CAST(series.cause AS date) AND t.booked_on >= CAST(series.cause AS date) - :quiet_days)
ORDER BY customer_id, cause, day

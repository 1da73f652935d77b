-- Customers of at most 30 days. Due: the seventh day, or the working day after.

SELECT
    c.id AS customer_id,
    'welcome' AS cause,
    greatest(coalesce(off.after, c.since + 7), :working_day) AS due,
    jsonb_build_object('since', c.since) AS values
FROM customers_customer AS c
LEFT JOIN off ON off.day = c.since + 7
WHERE c.id BETWEEN :first AND :last AND c.since BETWEEN :days_ago_30 AND :day

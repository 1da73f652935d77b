-- Wedding anniversaries of whom the day is known: the first, and every fifth. Not of who is said to be divorced or
-- widowed, and not while sales wait.

SELECT
    e.customer_id,
    CAST(y.years AS text) AS cause,
    min(b.due) AS due,
    jsonb_build_object('on', min(b.on_day), 'years', y.years) AS values
FROM customers_lifeevent AS e
JOIN customers_customer AS c ON c.id = e.customer_id AND c.marital_status NOT IN ('divorced', 'widowed')
JOIN unnest(:birthday_months::int[], :birthday_days::int[], :birthdays::date[], :birthday_dues::date[])
    AS b (month, day, on_day, due)
    ON date_part('month', e.on) = b.month AND date_part('day', e.on) = b.day
CROSS JOIN LATERAL (
    SELECT CAST(date_part('year', b.on_day) - date_part('year', e.on) AS integer) AS years
) AS y
WHERE e.customer_id BETWEEN :first AND :last
    AND e.kind = 'marriage' AND e.state = 'confirmed' AND NOT e.planned AND e.precision = 'day'
    AND (y.years = 1 OR y.years > 0 AND y.years % 5 = 0)
    AND NOT EXISTS (SELECT FROM interactions_pause AS p
        WHERE p.customer_id = e.customer_id AND p.since <= :day AND p.until > :day)
GROUP BY e.customer_id, y.years

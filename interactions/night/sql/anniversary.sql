-- Customers since five, ten, fifteen, twenty and so on years, within three days as birthdays are. Not while sales wait:
-- who grieves or complains is not congratulated on being a customer.

SELECT
    c.id AS customer_id,
    CAST(y.years AS text) AS cause,
    b.due,
    jsonb_build_object('on', b.on_day, 'years', y.years) AS values
FROM customers_customer AS c
JOIN unnest(:birthday_months::int[], :birthday_days::int[], :birthdays::date[], :birthday_dues::date[])
    AS b (month, day, on_day, due)
    ON date_part('month', c.since) = b.month AND date_part('day', c.since) = b.day
CROSS JOIN LATERAL (
    SELECT CAST(date_part('year', b.on_day) - date_part('year', c.since) AS integer) AS years
) AS y
WHERE c.id BETWEEN :first AND :last
    AND y.years > 0 AND y.years % 5 = 0
    AND NOT EXISTS (SELECT FROM interactions_pause AS p
        WHERE p.customer_id = c.id AND p.since <= :day AND p.until > :day)
    AND NOT EXISTS (SELECT FROM interactions_complaint AS o WHERE o.customer_id = c.id AND o.state = 'open')

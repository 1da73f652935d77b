-- Money in and out again within :days days: at least :least came in, :share_out of it or more went out after that, and
-- so much does not usually come in to this customer (twice a month's inflow of the 6 months before).

SELECT DISTINCT ON (p.customer_id, p.cause) p.customer_id, p.cause, p.day, (
    SELECT jsonb_agg(evidence(m) ORDER BY m.booked_on DESC, m.base_amount) FROM recent AS m
    WHERE m.customer_id = p.customer_id AND m.booked_on > p.day - :days AND m.booked_on <= p.day) AS evidence
FROM (
    SELECT o.customer_id, CAST(min(m.booked_on) FILTER (WHERE m.base_amount > 0) AS text) AS cause, o.day,
        sum(m.base_amount) FILTER (WHERE m.base_amount > 0) AS inflow
    FROM (
        SELECT DISTINCT customer_id, booked_on AS day FROM recent
        WHERE looked_at AND base_amount < 0 AND customer_id IN (
            SELECT customer_id FROM recent WHERE base_amount > 0 GROUP BY customer_id HAVING sum(base_amount) >= :least)
    ) AS o
    JOIN recent AS m ON m.customer_id = o.customer_id AND m.booked_on > o.day - :days AND m.booked_on <= o.day
    GROUP BY o.customer_id, o.day
    HAVING sum(m.base_amount) FILTER (WHERE m.base_amount > 0) >= :least
        AND -sum(m.base_amount) FILTER (WHERE m.base_amount < 0)
            >= :share_out * sum(m.base_amount) FILTER (WHERE m.base_amount > 0)
) AS p
WHERE p.inflow > 2 * coalesce((
    SELECT sum(s.inflow) / 6 FROM customers_customermonth AS s
    WHERE s.customer_id = p.customer_id AND s.month < date_trunc('month', p.day)
        AND s.month >= date_trunc('month', p.day) - INTERVAL '6 months'), 0)
ORDER BY p.customer_id, p.cause, p.day

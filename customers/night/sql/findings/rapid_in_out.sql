-- Money in and out again within :days days: at least :least came in, :share_out of it or more went out after that, and
-- so much does not usually come in to this customer (twice a month's inflow of the 6 months before).

SELECT DISTINCT ON (customer_id, cause) customer_id, cause, day, evidence
FROM (
    SELECT o.customer_id, CAST(min(m.booked_on) FILTER (WHERE m.base_amount > 0) AS text) AS cause, o.day,
        sum(m.base_amount) FILTER (WHERE m.base_amount > 0) AS inflow,
        jsonb_agg(m.evidence ORDER BY m.booked_on DESC, m.base_amount) AS evidence
    FROM (SELECT DISTINCT customer_id, booked_on AS day FROM recent WHERE looked_at AND base_amount < 0) AS o
    JOIN recent AS m ON m.customer_id = o.customer_id AND m.booked_on > o.day - :days AND m.booked_on <= o.day
    GROUP BY o.customer_id, o.day
    HAVING sum(m.base_amount) FILTER (WHERE m.base_amount > 0) >= :least
        AND -sum(m.base_amount) FILTER (WHERE m.base_amount < 0)
            >= :share_out * sum(m.base_amount) FILTER (WHERE m.base_amount > 0)
) AS passed
WHERE inflow > 2 * coalesce((
    SELECT sum(s.inflow) / 6 FROM customers_customermonth AS s
    WHERE s.customer_id = passed.customer_id AND s.month < date_trunc('month', passed.day)
        AND s.month >= date_trunc('month', passed.day) - INTERVAL '6 months'), 0)
ORDER BY customer_id, cause, day

-- Repeatedly just below a threshold: :count or more cash movements in one direction within :days days, each from
-- :from_share of the cash threshold up to below it, together at or above it. The cause is the first of them.

SELECT DISTINCT ON (customer_id, cause) customer_id, cause, day, evidence
FROM (
    SELECT d.customer_id, concat_ws(':', min(m.booked_on), sign(m.base_amount)) AS cause, d.day,
        jsonb_agg(evidence(m) ORDER BY m.booked_on DESC) AS evidence
    FROM days AS d
    JOIN recent AS m ON m.customer_id = d.customer_id AND m.booked_on > d.day - :days AND m.booked_on <= d.day
    WHERE m.category = 'cash' AND abs(m.base_amount) >= :from_share * :cash AND abs(m.base_amount) < :cash
    GROUP BY d.customer_id, d.day, sign(m.base_amount)
    HAVING count(*) >= :count AND sum(abs(m.base_amount)) >= :cash
) AS series
ORDER BY customer_id, cause, day

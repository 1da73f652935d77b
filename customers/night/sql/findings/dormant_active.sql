-- A dormant customer suddenly active: something of at least :least, after nothing by themselves for :quiet_days.
-- The account must have been there all that time. What is asked of all movements alike (which customers, since when)
-- is said again: it tells the planner which months and which part of them to look at.

SELECT m.customer_id, CAST(m.booked_on AS text) AS cause, m.booked_on AS day,
    jsonb_agg(evidence(m) ORDER BY abs(m.base_amount) DESC) AS evidence
FROM recent AS m
WHERE m.looked_at AND m.channel <> 'bank' AND abs(m.base_amount) >= :least
    AND EXISTS (SELECT FROM customers_account AS a
        WHERE a.customer_id = m.customer_id AND a.customer_id BETWEEN :first AND :last
            AND a.opened_on < m.booked_on - :quiet_days)
    AND NOT EXISTS (SELECT FROM customers_customermonth AS s
        WHERE s.customer_id = m.customer_id AND s.customer_id BETWEEN :first AND :last
            AND s.month > CAST(:since AS date) - :quiet_days - 31 AND s.month < date_trunc('month', m.booked_on)
            AND s.last_active_on >= m.booked_on - :quiet_days)
    AND NOT EXISTS (SELECT FROM customers_transaction AS t
        WHERE t.customer_id = m.customer_id AND t.customer_id BETWEEN :first AND :last AND t.channel <> 'bank'
            AND t.booked_on > CAST(:since AS date) - 31
            AND t.booked_on >= date_trunc('month', m.booked_on) AND t.booked_on < m.booked_on)
GROUP BY m.customer_id, m.booked_on

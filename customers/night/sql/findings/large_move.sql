-- One movement far above the customer's own history: at least :least and :times the mean of the monthly largest
-- movements of the :months months before, the very largest left out; three such months are needed.

SELECT m.customer_id, concat_ws(':', m.booked_on, m.account_id, m.reference) AS cause, m.booked_on AS day,
    jsonb_build_array(evidence(m)) AS evidence
FROM recent AS m
CROSS JOIN LATERAL (
    SELECT count(*) AS known, sum(s.largest) - max(s.largest) AS others
    FROM customers_customermonth AS s
    WHERE s.customer_id = m.customer_id AND s.largest > 0
        AND s.month < date_trunc('month', m.booked_on)
        AND s.month >= date_trunc('month', m.booked_on) - make_interval(months => :months)
) AS before
WHERE m.looked_at AND m.category <> 'salary' AND abs(m.base_amount) >= :least
    AND before.known >= 3 AND abs(m.base_amount) >= :times * before.others / (before.known - 1)

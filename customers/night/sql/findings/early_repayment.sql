-- A repayment of :payments times the monthly payment or more, before the loan matures.

SELECT m.customer_id, CAST(m.booked_on AS text) AS cause, m.booked_on AS day,
    jsonb_agg(evidence(m) ORDER BY m.base_amount) AS evidence
FROM recent AS m
WHERE m.looked_at AND m.category = 'loan' AND m.base_amount < 0
    AND EXISTS (SELECT FROM customers_loan AS l
        WHERE l.customer_id = m.customer_id AND l.started_on <= m.booked_on AND l.matures_on > m.booked_on
            AND -m.base_amount >= :payments * l.payment)
GROUP BY m.customer_id, m.booked_on

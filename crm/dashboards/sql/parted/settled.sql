-- Complaints settled in 90 days, by the calendar days from receipt to the end: their middle is exact.
SELECT c.branch_id, c.owner_id,
       CAST((k.closed_at AT TIME ZONE %(zone)s)::date - (k.received_at AT TIME ZONE %(zone)s)::date AS text) AS key,
       0 AS part, count(*) AS whole
FROM interactions_complaint AS k
JOIN customers_customer AS c ON c.id = k.customer_id
WHERE c.status = 'active' AND k.closed_at >= %(ninety)s AND k.closed_at < %(end)s
GROUP BY c.branch_id, c.owner_id, key

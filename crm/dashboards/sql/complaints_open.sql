-- Complaints past their day / complaints open at the end of the day.
SELECT c.branch_id, c.owner_id, count(*) FILTER (WHERE k.due <= %(day)s) AS part, count(*) AS whole
FROM interactions_complaint AS k
JOIN customers_customer AS c ON c.id = k.customer_id
WHERE c.status = 'active' AND k.received_at < %(end)s AND (k.closed_at IS NULL OR k.closed_at >= %(end)s)
GROUP BY c.branch_id, c.owner_id

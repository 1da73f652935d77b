-- Complaints settled on their day or before / settled in 90 days.
SELECT c.branch_id, c.owner_id,
       count(*) FILTER (WHERE (k.closed_at AT TIME ZONE %(zone)s)::date <= k.due) AS part, count(*) AS whole
FROM interactions_complaint AS k
JOIN customers_customer AS c ON c.id = k.customer_id
WHERE c.status = 'active' AND k.closed_at >= %(ninety)s AND k.closed_at < %(end)s
GROUP BY c.branch_id, c.owner_id

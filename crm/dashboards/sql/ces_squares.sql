-- Sum of the squared efforts / answers, 90 days: what the interval of CES needs.
SELECT c.branch_id, c.owner_id, sum(s.score * s.score) AS part, count(*) AS whole
FROM interactions_survey AS s
JOIN customers_customer AS c ON c.id = s.customer_id
WHERE c.status = 'active' AND s.kind = 'ces' AND s.answered_at >= %(ninety)s AND s.answered_at < %(end)s
GROUP BY c.branch_id, c.owner_id

-- Lost within 90 days, closed accounts among them / stayed or lost in that time, of those who were about to leave.
SELECT c.branch_id, c.owner_id, count(*) FILTER (WHERE e.state = 'lost') AS part, count(*) AS whole
FROM interactions_churnepisode AS e
JOIN customers_customer AS c ON c.id = e.customer_id
WHERE c.status IN ('active', 'closed') AND e.state IN ('rescued', 'lost')
  AND e.ended_on BETWEEN %(ninety_day)s AND %(day)s
GROUP BY c.branch_id, c.owner_id

-- Follow-ups open at the end of the day: those whose day is past / all. Snoozing does not move the day.
SELECT c.branch_id, c.owner_id, count(*) FILTER (WHERE r.due <= %(day)s) AS part, count(*) AS whole
FROM interactions_reminder AS r
JOIN customers_customer AS c ON c.id = r.customer_id
WHERE c.status = 'active' AND NOT r.later AND r.created_at < %(end)s
  AND (r.ended_at IS NULL OR r.ended_at >= %(end)s)
GROUP BY c.branch_id, c.owner_id

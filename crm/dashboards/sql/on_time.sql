-- Follow-ups done on their day or before / due in 30 days. Neither what was dismissed with a reason nor what is beyond
-- a day's cap.
SELECT c.branch_id, c.owner_id,
       count(*) FILTER (WHERE r.state = 'done' AND (r.ended_at AT TIME ZONE %(zone)s)::date <= r.due) AS part,
       count(*) AS whole
FROM interactions_reminder AS r
JOIN customers_customer AS c ON c.id = r.customer_id
WHERE c.status = 'active' AND r.due BETWEEN %(thirty_day)s AND %(day)s AND r.state <> 'dismissed' AND NOT r.later
GROUP BY c.branch_id, c.owner_id

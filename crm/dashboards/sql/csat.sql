-- Answers of 4 or 5 of 5 / answers, 90 days: what customers said of a contact, of how their complaint was closed, or by
-- a survey link.
SELECT c.branch_id, c.owner_id, count(*) FILTER (WHERE said.satisfaction >= 4) AS part, count(*) AS whole
FROM (
    SELECT customer_id, satisfaction FROM interactions_interaction
    WHERE satisfaction IS NOT NULL AND at >= %(ninety)s AND at < %(end)s
    UNION ALL
    SELECT customer_id, satisfaction FROM interactions_complaint
    WHERE satisfaction IS NOT NULL AND closed_at >= %(ninety)s AND closed_at < %(end)s
    UNION ALL
    SELECT customer_id, score FROM interactions_survey
    WHERE kind = 'csat' AND answered_at >= %(ninety)s AND answered_at < %(end)s
) AS said
JOIN customers_customer AS c ON c.id = said.customer_id
WHERE c.status = 'active'
GROUP BY c.branch_id, c.owner_id

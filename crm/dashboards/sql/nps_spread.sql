-- Answers of 9 or 10 and of 0 to 6 / answers to "would you recommend us", 90 days: what the interval of NPS needs.
SELECT c.branch_id, c.owner_id, count(*) FILTER (WHERE s.score >= 9 OR s.score <= 6) AS part, count(*) AS whole
FROM interactions_survey AS s
JOIN customers_customer AS c ON c.id = s.customer_id
WHERE c.status = 'active' AND s.kind = 'nps' AND s.answered_at >= %(ninety)s AND s.answered_at < %(end)s
GROUP BY c.branch_id, c.owner_id

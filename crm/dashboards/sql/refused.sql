-- Suggestions the customer did not want, or that stood on a wrong fact / offered, 90 days; the last answer counts, one taken back does not.
SELECT c.branch_id, c.owner_id, count(*) FILTER (WHERE a.state IN ('refused', 'wrong')) AS part, count(*) AS whole
FROM (
    SELECT DISTINCT ON (suggestion_id) suggestion_id, state FROM recommendations_answer
    WHERE at >= %(ninety)s AND at < %(end)s AND (undone_at IS NULL OR undone_at >= %(end)s)
    ORDER BY suggestion_id, at DESC, id DESC
) AS a
JOIN recommendations_suggestion AS s ON s.id = a.suggestion_id
JOIN customers_customer AS c ON c.id = s.customer_id
WHERE c.status = 'active'
GROUP BY c.branch_id, c.owner_id

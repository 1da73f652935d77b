-- Children born within sixty days of whom the customer told: congratulate, once. Only while the guardian's consent to
-- data of the child stands (PIPL Art. 31); the reminder holds nothing of the child.

SELECT
    e.customer_id,
    CAST(e.id AS text) AS cause,
    CAST(:working_day AS date) AS due,
    CAST('{}' AS jsonb) AS values
FROM customers_lifeevent AS e
CROSS JOIN LATERAL (
    SELECT a.given_at IS NOT NULL AND a.withdrawn_at IS NULL AS agreed
    FROM customers_consent AS a
    WHERE a.customer_id = e.customer_id AND a.purpose = 'child'
    ORDER BY greatest(a.given_at, a.withdrawn_at) DESC, a.id DESC
    LIMIT 1
) AS guardian
WHERE e.customer_id BETWEEN :first AND :last
    AND e.kind = 'birth' AND e.state = 'confirmed' AND NOT e.planned AND e.on BETWEEN :days_ago_60 AND :day
    AND guardian.agreed
